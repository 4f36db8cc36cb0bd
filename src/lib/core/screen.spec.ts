import { expect, test } from 'vitest';
import { CALM, LEAST, MOST, pitch, type, usual } from './screen';

test('type goes with the number of pixels, on a landscape and on a portrait panel, until distance and size are known', () => {
	expect(usual(1920, 1080)).toBe(16);
	expect(usual(7680, 4320)).toBe(64);
	expect(usual(1080, 1920)).toBe(16);
	expect(type({ width: 1280, height: 720 }, CALM)).toEqual({ root: usual(1280, 720), minutes: null, enough: true });
});

test('the smallest capital has at least 16 minutes of arc where the panel and the distance are known', () => {
	for (const [diagonal, distance] of [
		[24, 0.6],
		[55, 2],
		[55, 3],
		[98, 5]
	] as const) {
		const set = type({ width: 1920, height: 1080 }, { diagonal, distance });
		expect(set.enough).toBe(true);
		expect(set.minutes).toBeGreaterThanOrEqual(LEAST - 1e-9);
	}
});

test('a panel of 55 inches at 3 m needs capitals of 14 mm', () => {
	const { root } = type({ width: 1920, height: 1080 }, { diagonal: 55, distance: 3 });
	expect(root * 0.875 * 0.7275 * pitch(1920, 1080, 55)).toBeCloseTo(13.96, 1);
});

test('twice the pixels on the same panel is the same size for the eye', () => {
	const coarse = type({ width: 1920, height: 1080 }, { diagonal: 55, distance: 2.5 });
	const fine = type({ width: 3840, height: 2160 }, { diagonal: 55, distance: 2.5 });
	expect(fine.root).toBeCloseTo(2 * coarse.root, 9);
});

test('near enough, type is as usual and never smaller', () => {
	expect(type({ width: 1920, height: 1080 }, { diagonal: 98, distance: 1 }).root).toBe(16);
});

test('type that would leave no picture is not made, and it is said', () => {
	const far = type({ width: 1920, height: 1080 }, { diagonal: 24, distance: 10 });
	expect(far.root).toBe(16 * MOST);
	expect(far.enough).toBe(false);
	expect(far.minutes).toBeLessThan(LEAST);
});

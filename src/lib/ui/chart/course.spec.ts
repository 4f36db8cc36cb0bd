import { expect, test } from 'vitest';
import { between, press, sentence, snap, ticks, within } from './course';

const T = Date.UTC(2026, 10, 24, 15) / 1000; // 20:00 PKT
const H = 3600;
const bounds = { from: T, to: T + 24 * H };

test('a range is said with its day once, or with both', () => {
	expect(between(T, T + H)).toBe('Tue 24 Nov, 20:00–21:00 PKT');
	expect(between(T, T + 4 * H)).toBe('Tue 24 Nov, 20:00–24:00 PKT');
	expect(between(T, T + 5 * H)).toBe('Tue 24 Nov 20:00 – Wed 25 Nov 01:00 PKT');
});

test('an axis has round times of PKT, and the day at midnight', () => {
	const names = ticks(T, T + 24 * H, 8).map((t) => t.name);
	expect(names).toEqual(['21:00', 'Wed 25 Nov', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00']);
	expect(ticks(T, T + 90 * 24 * H, 8).length).toBeLessThanOrEqual(8);
});

test('a brush is of whole units and stays inside', () => {
	expect(snap(T + 100, T + H + 5, H, bounds)).toEqual({ from: T, to: T + 2 * H });
	expect(snap(T + 2 * H, T - 99 * H, H, bounds)).toEqual({ from: T, to: T + 2 * H });
	expect(snap(T + 24 * H, T + 24 * H, H, bounds)).toEqual({ from: T + 23 * H, to: T + 24 * H });
});

test('arrows move the brush, with shift its end, and neither leaves the chart', () => {
	const one = press('ArrowLeft', false, null, H, bounds)!;
	expect(one).toEqual({ from: T + 23 * H, to: T + 24 * H });
	expect(press('ArrowRight', false, one, H, bounds)).toEqual(one);
	expect(press('ArrowLeft', false, one, H, bounds)).toEqual({ from: T + 22 * H, to: T + 23 * H });
	expect(press('ArrowLeft', true, one, H, bounds)).toEqual(one);
	expect(press('Home', false, one, H, bounds)).toEqual({ from: T, to: T + H });
	expect(press('x', false, one, H, bounds)).toBeNull();
});

test('a course is one sentence', () => {
	expect(
		sentence(
			[
				[T, 2],
				[T + H, 5]
			],
			H,
			T,
			T + 2 * H,
			String
		)
	).toBe('7 observations in Tue 24 Nov, 20:00–22:00 PKT; most in the hour of Tue 24 Nov 21:00, 5.');
	expect(sentence([], H, T, T + H, String)).toBe('Nothing was observed in Tue 24 Nov, 20:00–21:00 PKT.');
	expect(
		within(
			[
				[T, 2],
				[T + H, 5]
			],
			T,
			T + H
		)
	).toBe(2);
});

import { expect, test } from 'vitest';
import { LIMITS, rate } from './rate';

const T = 1_790_000_990; // ten seconds before ten whole minutes

test('alarms are counted by ten minutes over a day, against what a person can take', () => {
	const at = (ago: number, priority: 'high' | 'medium' | 'low' = 'low') => ({ at: T - ago, priority });
	const r = rate(
		[...Array.from({ length: 12 }, () => at(60)), at(1000, 'high'), at(7200, 'medium'), at(7201), at(86_400 * 2)],
		T
	);
	expect(r.tens).toHaveLength(144);
	expect(r.tens.reduce((a, b) => a + b)).toBe(r.day);
	expect(r).toMatchObject({ day: 15, hour: 13, peak: 12, over: { steady: 2, upset: 1 } });
	expect(r.mean).toBeCloseTo(15 / 144);
	expect(r.share.high).toBeCloseTo(1 / 15);
	expect(r.tens.at(-1)).toBe(12);
});

test('a quiet day has no share of anything', () => {
	expect(rate([], T)).toMatchObject({ day: 0, peak: 0, share: { high: 0, medium: 0, low: 0 } });
	expect(LIMITS.share.high + LIMITS.share.medium + LIMITS.share.low).toBeCloseTo(1);
});

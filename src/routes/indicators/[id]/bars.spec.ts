import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '$lib/core/clock';
import { bars } from './bars';

/** Monday 23 November 2026, 00:00 in Pakistan. */
const MONDAY = Date.UTC(2026, 10, 22, 19) / 1000;
const total = (b: { n: number }[]) => b.reduce((sum, { n }) => sum + n, 0);

describe('bars of a timeline', () => {
	it('are hours for three days, with the empty ones between', () => {
		const { unit, bars: b } = bars([
			[MONDAY, 2],
			[MONDAY + 72 * HOUR, 3]
		]);
		expect(unit).toBe(HOUR);
		expect(b).toHaveLength(73);
		expect([b[0], b[1], b[72]]).toEqual([
			{ at: MONDAY, n: 2 },
			{ at: MONDAY + HOUR, n: 0 },
			{ at: MONDAY + 72 * HOUR, n: 3 }
		]);
	});

	it('are days of Pakistan for longer', () => {
		const { unit, bars: b } = bars([
			[MONDAY - HOUR, 1],
			[MONDAY, 2],
			[MONDAY + 23 * HOUR, 3],
			[MONDAY + 24 * HOUR, 4],
			[MONDAY + 30 * DAY, 5]
		]);
		expect(unit).toBe(DAY);
		expect(b.slice(0, 3)).toEqual([
			{ at: MONDAY - DAY, n: 1 },
			{ at: MONDAY, n: 5 },
			{ at: MONDAY + DAY, n: 4 }
		]);
	});

	it('are weeks from Monday for a year, and never more than a screen can tell apart', () => {
		const year = bars([
			[MONDAY + 3 * DAY, 1],
			[MONDAY + 400 * DAY, 1]
		]);
		expect(year.unit).toBe(7 * DAY);
		expect(year.bars[0]!.at).toBe(MONDAY);
		expect(year.bars).toHaveLength(58);
		const long = bars([
			[MONDAY, 1],
			[MONDAY + 20 * 365 * DAY, 1]
		]);
		expect(long.unit).toBe(91 * DAY);
		expect(long.bars.length).toBeLessThan(100);
		expect(total(long.bars)).toBe(2);
	});

	it('are no fewer than a few, and none of nothing', () => {
		expect(bars([[MONDAY, 7]]).bars).toHaveLength(12);
		expect(bars([]).bars).toEqual([]);
	});
});

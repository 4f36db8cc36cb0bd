import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '$lib/core/clock';
import { missing, part, silent, uncovered } from './coverage';

const NOW = Date.UTC(2026, 10, 23, 9) / 1000;
const steady = (perHour: number) => (from: number, to: number) => {
	const mean = (perHour * (to - from)) / HOUR;
	return { mean, variance: mean };
};
/** Eight weeks of hours. */
const weeks = (of: (i: number) => number) => Float64Array.from({ length: 1344 }, (_, i) => of(i));
const gone = (list: Uint8Array) => list.reduce((n, x) => n + x, 0);

describe('what a source covered', () => {
	it('is not where nothing came though more than eight were expected', () => {
		expect(silent({ mean: 8, variance: 8 })).toBe(false);
		expect(silent({ mean: 8.1, variance: 8.1 })).toBe(true);
	});

	it('is more easily believed of a source whose reports come in clumps, but not for ever', () => {
		expect(silent({ mean: 12, variance: 60 })).toBe(false);
		expect(silent({ mean: 40, variance: 4000 })).toBe(true);
	});

	it('ends with its last report, and begins again with the next, also of a backlog', () => {
		const seen = new Set([NOW - 5 * HOUR, NOW - 4 * HOUR - MINUTE, NOW - HOUR].map((t) => t / MINUTE));
		const spans = uncovered((m) => seen.has(m), steady(60), NOW - 5 * HOUR, NOW, undefined);
		expect(spans).toEqual([
			[NOW - 5 * HOUR + MINUTE, NOW - 4 * HOUR - MINUTE],
			[NOW - 4 * HOUR, NOW - HOUR],
			[NOW - HOUR + MINUTE, NOW]
		]);
		for (let m = NOW / MINUTE - 300; m < NOW / MINUTE; m++) seen.add(m);
		expect(uncovered((m) => seen.has(m), steady(60), NOW - 5 * HOUR, NOW, undefined)).toEqual([]);
	});

	it('may have ended long before the days that are looked at', () => {
		const last = NOW - 20 * 24 * HOUR;
		expect(uncovered(() => false, steady(1 / 24), NOW - 48 * HOUR, NOW, last)).toEqual([[last, NOW]]);
		expect(uncovered(() => false, steady(1 / 24), NOW - 48 * HOUR, NOW, NOW - 5 * 24 * HOUR)).toEqual([]);
	});

	it('of a window is a part of what is expected in it', () => {
		expect(part([[NOW, NOW + HOUR]], steady(60), NOW - HOUR, NOW + HOUR)).toBeCloseTo(0.5);
		expect(part([[NOW - HOUR, NOW + HOUR]], steady(60), NOW, NOW + MINUTE)).toBe(0);
		expect(part([], steady(60), NOW, NOW + HOUR)).toBe(1);
		expect(part([[NOW, NOW + HOUR]], steady(60), NOW - HOUR, NOW)).toBe(1);
	});

	it('in the past leaves out what was before its first report, and an outage with the hours beside it', () => {
		expect(gone(missing(weeks((i) => (i < 500 ? 0 : 20))))).toBe(500);
		const outage = missing(weeks((i) => (i >= 700 && i < 730 ? 0 : 20)));
		expect(gone(outage)).toBe(32);
		expect(outage[699]! + outage[730]!).toBe(2);
		expect(gone(missing(weeks((i) => (i >= 1300 ? 0 : 20))))).toBe(45);
	});

	it('in the past includes nights and weekends on which it never reports', () => {
		expect(gone(missing(weeks((i) => (i % 24 < 8 || i % 168 > 120 ? 0 : 30))))).toBeLessThan(24);
	});

	it('in the past includes the silence around a single burst', () => {
		expect(gone(missing(weeks((i) => (i === 900 ? 500 : i % 50 === 0 ? 1 : 0))))).toBeLessThan(3);
	});
});

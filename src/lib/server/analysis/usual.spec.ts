import { describe, expect, it } from 'vitest';
import type { Special } from '$lib/core/calendar';
import { DAY, HOUR } from '$lib/core/clock';
import { deviation, EDGE, range } from '$lib/core/usual';
import { fit, hourOfWeek, rhythm, WEEK } from './usual';

/** A Monday, 00:00 in Pakistan. */
const MONDAY = Date.parse('2026-08-31T00:00:00+05:00') / 1000;

function generator(seed: number) {
	const random = () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	return (mean: number): number => {
		if (mean > 100)
			return Math.round(mean + Math.sqrt(mean * -2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
		let n = 0;
		for (let t = -Math.log(1 - random()); t < mean; t -= Math.log(1 - random())) n++;
		return n;
	};
}

/** Office hours on weekdays; mean about 1. */
const shape = (at: number): number => {
	const hour = hourOfWeek(at);
	const weekend = hour >= 5 * 24;
	return (0.5 + 1.1 * Math.exp(-((((hour % 24) - 12) / 4) ** 2))) * (weekend ? 0.7 : 1.1);
};

function series(rate: number, weeks: number, change: (at: number, hour: number) => number = () => 1, seed = 1) {
	const poisson = generator(seed);
	const counts = new Float64Array(weeks * WEEK);
	for (let i = 0; i < counts.length; i++) {
		const at = MONDAY + i * HOUR;
		counts[i] = poisson(rate * shape(at) * change(at, i));
	}
	return { history: { start: MONDAY, counts }, now: MONDAY + weeks * WEEK * HOUR };
}

const tuesday = 36 * HOUR; // noon of the second day
const hour = (now: number, ahead = tuesday) => [now + ahead, now + ahead + HOUR] as const;

describe('fit', () => {
	it('learns the rhythm of a week, as far as counts are there to show it', () => {
		for (const [rate, error] of [
			[0.2, 0.5],
			[1, 0.3],
			[10, 0.12],
			[100, 0.05],
			[1000, 0.03]
		] as const) {
			const { history, now } = series(rate, 8);
			const usual = fit(history, { now });
			expect(usual.weeks).toBe(8);
			let square = 0;
			for (let h = 0; h < WEEK; h++) {
				const e = usual.expected(now + h * HOUR, now + (h + 1) * HOUR);
				square += (e.mean / (rate * shape(now + h * HOUR)) - 1) ** 2;
				expect(e.variance).toBeGreaterThanOrEqual(e.mean);
			}
			expect(Math.sqrt(square / WEEK)).toBeLessThan(error);
		}
	});

	it('expects what comes in office hours only, though most hours have none', () => {
		const open = (at: number) => hourOfWeek(at) % 24 >= 9 && hourOfWeek(at) % 24 < 17;
		const { history, now } = series(300, 8, (at) => (open(at) ? 1 / shape(at) : 0));
		const usual = fit(history, { now });
		const noon = usual.expected(...hour(now));
		expect(noon.mean).toBeGreaterThan(270);
		expect(noon.mean).toBeLessThan(330);
		expect(Math.abs(deviation(300, noon))).toBeLessThan(2);
	});

	it('finds what follows usual, at any length of window', () => {
		for (const rate of [0.2, 2, 20, 200, 2000]) {
			const whole = series(rate, 14, undefined, 3);
			let tested = 0;
			let out = 0;
			for (let day = 8 * 7; day < 14 * 7; day++) {
				const now = MONDAY + day * DAY;
				const usual = fit({ start: MONDAY, counts: whole.history.counts.slice(0, day * 24) }, { now });
				for (const length of [1, 3, 6, 24])
					for (let h = 0; h + length <= 24; h += length) {
						let n = 0;
						for (let k = 0; k < length; k++) n += whole.history.counts[day * 24 + h + k]!;
						tested++;
						if (Math.abs(deviation(n, usual.expected(now + h * HOUR, now + (h + length) * HOUR))) > EDGE) out++;
					}
			}
			expect(out / tested).toBeLessThan(0.002);
		}
	});

	it('sees five times the usual at once where ten an hour are usual, and twice where a thousand are', () => {
		for (const [rate, times] of [
			[10, 5],
			[100, 2],
			[1000, 2]
		] as const) {
			const { history, now } = series(rate, 8);
			const e = fit(history, { now }).expected(...hour(now));
			expect(deviation(times * rate * shape(now + tuesday), e)).toBeGreaterThan(EDGE);
		}
	});

	it('does not scream at two where 0.2 are usual', () => {
		const { history, now } = series(0.2, 8);
		expect(deviation(2, fit(history, { now }).expected(...hour(now)))).toBeLessThan(2.6);
	});

	it('does not learn a burst of hours or of a day', () => {
		for (const rate of [2, 10, 100, 1000]) {
			const calm = series(rate, 8);
			for (const [from, to] of [
				[7.2 * WEEK, 7.2 * WEEK + 8],
				[8 * WEEK - 24, 8 * WEEK],
				[8 * WEEK - 30, 8 * WEEK - 2]
			] as const) {
				const { history, now } = series(rate, 8, (_, i) => (i >= from && i < to ? 10 : 1));
				const e = fit(history, { now }).expected(...hour(now));
				const before = fit(calm.history, { now }).expected(...hour(now));
				expect(e.mean / before.mean).toBeLessThan(1.25);
				expect(e.mean / before.mean).toBeGreaterThan(0.85);
				expect(deviation(5 * before.mean, e)).toBeGreaterThan(rate > 5 ? EDGE : 2);
			}
		}
	});

	it('does not learn an outage, be it zeros or missing', () => {
		for (const hole of [0, NaN])
			for (const rate of [10, 100, 1000]) {
				const { history, now } = series(rate, 8);
				for (let i = 8 * WEEK - 40; i < 8 * WEEK - 4; i++) history.counts[i] = hole;
				const usual = fit(history, { now });
				for (let h = 0; h < WEEK; h++) {
					const n = Math.round(rate * shape(now + h * HOUR));
					expect(Math.abs(deviation(n, usual.expected(now + h * HOUR, now + (h + 1) * HOUR)))).toBeLessThan(2.5);
				}
			}
	});

	it('follows a lasting change within two weeks, and a slow drift', () => {
		for (const rate of [1, 10, 100, 1000])
			for (const times of [0.4, 2.5]) {
				const { history, now } = series(rate, 8, (_, i) => (i >= 6 * WEEK ? times : 1));
				const e = fit(history, { now }).expected(...hour(now));
				expect(e.mean / (times * rate * shape(now + tuesday))).toBeGreaterThan(0.7);
				expect(e.mean / (times * rate * shape(now + tuesday))).toBeLessThan(1.4);
				const drifting = series(rate, 8, (_, i) => 1 + (i / WEEK) * 0.1);
				const drifted = fit(drifting.history, { now }).expected(...hour(now));
				expect(drifted.mean / (1.8 * rate * shape(now + tuesday))).toBeGreaterThan(0.75);
			}
	});

	it('is unsure while it learns, and sees the blatant', () => {
		for (const days of [1, 2, 5]) {
			const { history } = series(50, 1);
			const usual = fit({ ...history, counts: history.counts.slice(0, days * 24) }, { now: MONDAY + days * DAY });
			expect(usual.weeks).toBeCloseTo(days / 7);
			const at = MONDAY + days * DAY;
			for (let h = 0; h < 24; h++) {
				const e = usual.expected(at + h * HOUR, at + (h + 1) * HOUR);
				expect(Math.abs(deviation(Math.round(50 * shape(at + h * HOUR)), e))).toBeLessThan(2.5);
				expect(deviation(20 * 50 * shape(at + h * HOUR), e)).toBeGreaterThan(EDGE);
			}
		}
	});

	it('takes the rhythm of what a sparse series is part of', () => {
		const nation = series(1000, 8);
		const prior = rhythm(fit(nation.history, { now: nation.now }));
		expect(prior.reduce((a, b) => a + b) / WEEK).toBeCloseTo(1);
		const { history, now } = series(0.05, 8);
		const usual = fit(history, { now, prior });
		const noon = usual.expected(...hour(now)).mean;
		const night = usual.expected(...hour(now, 26 * HOUR)).mean;
		expect(noon / night).toBeGreaterThan(1.8);
	});

	it('takes neither a quiet nor an ordinary holiday for unusual, and learns from none', () => {
		const { history, now } = series(100, 8, (_, i) => (i >= 7 * WEEK && i < 7 * WEEK + 72 ? 0.2 : 1));
		const past: Special = {
			from: MONDAY + 7 * WEEK * HOUR,
			to: MONDAY + (7 * WEEK + 72) * HOUR,
			kind: 'holiday',
			name: 'Eid'
		};
		const next: Special = { from: now, to: now + 2 * DAY, kind: 'holiday', name: 'Eid' };
		const usual = fit(history, { now, calendar: [past, next] });
		const e = usual.expected(...hour(now));
		const ordinary = 100 * shape(now + tuesday);
		expect(Math.abs(deviation(ordinary, e))).toBeLessThan(2);
		expect(Math.abs(deviation(Math.round(0.2 * ordinary), e))).toBeLessThan(2.5);
		expect(deviation(10 * ordinary, e)).toBeGreaterThan(EDGE);
		const after = usual.expected(...hour(now, tuesday + 2 * DAY));
		expect(after.mean / (100 * shape(now + tuesday + 2 * DAY))).toBeGreaterThan(0.9);
	});

	it('gives a period a rhythm of its own, wider in its first days', () => {
		// In Ramadan the day is quiet and the night is not.
		const from = 6.5 * WEEK;
		const turned = (at: number, i: number) => (i < from ? 1 : (2.2 - shape(at)) / shape(at));
		const { history, now } = series(200, 8, turned);
		const period: Special = { from: MONDAY + from * HOUR, to: now + 14 * DAY, kind: 'period', name: 'Ramadan' };
		const fitted = fit(history, { now, calendar: [period] });
		const e = fitted.expected(...hour(now));
		expect(e.mean / (200 * (2.2 - shape(now + tuesday)))).toBeGreaterThan(0.8);
		expect(e.mean / (200 * (2.2 - shape(now + tuesday)))).toBeLessThan(1.3);
		const after = fitted.expected(...hour(now, tuesday + 14 * DAY));
		expect(after.mean / (200 * shape(now + tuesday))).toBeGreaterThan(0.8);
		const first = Math.floor((from + 12) / 24) * 24;
		const early = { start: MONDAY, counts: history.counts.slice(0, first) };
		const at = MONDAY + first * HOUR;
		const [wide, narrow] = [[period], []].map((calendar) => {
			const e = fit(early, { now: at, calendar }).expected(...hour(at));
			return e.variance / e.mean ** 2;
		});
		expect(wide! / narrow!).toBeGreaterThan(2);
	});

	it('joins hours smoothly, and the minutes of an hour make the hour', () => {
		const { history, now } = series(100, 8);
		const usual = fit(history, { now });
		let last = usual.expected(now, now + 60).mean;
		for (let hour = 0; hour < 24; hour++) {
			let sum = 0;
			for (let minute = 0; minute < 60; minute++) {
				const at = now + hour * HOUR + minute * 60;
				const { mean } = usual.expected(at, at + 60);
				expect(mean / last).toBeLessThan(1.08);
				expect(mean / last).toBeGreaterThan(0.92);
				sum += last = mean;
			}
			expect(sum).toBeCloseTo(usual.expected(now + hour * HOUR, now + (hour + 1) * HOUR).mean, 6);
		}
	});

	it('answers for what never happened, what is always missing, and what is not yet there', () => {
		for (const counts of [new Float64Array(8 * WEEK), new Float64Array(8 * WEEK).fill(NaN), new Float64Array(0)]) {
			const e = fit({ start: MONDAY, counts }, { now: MONDAY + 8 * WEEK * HOUR }).expected(MONDAY, MONDAY + HOUR);
			expect(Number.isFinite(e.mean) && e.mean > 0).toBe(true);
			expect(Number.isFinite(e.variance)).toBe(true);
			expect(range(e).low).toBe(0);
		}
		const nothing = fit({ start: MONDAY, counts: new Float64Array(8 * WEEK) }, { now: MONDAY + 8 * WEEK * HOUR });
		expect(deviation(1, nothing.expected(MONDAY, MONDAY + HOUR))).toBeLessThan(EDGE);
		expect(deviation(12, nothing.expected(MONDAY, MONDAY + HOUR))).toBeGreaterThan(EDGE);
	});

	it('gives the same answer to the same question', () => {
		const { history, now } = series(7, 8);
		expect(fit(history, { now }).expected(now, now + HOUR)).toEqual(fit(history, { now }).expected(now, now + HOUR));
	});
});

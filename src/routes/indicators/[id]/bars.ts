import { DAY, floor, HOUR } from '$lib/core/clock';

/** Counts of one length of time: `at` is its start, epoch seconds. */
export type Bar = { at: number; n: number };
export type Bars = { unit: number; bars: Bar[] };

const WEEK = 7 * DAY;
/** Lengths of a bar, and how many bars of it are read at a glance. */
const UNITS = [
	[HOUR, 73],
	[DAY, 120],
	[WEEK, 160],
	[13 * WEEK, Infinity]
] as const;
/** Fewer would be drawn as walls. */
const LEAST = 12;
/** Days begin at midnight in Pakistan (UTC+5), weeks on Monday; the epoch was a Thursday. */
const SHIFT = 4 * DAY - 5 * HOUR;

/**
 * Counts by hour (its start in epoch seconds, the earliest first) as bars without a gap, by the hour for three days, by
 * the day for four months, by the week for three years, else by the quarter of 13 weeks.
 */
export function bars(hours: [at: number, n: number][]): Bars {
	if (!hours.length) return { unit: HOUR, bars: [] };
	const first = hours[0]![0];
	const last = hours.at(-1)![0];
	const begin = (at: number, unit: number) => (unit === HOUR ? floor(at, HOUR) : floor(at - SHIFT, unit) + SHIFT);
	const length = (unit: number) => (begin(last, unit) - begin(first, unit)) / unit + 1;
	const unit = UNITS.find(([u, most]) => length(u) <= most)![0];
	const sums = new Map<number, number>();
	for (const [at, n] of hours) sums.set(begin(at, unit), (sums.get(begin(at, unit)) ?? 0) + n);
	const from = begin(first, unit);
	return {
		unit,
		bars: Array.from({ length: Math.max(LEAST, length(unit)) }, (_, i) => ({
			at: from + i * unit,
			n: sums.get(from + i * unit) ?? 0
		}))
	};
}

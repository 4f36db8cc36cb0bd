import { day, DAY, floor, HOUR, pkt } from '$lib/core/clock';

/** PKT is whole hours from UTC, and has no daylight saving. */
const PKT = 5 * HOUR;

/** Counts by unit of time as bars: `[start, count]`, in order, without those that are nothing. Times are epoch seconds. */
export type Course = [at: number, count: number][];

/** How long a unit is, in words. */
export const per = (unit: number): string => (unit >= DAY ? 'day' : unit >= HOUR ? 'hour' : 'minute');

const STEPS = [
	60,
	300,
	600,
	1800,
	HOUR,
	2 * HOUR,
	3 * HOUR,
	6 * HOUR,
	12 * HOUR,
	DAY,
	2 * DAY,
	7 * DAY,
	14 * DAY,
	28 * DAY
];

/** Moments for an axis, at round times of PKT, `most` at the most; each with its words. */
export function ticks(from: number, to: number, most: number): { at: number; name: string }[] {
	const step = STEPS.find((s) => (to - from) / s <= most) ?? Math.ceil((to - from) / most / DAY) * DAY;
	const out = [];
	for (let at = Math.ceil((from + PKT) / step) * step - PKT; at < to; at += step)
		out.push({ at, name: step >= DAY || (at + PKT) % DAY === 0 ? day(at) : pkt(at) });
	return out;
}

/** A range in words: `Tue 24 Nov, 20:00–21:00 PKT`, or with both days. */
export function between(from: number, to: number): string {
	const same = day(from) === day(to - 1);
	const end = same ? (day(to) === day(from) ? pkt(to) : '24:00') : `${day(to)} ${pkt(to)}`;
	return same ? `${day(from)}, ${pkt(from)}–${end} PKT` : `${day(from)} ${pkt(from)} – ${end} PKT`;
}

/** How many of a course lie in a range. */
export const within = (course: Course, from: number, to: number): number =>
	course.reduce((sum, [at, n]) => (at >= from && at < to ? sum + n : sum), 0);

export type Brush = { from: number; to: number };

/** What lies between two moments, in whole units inside `bounds`; at least one. */
export function snap(a: number, b: number, unit: number, bounds: Brush): Brush {
	const low = Math.min(floor(Math.min(a, b), unit), floor(bounds.to - 1, unit));
	const high = Math.max(Math.ceil(Math.max(a, b) / unit) * unit, low + unit);
	return { from: Math.max(bounds.from, low), to: Math.min(bounds.to, high) };
}

/**
 * What a key makes of a brush: arrows move it by a unit, with shift they move its end, Home and End take it to the ends.
 * Null: the key means nothing here. Without a brush, one appears at the end.
 */
export function press(key: string, shift: boolean, brush: Brush | null, unit: number, bounds: Brush): Brush | null {
	const step =
		key === 'ArrowLeft'
			? -unit
			: key === 'ArrowRight'
				? unit
				: key === 'PageUp'
					? -10 * unit
					: key === 'PageDown'
						? 10 * unit
						: 0;
	if (!step && key !== 'Home' && key !== 'End') return null;
	if (!brush) return snap(bounds.to - unit, bounds.to, unit, bounds);
	const size = brush.to - brush.from;
	if (key === 'Home') return { from: bounds.from, to: Math.min(bounds.to, bounds.from + size) };
	if (key === 'End') return { from: Math.max(bounds.from, bounds.to - size), to: bounds.to };
	if (shift) return { from: brush.from, to: Math.min(bounds.to, Math.max(brush.from + unit, brush.to + step)) };
	const from = Math.max(bounds.from, Math.min(bounds.to - size, brush.from + step));
	return { from, to: from + size };
}

/** One sentence on a course: how many, when most. */
export function sentence(course: Course, unit: number, from: number, to: number, count: (n: number) => string): string {
	const all = within(course, from, to);
	if (!all) return `Nothing was observed in ${between(from, to)}.`;
	const [at, n] = course.reduce((top, bar) => (bar[1] > top[1] ? bar : top));
	return `${count(all)} ${all === 1 ? 'observation' : 'observations'} in ${between(from, to)}; most in the ${per(unit)} of ${day(at)}${unit < DAY ? ` ${pkt(at)}` : ''}, ${count(n)}.`;
}

import type { Series } from './learn';
import { median, sort } from './median';

/** What is expected of a series that counts nothing: of each slot a value, and how far values lie from it. */
export type Measure = { level: number; rhythm: Float64Array; scale: Float64Array };

/** Days from which the level is taken; a lasting change is followed after about half of them. */
const RECENT = 3;
/** A normal's σ over the median of its absolute errors. */
const NORMAL = 1.4826;
/** σ beyond which an error is no witness of the usual. */
const FAR = 8;

/**
 * Learns a series of measurements by medians: the level of the last days, the rhythm of the day (and of the week,
 * once three have been seen) around running levels, and the median of absolute errors, widened where tails are heavy.
 *
 * @param least what σ is at the least: what is written in whole numbers is known no better
 */
export function measure({ counts: values, slot, slots, perDay }: Series, least = 0): Measure | null {
	const n = values.length;
	const span = Math.max(perDay > 1 ? perDay : 7, 5);
	const present: number[] = [];
	for (let i = 0; i < n; i++) if (!Number.isNaN(values[i]!)) present.push(i);
	if (!present.length) return null;
	const base = running(values, span);
	const group = (i: number) => (slot + i) % slots;
	let rhythm = new Float64Array(slots);
	if (perDay > 1 && present.length >= 2 * perDay) {
		rhythm = medians(values, base, rhythm, (i) => group(i) % perDay, perDay, slots);
	}
	if (slots > 1 && present.length >= 3 * slots) {
		rhythm = medians(values, base, rhythm, group, slots, slots);
	}
	const recent: number[] = [];
	const keep = perDay > 1 ? RECENT * perDay : 14;
	for (let k = present.length - 1; k >= 0 && recent.length < keep; k--)
		recent.push(values[present[k]!]! - rhythm[group(present[k]!)]!);
	const level = median(recent);
	// Errors as they were ahead of time: against the level of the days before, not of the days around.
	const errors: number[] = [];
	const before = trailing(values, rhythm, group, keep, Math.max(1, Math.floor(perDay / 4)));
	const byHour: number[][] = Array.from({ length: 24 }, () => []);
	for (const i of present) {
		if (Number.isNaN(before[i]!)) continue;
		const e = Math.abs(values[i]! - before[i]! - rhythm[group(i)]!);
		errors.push(e);
		if (perDay > 1) byHour[Math.floor(((group(i) % perDay) * 24) / perDay)]!.push(e);
	}
	const floor = Math.max(least, 1e-9 + 1e-6 * Math.abs(level));
	// Few errors say little: until a day is seen, values may differ as much as they did so far, and some more.
	const young = 1 + 6 / Math.max(errors.length, 1);
	const strangers = recent.map((v) => Math.abs(v - level));
	const early = errors.length < perDay ? wide(strangers) + (0.5 * Math.abs(level)) / present.length : 0;
	const all = Math.max(wide(errors), floor, early);
	const scale = new Float64Array(slots).fill(all * young);
	if (perDay > 1 && errors.length >= 4 * perDay) {
		const near = byHour.map((own, h) => [...byHour[(h + 23) % 24]!, ...own, ...byHour[(h + 1) % 24]!]);
		// The middle alone: what happened on one day at this hour is no witness. Tails are those of the whole.
		const tail = all / Math.max(median(errors) * NORMAL, floor);
		const own = near.map((e) => (e.length < 12 ? 0 : median(e) * NORMAL * tail));
		for (let s = 0; s < slots; s++) {
			const hour = own[Math.floor(((s % perDay) * 24) / perDay)]!;
			if (hour > 0) scale[s] = Math.sqrt((hour * hour + all * all) / 2) * young;
		}
	}
	return { level, rhythm, scale };
}

/**
 * σ by the middle of the errors, and by their tail where that is heavier than a normal's. What is very far out is
 * left out as long as it is rare.
 */
function wide(errors: number[]): number {
	if (!errors.length) return 0;
	sort(errors);
	const middle = errors[errors.length >> 1]! * NORMAL;
	let n = errors.length;
	while (n > 0.95 * errors.length && errors[n - 1]! > FAR * middle) n--;
	if (n <= 0.95 * errors.length) n = errors.length;
	const at = (q: number) => errors[Math.min(n - 1, Math.floor(q * n))]!;
	return Math.max(middle, at(0.9) / 1.645, at(0.98) / 2.33);
}

/** The median around each sample. */
function running(values: Float64Array, span: number): Float64Array {
	const n = values.length;
	const out = new Float64Array(n);
	const hop = Math.max(1, span >> 2);
	for (let i = 0; i < n; i += hop) {
		const near: number[] = [];
		for (let k = Math.max(0, i - span); k < Math.min(n, i + span + 1); k++)
			if (!Number.isNaN(values[k]!)) near.push(values[k]!);
		out.fill(median(near), i, Math.min(n, i + hop));
	}
	return out;
}

/** The median of the samples before each, without their rhythm. */
function trailing(values: Float64Array, rhythm: Float64Array, group: (i: number) => number, keep: number, hop: number) {
	const n = values.length;
	const out = new Float64Array(n).fill(NaN);
	for (let i = hop; i < n; i += hop) {
		const past: number[] = [];
		for (let k = Math.max(0, i - keep); k < i; k++)
			if (!Number.isNaN(values[k]!)) past.push(values[k]! - rhythm[group(k)]!);
		if (past.length) out.fill(median(past), i, Math.min(n, i + hop));
	}
	return out;
}

/** What groups of slots lie above or below the level around them, drawn to 0 where they say little. */
function medians(
	values: Float64Array,
	base: Float64Array,
	start: Float64Array,
	group: (i: number) => number,
	groups: number,
	slots: number
) {
	const own: number[][] = Array.from({ length: groups }, () => []);
	const rest: number[] = [];
	for (let i = 0; i < values.length; i++) {
		const e = values[i]! - base[i]!;
		if (Number.isNaN(e)) continue;
		own[group(i)]!.push(e);
	}
	const middle = own.map(median);
	for (let i = 0; i < values.length; i++) {
		const e = values[i]! - base[i]!;
		if (!Number.isNaN(e)) rest.push(Math.abs(e - middle[group(i)]!));
	}
	const noise = (median(rest) * NORMAL) ** 2;
	let between = 0;
	let said = 0;
	for (let g = 0; g < groups; g++)
		if (own[g]!.length) {
			between += middle[g]! ** 2 - (1.57 * noise) / own[g]!.length;
			said++;
		}
	between = Math.max(between / Math.max(said, 1), 0);
	const out = new Float64Array(slots);
	for (let s = 0; s < slots; s++) {
		const g = s % groups;
		const count = own[g]!.length;
		const belief = between > 0 && count ? between / (between + (1.57 * noise) / count) : 0;
		out[s] = count ? start[s]! + belief * (middle[g]! - start[s]!) : start[s]!;
	}
	return out;
}

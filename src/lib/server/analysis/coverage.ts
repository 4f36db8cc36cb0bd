import { HOUR, MINUTE } from '$lib/core/clock';
import type { Expected } from '$lib/core/usual';

/**
 * Which time a source covers, judged by when things were observed: where nothing at all came though much was expected,
 * it was not looking, or has not delivered yet. What it did not cover is neither expected of it nor learned from.
 */

/** Reports that must have been expected: that none of 8 comes has a chance of 0.03 %, if they come one by one. */
export const SILENCE = 8;
/** Where reports come in clumps (more variance than mean) a pause means less; but never more than this is waited for. */
const CERTAIN = 5 * SILENCE;
const WEEK = 168;

/** [from, to), epoch seconds. */
export type Span = [from: number, to: number];

/** Whether that nothing came is silence: by the chance of zero under a negative binomial. */
export function silent({ mean, variance }: Expected): boolean {
	if (mean <= SILENCE) return false;
	if (mean >= CERTAIN) return true;
	const more = variance - mean;
	// −log P(0) is the mean where the variance is, and less where it is larger.
	return more < 1e-9 * mean || ((mean * mean) / more) * Math.log(variance / mean) > SILENCE;
}

/**
 * The hours of a history (all of a source's reports by the hour) that it did not cover: 1 for each. Before its first
 * report it was not there. Beside a silence the hours are covered in part only, so they go with it. Before there is a
 * usual, `expected` is a rough one from the counts themselves.
 */
export function missing(counts: Float64Array, expected?: (hour: number, hours: number) => Expected): Uint8Array {
	let out: Uint8Array = new Uint8Array(counts.length);
	if (expected) return mark(counts, expected);
	for (let pass = 0; pass < 2; pass++) {
		const week = rough(counts, out);
		out = mark(counts, (from, hours) => {
			let mean = 0;
			for (let i = from; i < from + hours; i++) mean += week[i % WEEK]!;
			return { mean, variance: mean };
		});
	}
	return out;
}

function mark(counts: Float64Array, expected: (hour: number, hours: number) => Expected): Uint8Array {
	const out = new Uint8Array(counts.length);
	let first = 0;
	while (first < counts.length && !(counts[first]! > 0)) first++;
	out.fill(1, 0, first);
	for (let i = first; i < counts.length; i++) {
		if (counts[i]! > 0) continue;
		let end = i;
		while (end < counts.length && !(counts[end]! > 0)) end++;
		if (silent(expected(i, end - i))) out.fill(1, i - 1, Math.min(counts.length, end + 1));
		i = end;
	}
	return out;
}

/** The mean of each hour of the week as far as it was covered, without its highest, so that a burst does not count. */
function rough(counts: Float64Array, missing: Uint8Array): Float64Array {
	const sum = new Float64Array(WEEK);
	const most = new Float64Array(WEEK);
	const weeks = new Float64Array(WEEK);
	for (let i = 0; i < counts.length; i++) {
		if (missing[i]) continue;
		const h = i % WEEK;
		sum[h]! += counts[i]!;
		weeks[h]!++;
		if (counts[i]! > most[h]!) most[h] = counts[i]!;
	}
	for (let h = 0; h < WEEK; h++)
		if (weeks[h]! > 2) sum[h] = (sum[h]! - most[h]!) / (weeks[h]! - 1);
		else if (weeks[h]!) sum[h]! /= weeks[h]!;
	return sum;
}

/**
 * The spans of [from, to) that a source did not cover. `last` is when the last report before `from` was observed;
 * undefined: there is none. A pause of less than `short` minutes is never one.
 */
export function uncovered(
	has: (minute: number) => boolean,
	expected: (from: number, to: number) => Expected,
	from: number,
	to: number,
	last: number | undefined,
	short = 0
): Span[] {
	const out: Span[] = [];
	const end = Math.floor(to / MINUTE);
	let start = Math.floor((last ?? from) / MINUTE);
	for (let m = Math.floor(from / MINUTE); m <= end; m++) {
		if (m < end && !has(m)) continue;
		// Short pauses are by far the most: only what could be silence is asked for.
		if (m - start > short && silent(expected(start * MINUTE, m * MINUTE))) out.push([start * MINUTE, m * MINUTE]);
		start = m + 1;
	}
	return out;
}

/** The part of what is expected of a source in [from, to) that it covered: 0 to 1. */
export function part(
	spans: readonly Span[],
	expected: (from: number, to: number) => Expected,
	from: number,
	to: number
): number {
	let lost = 0;
	for (const [a, b] of spans) {
		if (b <= from || a >= to) continue;
		if (a <= from && b >= to) return 0;
		lost += expected(Math.max(a, from), Math.min(b, to)).mean;
	}
	if (!lost) return 1;
	const all = expected(from, to).mean;
	return all > 0 ? Math.max(0, 1 - lost / all) : 0;
}

/** The hours of [from, to), whole or not. */
export function* hours(from: number, to: number): Generator<Span> {
	for (let a = from; a < to;) {
		const b = Math.min(to, (Math.floor(a / HOUR) + 1) * HOUR);
		yield [a, b];
		a = b;
	}
}

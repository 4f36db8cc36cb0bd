import { deviation, EDGE, type Expected } from '$lib/core/usual';
import { hours } from './coverage';
import type { Source } from './judge/source';
import type { Catalogue } from './series';

/** Clearances: the ranks of the TLP labels. */
export const RANKS = 5;

/** Of a window, by the id of each series: what one clearance sees counted, and what is expected there. */
export type Columns = {
	/** counted by sources that are not learning */
	n: Float64Array;
	/** expected of them as far as they covered the window */
	mean: Float64Array;
	variance: Float64Array;
	/** expected of them if they had covered all of it */
	whole: Float64Array;
	spread: Float64Array;
	/** 1 where a source that is learning counts */
	learning: Uint8Array;
};
/** A window, epoch seconds of whole minutes, by rank; ranks that see the same have the same columns. */
export type Window = { from: number; to: number; ranks: Columns[] };

/** Counts and expectations of [from, to); expectations only of the series that are `kept`. */
export function read(
	sources: Iterable<Source>,
	catalogue: Catalogue,
	from: number,
	to: number,
	kept: (series: number) => boolean
): Window {
	const size = catalogue.all.length;
	const ranks = Array.from({ length: RANKS }, () => columns(size));
	const seen = new Array<boolean>(RANKS).fill(false);
	for (const source of sources) {
		for (const { series, tlp, recent } of source.cells.values()) {
			const n = recent.sum(from / 60, to / 60);
			seen[tlp] = true;
			if (!n && !source.learning) continue;
			const columns = ranks[tlp]!;
			for (const id of series.wholes)
				if (source.learning) columns.learning[id] = 1;
				else columns.n[id]! += n;
		}
		expect(source, ranks, from, to, kept);
	}
	for (let r = 1; r < RANKS; r++) {
		if (!seen[r]) {
			ranks[r] = ranks[r - 1]!;
			continue;
		}
		const { n, learning } = ranks[r]!;
		const below = ranks[r - 1]!;
		for (let id = 0; id < size; id++) {
			n[id]! += below.n[id]!;
			learning[id]! |= below.learning[id]!;
		}
	}
	return { from, to, ranks };
}

function expect(source: Source, ranks: Columns[], from: number, to: number, kept: (series: number) => boolean): void {
	const covered = source.covers(from, to);
	// Of a window that is covered in part, what is usual for its hours counts by the hour.
	const parts =
		covered > 0 && covered < 1
			? [...hours(from, to)].map(([a, b]) => ({ a, b, part: source.covers(a, b) })).filter((p) => p.part > 0)
			: [];
	for (const { series, rank, until, usual } of source.lines) {
		if (!kept(series)) continue;
		const whole = usual.expected(from, to);
		let mean = 0;
		let variance = 0;
		if (covered === 1) ({ mean, variance } = whole);
		else if (parts.length === 1) {
			mean = whole.mean * covered;
			variance = whole.variance * covered;
		} else
			for (const { a, b, part } of parts) {
				const e = usual.expected(a, b);
				mean += e.mean * part;
				variance += e.variance * part;
			}
		for (let r = rank; r < RANKS && r < until; r++) {
			const c = ranks[r]!;
			c.mean[series]! += mean;
			c.variance[series]! += variance;
			c.whole[series]! += whole.mean;
			c.spread[series]! += whole.variance;
		}
	}
}

const columns = (size: number): Columns => ({
	n: new Float64Array(size),
	mean: new Float64Array(size),
	variance: new Float64Array(size),
	whole: new Float64Array(size),
	spread: new Float64Array(size),
	learning: new Uint8Array(size)
});

/** What a known source that never saw a cell is taken to see there, an hour; and how wide: 2 are nothing, 30 are not. */
const NEVER = 0.02;
const WIDE = 3;

/** An expectation that is never nothing: what was never seen may yet be seen once. */
function atLeast(mean: number, variance: number, seconds: number): Expected {
	const least = (NEVER * seconds) / 3600;
	return { mean: Math.max(mean, least), variance: Math.max(variance, WIDE * least) };
}

/** What is expected of a series in a window of so many seconds, as far as it can be said. */
export function weigh(c: Columns, id: number, seconds: number) {
	const n = c.n[id]!;
	const whole = c.whole[id]!;
	const all = atLeast(whole, c.spread[id]!, seconds);
	// Most of what usually reports is silent. What the others report counts as unusual only if it is for all of them.
	if (c.mean[id]! < whole / 2)
		return { ...all, state: deviation(n, all) > EDGE ? ('judged' as const) : ('no-data' as const) };
	return { ...atLeast(c.mean[id]!, c.variance[id]!, seconds), state: 'judged' as const };
}

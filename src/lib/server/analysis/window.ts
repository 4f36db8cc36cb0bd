import { floor, HOUR } from '$lib/core/clock';
import type { State } from '$lib/core/judgement';
import { deviation, EDGE, type Expected } from '$lib/core/usual';
import { hours } from './coverage';
import type { Line, Source } from './judge/source';
import type { Catalogue } from './series';
import type { Usual } from './usual';

/** Clearances: the ranks of the TLP labels. */
export const RANKS = 5;

/** What is known as usual, by the id of the series. */
export type Lines = readonly (readonly { source: Source; line: Line }[] | undefined)[];

/** What was expected of a series, and whether it can be said; of `no-data` it is what would be usual. */
export type Weighed = Expected & { state: State };

/** What a known source that never saw a cell is taken to see there, an hour; and how wide: 2 are nothing, 30 are not. */
const NEVER = 0.02;
const WIDE = 3;
/** So many times what it covered must a source have reported for its reports to be a clump. */
const CLUMP = 2;

/**
 * Counts of [from, to), whole minutes in epoch seconds, by clearance and series, and what was expected of them: for each
 * source that is not learning, its usual as far as it covered the window.
 */
export class Window {
	/** by rank and the id of the series: counted by sources that are not learning; ranks that see the same share one column */
	readonly n: Float64Array[];
	/** by rank and series: 1 where a source that is learning counts */
	readonly learning: Uint8Array[];
	readonly #lines: Lines;
	readonly #known: (Weighed | undefined)[][];
	/** all that each source reported */
	readonly #counted = new Map<Source, number>();
	readonly #parts = new Map<Usual, Part>();
	readonly #covered = new Map<Source, Covered>();

	constructor(
		sources: Iterable<Source>,
		catalogue: Catalogue,
		lines: Lines,
		readonly from: number,
		readonly to: number
	) {
		const size = catalogue.all.length;
		this.#lines = lines;
		this.n = Array.from({ length: RANKS }, () => new Float64Array(size));
		this.learning = this.n.map(() => new Uint8Array(size));
		this.#known = this.n.map(() => []);
		const seen = new Uint8Array(RANKS);
		for (const source of sources) {
			let all = 0;
			for (const { series, tlp, recent } of source.cells) {
				seen[tlp] = 1;
				if (source.learning) for (const id of series.wholes) this.learning[tlp]![id] = 1;
				else {
					const n = recent.sum(from / 60, to / 60);
					all += n;
					if (n) for (const id of series.wholes) this.n[tlp]![id]! += n;
				}
			}
			this.#counted.set(source, all);
		}
		for (let r = 1; r < RANKS; r++) {
			if (!seen[r]) {
				this.n[r] = this.n[r - 1]!;
				this.learning[r] = this.learning[r - 1]!;
				this.#known[r] = this.#known[r - 1]!;
			} else
				for (let id = 0; id < size; id++) {
					this.n[r]![id]! += this.n[r - 1]![id]!;
					this.learning[r]![id]! |= this.learning[r - 1]![id]!;
				}
		}
	}

	get seconds(): number {
		return this.to - this.from;
	}

	/** The lowest rank of each group that sees the same. */
	get ranks(): number[] {
		return this.n.flatMap((n, rank) => (rank && n === this.n[rank - 1] ? [] : rank));
	}

	/** Whether anything is expected of a series, covered or not. */
	knows(rank: number, id: number): boolean {
		return this.#lines[id]?.some(({ line }) => line.rank <= rank && rank < line.until) ?? false;
	}

	/** What was expected of a series, as far as it can be said. */
	expected(rank: number, id: number): Weighed {
		return (this.#known[rank]![id] ??= this.#weigh(rank, id));
	}

	#weigh(rank: number, id: number): Weighed {
		let mean = 0;
		let variance = 0;
		let whole = 0;
		let spread = 0;
		for (const { source, line } of this.#lines[id] ?? []) {
			if (rank < line.rank || rank >= line.until) continue;
			const e = this.#expect(source, line.usual);
			mean += e.mean;
			variance += e.variance;
			whole += e.whole;
			spread += e.spread;
		}
		if (mean >= whole / 2) return { ...this.#least(mean, variance), state: 'judged' };
		// Most of what usually reports is silent. What the others report is unusual only if it were for all of them.
		const all = this.#least(whole, spread);
		return { ...all, state: deviation(this.n[rank]![id]!, all) > EDGE ? 'judged' : 'no-data' };
	}

	/** What is expected by one usual, as far as its source covered the window, and in all; several series may share it. */
	#expect(source: Source, usual: Usual): Part {
		let part = this.#parts.get(usual);
		if (part) return part;
		const all = usual.expected(this.from, this.to);
		const { share, hours, whole } = this.#cover(source);
		const covered = whole ? usual.expected(...whole) : all;
		part = { mean: share * covered.mean, variance: share * covered.variance, whole: all.mean, spread: all.variance };
		if (hours) {
			part.mean = part.variance = 0;
			for (const [a, b, share] of hours) {
				const e = usual.expected(a, b);
				part.mean += share * e.mean;
				part.variance += share * e.variance;
			}
		}
		this.#parts.set(usual, part);
		return part;
	}

	/** An expectation that is never nothing: what was never seen may yet be seen once. */
	#least(mean: number, variance: number): Expected {
		const least = (NEVER * this.seconds) / 3600;
		return { mean: Math.max(mean, least), variance: Math.max(variance, WIDE * least) };
	}

	#cover(source: Source): Covered {
		let known = this.#covered.get(source);
		if (!known) {
			const share = source.covers(this.from, this.to);
			known = share < 1 ? this.#told(source, share) : { share };
			// Of a longer window that is covered in part, what is usual for its hours counts by the hour.
			if (!known.whole && share > 0 && share < 1 && this.seconds > HOUR)
				known.hours = [...hours(this.from, this.to)].map(([a, b]) => [a, b, source.covers(a, b)] as const);
			this.#covered.set(source, known);
		}
		return known;
	}

	/**
	 * Whoever reports much in few minutes and then nothing (a scan with one time for all of it) covered what it reported,
	 * at a time of its hours that is not known: those count whole, as far as it has told that much.
	 */
	#told(source: Source, share: number): Covered {
		const from = floor(this.from, HOUR);
		const to = floor(this.to + HOUR - 1, HOUR);
		const n = this.#counted.get(source)!;
		const part = source.expected(this.from, this.to)?.mean ?? 0;
		const whole = source.expected(from, to)?.mean ?? 0;
		return n > CLUMP * share * part && n > 0 ? { share: Math.min(1, n / whole), whole: [from, to] } : { share };
	}
}

type Part = { mean: number; variance: number; whole: number; spread: number };
type Covered = {
	share: number;
	/** the same by the hour */
	hours?: (readonly [from: number, to: number, share: number])[];
	/** the whole hours that count instead of the window */
	whole?: [from: number, to: number];
};

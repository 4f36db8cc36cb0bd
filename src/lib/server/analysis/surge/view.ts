import { deviation, type Expected } from '$lib/core/usual';
import type { Catalogue, Series } from '../series';
import { weigh, type Columns } from '../window';

/** Expected in the window at the least for a count of five minutes to mean anything. */
const FEW = 3;

/** What makes a count a surge. */
export type Test = { sigma: number; count: number; ratio: number };

/** One window as one clearance sees it, from which what is explained can be taken away. */
export class View {
	/** counts without what has been explained */
	readonly left: Float64Array;
	readonly #expected: (Expected & { judged: boolean })[];

	constructor(
		readonly columns: Columns,
		readonly from: number,
		readonly to: number,
		expected: (Expected & { judged: boolean })[] = []
	) {
		this.left = columns.n.slice();
		this.#expected = expected;
	}

	/** The same from the beginning. */
	fresh(): View {
		return new View(this.columns, this.from, this.to, this.#expected);
	}

	get seconds(): number {
		return this.to - this.from;
	}

	expected(id: number): Expected & { judged: boolean } {
		let e = this.#expected[id];
		if (!e) {
			const { mean, variance, state } = weigh(this.columns, id, this.seconds);
			this.#expected[id] = e = { mean, variance, judged: state === 'judged' };
		}
		return e;
	}

	excess(id: number): number {
		return Math.max(0, this.left[id]! - this.expected(id).mean);
	}

	/** Deviation of what is left of a series, without some of it. */
	sigma(id: number, without = 0): number {
		return deviation(Math.max(0, this.left[id]! - without), this.expected(id));
	}

	/** How far a series is off, if it is a surge; else 0. */
	surge(id: number, { sigma, count, ratio }: Test, without = 0): number {
		const n = this.left[id]! - without;
		// Nearly all are ruled out here, before anything is looked up.
		if (!(n >= count) || n < ratio * this.columns.mean[id]!) return 0;
		const e = this.expected(id);
		if (!e.judged || n < ratio * e.mean || (this.seconds < 3600 && e.mean < FEW)) return 0;
		const s = deviation(n, e);
		return s >= sigma ? s : 0;
	}

	/** Takes away what a surge of `series` explains: its excess, wherever that counts too. */
	take(series: Series, catalogue: Catalogue): void {
		// A whole stands before its parts, so each is lowered by what its parts had before they were.
		for (const other of catalogue.all) {
			if (other.id >= this.left.length) return;
			const common = catalogue.meet(series, other);
			if (common && common.id < this.left.length) this.left[other.id]! -= this.excess(common.id);
		}
	}
}

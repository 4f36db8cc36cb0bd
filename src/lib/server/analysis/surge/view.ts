import { deviation } from '$lib/core/usual';
import type { Catalogue, Series } from '../series';
import type { Weighed, Window } from '../window';

/** Expected in the window at the least for a count of five minutes to mean anything. */
const FEW = 3;

/** What makes a count a surge. */
export type Test = { sigma: number; count: number; ratio: number };

/** One window as one clearance sees it, from which what is explained can be taken away. */
export class View {
	/** counts without what has been explained */
	readonly left: Float64Array;

	constructor(
		readonly window: Window,
		readonly rank: number
	) {
		this.left = window.n[rank]!.slice();
	}

	get seconds(): number {
		return this.window.seconds;
	}

	expected(id: number): Weighed {
		return this.window.expected(this.rank, id);
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
		// Most are ruled out here, before anything is looked up.
		if (!(n >= count)) return 0;
		const e = this.expected(id);
		if (n < ratio * e.mean || e.state !== 'judged' || (this.seconds < 3600 && e.mean < FEW)) return 0;
		const s = deviation(n, e);
		return s >= sigma ? s : 0;
	}

	/** Takes away what a surge of `series` explains: its excess, wherever that counts too. */
	take(series: Series, catalogue: Catalogue): void {
		// A whole stands before its parts, so each is lowered by what its parts had before they were.
		for (const [other, common] of catalogue.overlaps(series))
			if (other < this.left.length && common < this.left.length) this.left[other]! -= this.excess(common);
	}
}

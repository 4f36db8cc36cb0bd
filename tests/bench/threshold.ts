import { HOUR } from '../../src/lib/core/clock';
import type { Catalogue } from '../../src/lib/server/analysis/series';

/** Hours of the past that are averaged. */
const PAST = 8 * 7 * 24;
const SIGMA = 3;
/** Counted at the least, as for a surge. */
const LEAST = 8;

/** What it alarms on. */
export type Crossing = { series: number; n: number };

/**
 * What one would do first: an alarm where the count of an hour is above mean + 3σ of the same series' hours of the last
 * eight weeks; hours that follow one another are one alarm. It looks at all sources together.
 */
export class Threshold {
	readonly #counts: Int32Array[] = [];
	readonly #above = new Set<number>();

	constructor(
		readonly catalogue: Catalogue,
		readonly start: number,
		readonly hours: number
	) {}

	add(wholes: number[], at: number, n: number): void {
		const hour = Math.floor((at - this.start) / HOUR);
		if (hour < 0 || hour >= this.hours) return;
		for (const id of wholes) (this.#counts[id] ??= new Int32Array(this.hours))[hour]! += n;
	}

	/** The hour that has just ended, as far as it has been delivered. */
	judge(end: number): Crossing[] {
		const hour = Math.floor((end - this.start) / HOUR) - 1;
		const first = Math.max(0, hour - PAST);
		const out: Crossing[] = [];
		this.#counts.forEach((counts, series) => {
			const n = counts[hour]!;
			let sum = 0;
			let squares = 0;
			if (n >= LEAST)
				for (let h = first; h < hour; h++) {
					sum += counts[h]!;
					squares += counts[h]! ** 2;
				}
			const mean = sum / (hour - first);
			const sd = Math.sqrt(Math.max(0, squares / (hour - first) - mean * mean));
			if (n < LEAST || n <= mean + SIGMA * sd) this.#above.delete(series);
			else if (!this.#above.has(series)) {
				this.#above.add(series);
				out.push({ series, n });
			}
		});
		return out;
	}
}

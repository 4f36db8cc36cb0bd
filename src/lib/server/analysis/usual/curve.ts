/**
 * A rate given by the slot, as a smooth curve over a week that repeats: its integral is a monotone cubic (Hermite,
 * slopes bounded after Fritsch and Carlson 1980) through the sums at the edges of slots, so that each slot keeps its
 * sum and nothing jumps between two.
 */
export class Curve {
	readonly #sums: Float64Array;
	readonly #edges: Float64Array;
	readonly #n: number;

	constructor(rate: Float64Array) {
		const n = (this.#n = rate.length);
		this.#sums = new Float64Array(n + 1);
		this.#edges = new Float64Array(n + 1);
		for (let s = 0; s < n; s++) {
			const a = rate[s ? s - 1 : n - 1]!;
			const b = rate[s]!;
			this.#sums[s + 1] = this.#sums[s]! + b;
			this.#edges[s] = Math.min((a + b) / 2, 2.9 * a, 2.9 * b);
		}
		this.#edges[n] = this.#edges[0]!;
	}

	/** The integral from 0 to `t`, both in slots. */
	upTo(t: number): number {
		const n = this.#n;
		const weeks = Math.floor(t / n);
		const rest = t - weeks * n;
		const s = Math.floor(rest);
		const u = rest - s;
		const base = weeks * this.#sums[n]! + this.#sums[s]!;
		if (u === 0) return base;
		const a = this.#edges[s]!;
		const b = this.#edges[s + 1]!;
		const p = this.#sums[s + 1]! - this.#sums[s]!;
		return base + u * (a + u * (3 * p - 2 * a - b + u * (a + b - 2 * p)));
	}
}

/** The plain running sum of what is given by the slot, over a week that repeats. */
export class Sum {
	readonly #sums: Float64Array;
	readonly #n: number;

	constructor(values: Float64Array) {
		const n = (this.#n = values.length);
		this.#sums = new Float64Array(n + 1);
		for (let s = 0; s < n; s++) this.#sums[s + 1] = this.#sums[s]! + values[s]!;
	}

	upTo(t: number): number {
		const n = this.#n;
		const weeks = Math.floor(t / n);
		const rest = t - weeks * n;
		const s = Math.floor(rest);
		return weeks * this.#sums[n]! + this.#sums[s]! + (rest - s) * (this.#sums[s + 1]! - this.#sums[s]!);
	}
}

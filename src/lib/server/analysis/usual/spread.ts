/**
 * How counts spread around what is expected: the variance of a sum with mean M over `w` samples is φ M + ρ²(w) M².
 * φ (quasi-Poisson) is what events that come in groups do; ρ is a relative error that does not average out.
 */
export type Spread = {
	phi: number;
	/** ρ² for the sum of one sample, of a quarter block and of a block */
	relative: [number, number, number];
};

/** A residual beyond this, in σ, is no witness of how counts usually spread … */
export const OUTLIER = 2.58;
/** … and what is lost by cutting there, of a normal's variance. */
const KEPT = 0.925;

/** What is believed before anything is seen (relative standard deviations), and how many samples' worth. */
const BEFORE = { relative: [0.2 ** 2, 0.2 ** 2, 0.25 ** 2], weights: [24, 8, 5] } as const;
export const UNKNOWN: Spread = { phi: 1.2, relative: [...BEFORE.relative] };

/** ρ² that an hour has at most; where it seems to be more, events come in groups. */
const MOST = 0.25;

/** Moments of squared errors against their means, at one scale. */
export class Moments {
	#n = 0;
	#flat = 0;
	#slope = 0;
	#square = 0;
	#mixed = 0;
	#sum = 0;

	/** @param error of a sum whose expectation was `mean`; `now` is what is believed of its spread so far */
	add(error: number, mean: number, phi: number, relative: number): void {
		const u = (error * error) / mean;
		const spread = phi + relative * mean;
		const weight = 1 / (spread * spread);
		this.#n++;
		this.#flat += weight;
		this.#slope += weight * mean;
		this.#square += weight * mean * mean;
		this.#sum += weight * u;
		this.#mixed += weight * u * mean;
	}

	/** φ and ρ² together (u = φ + ρ² M, weighted least squares within φ >= 1, ρ² >= 0), of single samples. */
	both(): { phi: number; relative: number } {
		const before = BEFORE.weights[0];
		const share = (before / (before + this.#n)) ** 2;
		if (!this.#n) return { phi: UNKNOWN.phi, relative: BEFORE.relative[0] };
		const mean = this.#slope / this.#flat;
		const u = this.#sum / this.#flat / KEPT;
		const width = this.#square / this.#flat - mean * mean;
		// The slope is believed as far as it stands out of its own error; the rest of the spread is φ's, which says the
		// same of an hour, and more of the minutes in it.
		const slope = (this.#mixed / this.#flat / KEPT - u * mean) / (width + 1e-3 * mean * mean + 1e-12);
		const error = (2 * u) / Math.sqrt(this.#n * width + 1e-12);
		let relative = Math.min(Math.max(slope - error, 0), Math.max(u - 1, 0) / mean, MOST);
		let phi = Math.max(u - relative * mean, 1);
		phi += share * (Math.max(UNKNOWN.phi, phi) - phi);
		relative += share * (BEFORE.relative[0] - relative);
		return { phi, relative };
	}

	/** ρ² alone where φ is known, of sums at the scale 1 or 2. */
	relative(scale: 1 | 2, phi: number): number {
		const before = BEFORE.weights[scale];
		const share = (before / (before + this.#n)) ** 2;
		const found = this.#square > 0 ? Math.max((this.#mixed / KEPT - phi * this.#slope) / this.#square, 0) : 0;
		return share * BEFORE.relative[scale] + (1 - share) * found;
	}
}

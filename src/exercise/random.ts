/**
 * A seeded stream of numbers (mulberry32): the same seed and the same name give the same numbers, so that whatever is
 * drawn for one source and one minute does not depend on what was drawn before.
 */
export class Random {
	#state: number;

	constructor(seed: number, name: string, n = 0) {
		// FNV-1a over the name, then the murmur3 finaliser over name, seed and number: neighbours share no pattern.
		let h = 0x811c9dc5;
		for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
		h = mix(h ^ mix(seed | 0));
		this.#state = mix(h ^ mix(n | 0) ^ mix(Math.floor(n / 4294967296) + 0x9e3779b9));
	}

	/** A number in [0, 1). */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	}

	/** A whole number in [from, to]. */
	int(from: number, to: number): number {
		return from + Math.floor(this.next() * (to - from + 1));
	}

	chance(p: number): boolean {
		return this.next() < p;
	}

	of<T>(list: readonly T[]): T {
		return list[Math.floor(this.next() * list.length)]!;
	}

	/** How many of something happen when `mean` are expected (Poisson: Knuth below 30, else its normal limit). */
	count(mean: number): number {
		if (mean <= 0) return 0;
		if (mean > 30) {
			const z = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
			return Math.max(0, Math.round(mean + Math.sqrt(mean) * z));
		}
		const limit = Math.exp(-mean);
		let n = -1;
		for (let p = 1; p > limit; n++) p *= this.next();
		return Math.max(0, n);
	}
}

function mix(h: number): number {
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return h ^ (h >>> 16);
}

/** Names with unequal shares, drawn by weight. */
export class Shares<T extends string> {
	readonly #names: T[] = [];
	readonly #ends: number[] = [];
	readonly total: number;

	constructor(weights: Partial<Record<T, number>>) {
		let sum = 0;
		for (const name of Object.keys(weights) as T[]) {
			const weight = weights[name] ?? 0;
			if (weight <= 0) continue;
			this.#names.push(name);
			this.#ends.push((sum += weight));
		}
		this.total = sum;
	}

	/** Each name with its share; all shares add up to 1. */
	get parts(): [name: T, share: number][] {
		return this.#names.map((name, i) => [name, (this.#ends[i]! - (this.#ends[i - 1] ?? 0)) / this.total]);
	}

	draw(random: Random): T {
		const x = random.next() * this.total;
		let i = 0;
		while (i < this.#ends.length - 1 && x >= this.#ends[i]!) i++;
		return this.#names[i]!;
	}
}

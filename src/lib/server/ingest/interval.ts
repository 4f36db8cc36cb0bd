/**
 * Networks that may lie inside each other, flattened to intervals that do not: each begins where the one before it
 * ends, and belongs to the longest prefix over it. A look-up is one binary search, in memory that holds numbers only.
 * Addresses are words of 32 bits, the highest first: one for IPv4, four for IPv6.
 */
export class Intervals {
	/** first interval of each value of the highest 16 bits, and one more: IPv4 begins its search there */
	readonly #top = new Uint32Array(65_537);

	constructor(
		readonly starts: Uint32Array,
		readonly owners: Int32Array,
		words: 1 | 4
	) {
		let i = 0;
		for (let k = 0; k < 65_536 && words === 1; k++) {
			while (i + 1 < owners.length && starts[i + 1]! <= k * 65_536) i++;
			this.#top[k] = i;
		}
		this.#top[65_536] = owners.length - 1;
	}

	/** The owner of an IPv4 address; −1: nobody's. */
	short(address: number): number {
		const starts = this.starts;
		const k = address >>> 16;
		let low = this.#top[k]!;
		let high = this.#top[k + 1]!;
		while (low < high) {
			const middle = (low + high + 1) >>> 1;
			if (starts[middle]! <= address) low = middle;
			else high = middle - 1;
		}
		return this.owners[low]!;
	}

	/** The owner of an IPv6 address; −1: nobody's. */
	long(address: Uint32Array): number {
		const starts = this.starts;
		const first = address[0]!;
		let low = 0;
		let high = this.owners.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >>> 1;
			// Most are told apart by their first word.
			const word = starts[middle * 4]!;
			if (word < first || (word === first && compare(starts, middle * 4, address, 4) <= 0)) low = middle;
			else high = middle - 1;
		}
		return this.owners[low]!;
	}
}

/** Below 0 when the address at `i` of `a` is before `b`. */
function compare(a: Uint32Array, i: number, b: Uint32Array, words: number): number {
	for (let w = 0; w < words; w++) {
		const x = a[i + w]!;
		const y = b[w]!;
		if (x !== y) return x < y ? -1 : 1;
	}
	return 0;
}

/** A prefix that is open while the sweep is inside it; `end` is its last address. */
type Open = { start: Uint32Array; bits: number; end: Uint32Array; owner: number };

/** Flattens prefixes that come in order: by their first address, the shorter before the longer. */
export class Sweep {
	#starts: Uint32Array;
	#owners = new Int32Array(1024);
	#n = 0;
	readonly #open: Open[] = [];

	constructor(readonly words: 1 | 4) {
		this.#starts = new Uint32Array(1024 * words);
		this.#emit(new Uint32Array(words), -1);
	}

	/** Of two that are the same, the first counts. */
	add(start: Uint32Array, bits: number, owner: number): void {
		this.#close(start);
		const top = this.#open.at(-1);
		if (top && top.bits === bits && compare(top.start, 0, start, this.words) === 0) return;
		const end = start.slice();
		for (let w = 0; w < this.words; w++) {
			const inside = Math.min(32, Math.max(0, bits - w * 32));
			if (inside < 32) end[w] = (end[w]! | (0xffff_ffff >>> inside)) >>> 0;
		}
		this.#open.push({ start: start.slice(), bits, end, owner });
		this.#emit(start, owner);
	}

	done(): Intervals {
		this.#close(undefined);
		return new Intervals(this.#starts.slice(0, this.#n * this.words), this.#owners.slice(0, this.#n), this.words);
	}

	/** Leaves every prefix that ends before `start`. */
	#close(start: Uint32Array | undefined): void {
		for (
			let top = this.#open.at(-1);
			top && (!start || compare(top.end, 0, start, this.words) < 0);
			top = this.#open.at(-1)
		) {
			this.#open.pop();
			const after = top.end.slice();
			let w = this.words - 1;
			while (w >= 0 && after[w] === 0xffff_ffff) after[w--] = 0;
			if (w < 0) continue; // it ended with the last address there is
			after[w]!++;
			this.#emit(after, this.#open.at(-1)?.owner ?? -1);
		}
	}

	#emit(start: Uint32Array, owner: number): void {
		const { words } = this;
		if (this.#n && compare(this.#starts, (this.#n - 1) * words, start, words) === 0) this.#n--; // nothing lay between
		if (this.#n && this.#owners[this.#n - 1] === owner) return;
		if (this.#n === this.#owners.length) {
			const [starts, owners] = [new Uint32Array(this.#starts.length * 2), new Int32Array(this.#owners.length * 2)];
			starts.set(this.#starts);
			owners.set(this.#owners);
			[this.#starts, this.#owners] = [starts, owners];
		}
		this.#starts.set(start, this.#n * words);
		this.#owners[this.#n++] = owner;
	}
}

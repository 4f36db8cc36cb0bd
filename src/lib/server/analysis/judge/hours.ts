/** Hours that are held: eight weeks of what is learned from, and some that late reports may still fall into. */
const LENGTH = 1440;
/** More hours with a count than this are held as a plain array, which is then the smaller. */
const FEW = 120;

/** Counts by the hour (as a number of hours since 1970): most cells are seen now and then, some each hour. */
export class Hours {
	#few: Map<number, number> | undefined = new Map();
	#counts = new Int32Array(0);
	/** the hour of `#counts[0]` */
	#first = 0;

	add(hour: number, n: number): void {
		if (this.#few) {
			const sum = (this.#few.get(hour) ?? 0) + n;
			if (sum) this.#few.set(hour, sum);
			else this.#few.delete(hour);
			if (this.#few.size > FEW) this.#spread(this.#few);
			return;
		}
		if (hour < this.#first) return;
		const beyond = hour - this.#first - LENGTH + 1;
		if (beyond > 0) {
			this.#counts.copyWithin(0, beyond);
			this.#counts.fill(0, Math.max(0, LENGTH - beyond));
			this.#first += beyond;
		}
		this.#counts[hour - this.#first]! += n;
	}

	/** Adds the hours from `first` on to a column. */
	into(column: Float64Array, first: number): void {
		if (this.#few) {
			for (const [hour, n] of this.#few) {
				const i = hour - first;
				if (i >= 0 && i < column.length) column[i]! += n;
			}
			return;
		}
		const from = Math.max(first, this.#first);
		const to = Math.min(first + column.length, this.#first + LENGTH);
		for (let hour = from; hour < to; hour++) column[hour - first]! += this.#counts[hour - this.#first]!;
	}

	/** Forgets what is older than an hour. */
	forget(before: number): void {
		if (this.#few) for (const hour of this.#few.keys()) if (hour < before) this.#few.delete(hour);
	}

	#spread(few: Map<number, number>): void {
		this.#few = undefined;
		this.#counts = new Int32Array(LENGTH);
		this.#first = Math.max(...few.keys()) - LENGTH + 1;
		for (const [hour, n] of few) this.add(hour, n);
	}
}

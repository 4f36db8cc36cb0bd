import type { Applied } from './memory';

/** The latest entries of the log, held for clients that resume; bounded by their cells. Knows every number from `oldest` on. */
export class Replay {
	#entries: Applied[] = [];
	#cells = 0;

	constructor(
		readonly limit: number,
		/** last number that was not held from the start */
		public before: number
	) {}

	push(applied: Applied): void {
		this.#entries.push(applied);
		this.#cells += weight(applied);
		let gone = 0;
		while (this.#cells > this.limit && gone < this.#entries.length) {
			const old = this.#entries[gone++]!;
			this.#cells -= weight(old);
			this.before = old.seq;
		}
		if (gone) this.#entries.splice(0, gone);
	}

	/** Entries after `seq`; undefined when they are not all held any more. */
	since(seq: number): Applied[] | undefined {
		if (seq < this.before) return undefined;
		const first = this.#entries[0];
		return first ? this.#entries.slice(Math.max(0, seq + 1 - first.seq)) : [];
	}
}

/** An entry costs something also when it has no cells. */
const weight = (a: Applied): number => a.cells.length / 3 + 10;

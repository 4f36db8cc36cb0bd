import { HOUR, MINUTE } from '$lib/core/clock';

/** Minutes that are held one by one for a cell, and for a whole source; hours that are held. Powers of two. */
const FINE = 512;
const LONG = 4096;
const COARSE = 64;

const MINUTES = HOUR / MINUTE;

/** The latest counts by some unit of time, and nothing older: time goes on when a later one is added or asked for. */
class Ring {
	readonly #counts: Int32Array;
	#head = 0;

	constructor(size: number) {
		this.#counts = new Int32Array(size);
	}

	add(at: number, n: number): void {
		this.reach(at);
		if (at > this.#head - this.#counts.length) this.#counts[at & (this.#counts.length - 1)]! += n;
	}

	/** The latest is at least `at`: what falls out behind makes place. */
	reach(at: number): void {
		const size = this.#counts.length;
		if (at <= this.#head) return;
		if (at - this.#head >= size) this.#counts.fill(0);
		else {
			const from = (this.#head + 1) & (size - 1);
			const to = (at & (size - 1)) + 1;
			if (from < to) this.#counts.fill(0, from, to);
			else this.#counts.fill(0, from).fill(0, 0, to);
		}
		this.#head = at;
	}

	at(at: number): number {
		return this.#counts[at & (this.#counts.length - 1)]!;
	}
}

/**
 * Counts of the last two days: by the minute for the last eight hours, by the hour before. Times are numbers of minutes;
 * all of a judge's go on together, so that something is too old for all of them or for none.
 */
export class Recent {
	#minutes: Ring | undefined;
	readonly #hours = new Ring(COARSE);

	/** `head` is the latest minute that is held. */
	add(minute: number, n: number, head: number): void {
		this.#hours.reach(Math.floor(head / MINUTES));
		this.#hours.add(Math.floor(minute / MINUTES), n);
		if (minute <= head - FINE) return;
		this.#minutes ??= new Ring(FINE);
		this.#minutes.reach(head);
		this.#minutes.add(minute, n);
	}

	/** What was counted in [from, to): whole hours as far as there are any. */
	sum(from: number, to: number): number {
		this.#minutes?.reach(to - 1);
		this.#hours.reach(Math.floor((to - 1) / MINUTES));
		let sum = 0;
		let m = from;
		while (m < to) {
			if (m % MINUTES === 0 && m + MINUTES <= to) {
				sum += this.#hours.at(m / MINUTES);
				m += MINUTES;
			} else {
				const until = Math.min(to, (Math.floor(m / MINUTES) + 1) * MINUTES);
				const minutes = this.#minutes;
				// Nearly all cells are empty nearly always: an hour without any has no minutes to add.
				if (minutes && this.#hours.at(Math.floor(m / MINUTES)) !== 0) for (; m < until; m++) sum += minutes.at(m);
				m = until;
			}
		}
		return sum;
	}
}

/** Whether anything of a source was counted, by the minute, for two days and more. */
export class Pulse {
	readonly #minutes = new Ring(LONG);

	add(minute: number, n: number, head: number): void {
		this.#minutes.reach(head);
		this.#minutes.add(minute, n);
	}

	reach(head: number): void {
		this.#minutes.reach(head);
	}

	has(minute: number): boolean {
		return this.#minutes.at(minute) > 0;
	}
}

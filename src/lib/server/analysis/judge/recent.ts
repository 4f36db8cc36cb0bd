import { HOUR, MINUTE } from '$lib/core/clock';

/** Minutes that are held one by one, for a cell and for a whole source; powers of two. */
const FINE = 512;
const LONG = 4096;
/** Hours that are held. */
const COARSE = 64;

const MINUTES = HOUR / MINUTE;

/** Counts of the last two days: by the minute for the last eight hours, by the hour before. Times are numbers of minutes. */
export class Recent {
	#minutes: Int32Array | undefined;
	readonly #hours = new Int32Array(COARSE);

	/** `head` is the latest minute that is held. */
	add(minute: number, n: number, head: number): void {
		const hour = Math.floor(minute / MINUTES);
		if (hour > Math.floor(head / MINUTES) - COARSE) this.#hours[hour & (COARSE - 1)]! += n;
		if (minute > head - FINE) (this.#minutes ??= new Int32Array(FINE))[minute & (FINE - 1)]! += n;
	}

	/** Time goes on from one latest minute to another: what falls out behind makes place. */
	advance(from: number, to: number): void {
		const minutes = this.#minutes;
		if (minutes) {
			if (to - from >= FINE) this.#minutes = undefined;
			else for (let m = from + 1; m <= to; m++) minutes[m & (FINE - 1)] = 0;
		}
		const last = Math.floor(to / MINUTES);
		for (let h = Math.max(Math.floor(from / MINUTES) + 1, last - COARSE + 1); h <= last; h++)
			this.#hours[h & (COARSE - 1)] = 0;
	}

	/** What was counted in [from, to): whole hours as far as there are any. */
	sum(from: number, to: number): number {
		let sum = 0;
		let m = from;
		while (m < to) {
			if (m % MINUTES === 0 && m + MINUTES <= to) {
				sum += this.#hours[(m / MINUTES) & (COARSE - 1)]!;
				m += MINUTES;
			} else {
				const until = Math.min(to, (Math.floor(m / MINUTES) + 1) * MINUTES);
				if (this.#minutes) for (; m < until; m++) sum += this.#minutes[m & (FINE - 1)]!;
				m = until;
			}
		}
		return sum;
	}
}

/** Whether anything of a source was counted, by the minute, for two days and more. */
export class Pulse {
	readonly #minutes = new Int32Array(LONG);

	add(minute: number, n: number, head: number): void {
		if (minute > head - LONG) this.#minutes[minute & (LONG - 1)]! += n;
	}

	advance(from: number, to: number): void {
		if (to - from >= LONG) this.#minutes.fill(0);
		else for (let m = from + 1; m <= to; m++) this.#minutes[m & (LONG - 1)] = 0;
	}

	has(minute: number): boolean {
		return this.#minutes[minute & (LONG - 1)]! > 0;
	}
}

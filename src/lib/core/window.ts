import { floor, HOUR, MINUTE } from './clock';

/** Whole hours shown before the previous hour (design: "`hours` … for the 24 whole hours before that"). */
export const HOURS = 24;

/**
 * The counts that a picture holds: per minute since the start of the previous whole hour, per hour for the 24 whole
 * hours before that. A count stands in exactly one of both. `K` is whatever identifies a cell apart from its time.
 * Times are epoch seconds (UTC). What is older than the window is not held: the database has it.
 */
export class Window<K> {
	readonly minutes = new Map<number, Map<K, number>>();
	readonly hours = new Map<number, Map<K, number>>();
	/** first minute that is held by the minute */
	start: number;

	constructor(now: number) {
		this.start = floor(now, HOUR) - HOUR;
	}

	/** First second that the window holds. */
	get from(): number {
		return this.start - HOURS * HOUR;
	}

	/** Adds `n` (which may be negative) to the cell `key` at time `t`; answers whether the window holds that time. */
	add(t: number, key: K, n: number): boolean {
		if (t < this.from) return false;
		if (t >= this.start) put(this.minutes, floor(t, MINUTE), key, n);
		else put(this.hours, floor(t, HOUR), key, n);
		return true;
	}

	/** Moves the window to `now`: whole hours that have passed become hours, hours that are too old go. Never back. */
	advance(now: number): void {
		const start = floor(now, HOUR) - HOUR;
		if (start <= this.start) return;
		this.start = start;
		for (const [t, cells] of this.minutes) {
			if (t >= start) continue;
			if (t >= this.from) for (const [key, n] of cells) put(this.hours, floor(t, HOUR), key, n);
			this.minutes.delete(t);
		}
		for (const t of this.hours.keys()) if (t < this.from) this.hours.delete(t);
	}
}

function put<K>(buckets: Map<number, Map<K, number>>, t: number, key: K, n: number): void {
	let cells = buckets.get(t);
	if (!cells) buckets.set(t, (cells = new Map()));
	const sum = (cells.get(key) ?? 0) + n;
	if (sum === 0) cells.delete(key);
	else cells.set(key, sum);
}

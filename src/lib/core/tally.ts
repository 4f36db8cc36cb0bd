import { floor, HOUR, MINUTE } from './clock';
import { HOURS } from './window';

/** Counts by name and hour: `{ telecom: { "1764000000": 12 } }`, hours as epoch seconds. */
export type Series = Record<string, Record<number, number>>;

/** What the server sends to draw a first page with real numbers: see `Tally.data`. */
export type TallyData = {
	now: number;
	provinces: Series;
	sectors: Series;
	classes: Series;
	severities: Series;
	minutes: Record<number, number>;
};

/**
 * The sums that screens draw, kept current as counts arrive: by province, sector, class and severity per hour, and the
 * total per minute, for the same time as a `Window`. Adding a count costs five additions, whatever the window holds.
 */
export class Tally {
	readonly provinces = new Map<string, Map<number, number>>();
	readonly sectors = new Map<string, Map<number, number>>();
	readonly classes = new Map<string, Map<number, number>>();
	readonly severities = new Map<string, Map<number, number>>();
	/** total per minute; only from the minute cells, so from the start of the previous hour on */
	readonly minutes = new Map<number, number>();

	constructor(public now: number) {}

	/** First hour that is held. */
	get from(): number {
		return floor(this.now, HOUR) - (HOURS + 1) * HOUR;
	}

	/** The hours a screen shows, oldest first: 23 whole hours and the present one so far. */
	get shown(): number[] {
		const last = floor(this.now, HOUR);
		return Array.from({ length: HOURS }, (_, i) => last - (HOURS - 1 - i) * HOUR);
	}

	add(t: number, province: string, sector: string, cls: string, severity: string, n: number, fine = true): void {
		if (t < this.from) return;
		const hour = floor(t, HOUR);
		put(this.provinces, province, hour, n);
		put(this.sectors, sector, hour, n);
		put(this.classes, cls, hour, n);
		put(this.severities, severity, hour, n);
		if (fine && t >= floor(this.now, HOUR) - HOUR) {
			const minute = floor(t, MINUTE);
			this.minutes.set(minute, (this.minutes.get(minute) ?? 0) + n);
		}
	}

	advance(now: number): void {
		if (now <= this.now) return;
		const turned = floor(now, HOUR) > floor(this.now, HOUR);
		this.now = now;
		if (!turned) return;
		for (const table of [this.provinces, this.sectors, this.classes, this.severities])
			for (const hours of table.values()) for (const t of hours.keys()) if (t < this.from) hours.delete(t);
		for (const t of this.minutes.keys()) if (t < floor(now, HOUR) - HOUR) this.minutes.delete(t);
	}

	/** Sum of a name over the shown hours. */
	total(table: Map<string, Map<number, number>>, name: string): number {
		const hours = table.get(name);
		if (!hours) return 0;
		const last = floor(this.now, HOUR);
		const from = last - (HOURS - 1) * HOUR;
		let sum = 0;
		// What a clock that is ahead put into the next hour is shown when that has come.
		for (const [t, n] of hours) if (t >= from && t <= last) sum += n;
		return sum;
	}

	/** Sum of everything over the shown hours. */
	get all(): number {
		let sum = 0;
		for (const name of this.classes.keys()) sum += this.total(this.classes, name);
		return sum;
	}

	get data(): TallyData {
		const out = (table: Map<string, Map<number, number>>): Series =>
			Object.fromEntries([...table].map(([k, v]) => [k, Object.fromEntries(v)]));
		return {
			now: this.now,
			provinces: out(this.provinces),
			sectors: out(this.sectors),
			classes: out(this.classes),
			severities: out(this.severities),
			minutes: Object.fromEntries(this.minutes)
		};
	}

	static of(data: TallyData): Tally {
		const tally = new Tally(data.now);
		const fill = (table: Map<string, Map<number, number>>, series: Series) => {
			for (const [name, hours] of Object.entries(series))
				table.set(name, new Map(Object.entries(hours).map(([t, n]) => [Number(t), n])));
		};
		fill(tally.provinces, data.provinces);
		fill(tally.sectors, data.sectors);
		fill(tally.classes, data.classes);
		fill(tally.severities, data.severities);
		for (const [t, n] of Object.entries(data.minutes)) tally.minutes.set(Number(t), n);
		return tally;
	}
}

function put(table: Map<string, Map<number, number>>, name: string, hour: number, n: number): void {
	let hours = table.get(name);
	if (!hours) table.set(name, (hours = new Map()));
	hours.set(hour, (hours.get(hour) ?? 0) + n);
}

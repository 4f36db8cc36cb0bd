import { DAY, HOUR, MINUTE } from '$lib/core/clock';
import type { Special } from '$lib/core/calendar';
import type { Expected } from '$lib/core/usual';
import { missing, part, SILENCE, uncovered, type Span } from '../coverage';
import type { Facet } from '../../store/facet';
import type { Catalogue, Series } from '../series';
import { fit, rhythm, type Usual } from '../usual';
import { Hours } from './hours';
import { Pulse, Recent } from './recent';

/** What is learned from. */
export const WEEKS = 8;
const HISTORY = WEEKS * 7 * 24;
/** Covered hours without which a source has no usual. */
const ENOUGH = 14 * 24;

/** The usual of one series of a source, for the clearances from `rank` to before `until`. */
export type Line = { series: number; rank: number; until: number; usual: Usual };
/** What a source sees in one cell under one TLP. */
export type Cell = { series: Series; tlp: number; hours: Hours; recent: Recent };

/** What a judge knows of one source: what it reported, what is usual for it, and which time it covered. */
export class Source {
	readonly cells: Cell[] = [];
	lines: readonly Line[] = [];
	/** too little history: neither its counts nor an expectation of it are judged */
	learning = true;
	/** covered days of the history, as of the last fit */
	days = 0;
	/** of the last two days and what they join, not covered */
	gaps: readonly Span[] = [];
	readonly #byFacet = new Map<number, Cell>();
	readonly #hours = new Hours();
	readonly #pulse = new Pulse();
	#whole: Usual | undefined;
	/** covered days, roughly, when it was last learned */
	#tried = 0;
	/** minutes of pause that are never silence */
	#short = 0;

	constructor(readonly id: number) {}

	/** What it sees under a facet. */
	cell(facet: Facet, catalogue: Catalogue): Cell {
		const known = this.#byFacet.get(facet.id);
		if (known) return known;
		const series = catalogue.cell(facet.province, facet.sector, facet.class);
		let cell = this.cells.find((c) => c.series === series && c.tlp === facet.tlp);
		if (!cell) this.cells.push((cell = { series, tlp: facet.tlp, hours: new Hours(), recent: new Recent() }));
		this.#byFacet.set(facet.id, cell);
		return cell;
	}

	learn(cell: Cell, hour: number, n: number): void {
		cell.hours.add(hour, n);
		this.#hours.add(hour, n);
	}

	count(cell: Cell, minute: number, n: number, head: number): void {
		cell.recent.add(minute, n, head);
		this.#pulse.add(minute, n, head);
	}

	/** Finds out which of the last days, until `now`, it covered. */
	look(now: number): void {
		const usual = this.#whole;
		if (!usual || this.learning) {
			this.gaps = [];
			return;
		}
		this.#pulse.reach(now / MINUTE - 1);
		const from = Math.floor(now / HOUR) * HOUR - 2 * DAY;
		this.gaps = uncovered(
			(minute) => this.#pulse.has(minute),
			(a, b) => usual.expected(a, b),
			from,
			now,
			this.#before(from),
			this.#short
		);
	}

	/** The part of [from, to) that it covered, as a part of what is expected of it. */
	covers(from: number, to: number): number {
		const usual = this.#whole;
		return this.gaps.length && usual ? part(this.gaps, (a, b) => usual.expected(a, b), from, to) : 1;
	}

	/** What is expected of all of it. */
	expected(from: number, to: number): Expected | undefined {
		return this.#whole?.expected(from, to);
	}

	/** Whether it has enough history for a first usual, and more than when that was last tried. */
	ripe(now: number): boolean {
		if (!this.learning) return false;
		const days = hours(missing(this.#history(now))) / 24;
		return days >= ENOUGH / 24 && days >= this.#tried + 0.5;
	}

	/** Learns what is usual from the history until the last whole hour; each step is one fit. */
	*fit(now: number, catalogue: Catalogue, calendar: Special[]): Generator<void> {
		const end = Math.floor(now / HOUR);
		const start = (end - HISTORY) * HOUR;
		for (const cell of this.cells) cell.hours.forget(end - HISTORY);
		this.#hours.forget(end - HISTORY);

		const counts = this.#history(now);
		const learn = (column: Float64Array, gone: Uint8Array, prior?: Float64Array) => {
			for (let i = 0; i < column.length; i++) if (gone[i]) column[i] = NaN;
			return fit({ start, counts: column }, { now, calendar, prior });
		};
		let gone = missing(counts);
		this.#tried = hours(gone) / 24;
		const first = learn(counts.slice(), gone);
		yield;
		gone = missing(counts, (hour, n) => first.expected(start + hour * HOUR, start + (hour + n) * HOUR));
		const days = hours(gone) / 24;
		if (days < ENOUGH / 24) {
			this.#take([], undefined, days, now);
			return;
		}
		const whole = learn(counts, gone);
		yield;

		const parts = new Map<Series, Cell[]>();
		for (const cell of this.cells)
			for (const id of cell.series.wholes) {
				const series = catalogue.all[id]!;
				const list = parts.get(series);
				if (list) list.push(cell);
				else parts.set(series, [cell]);
			}
		const lines: Line[] = [];
		const done = new Map<number, { cells: number; lines: Line[] }>();
		// Wholes first: a part takes its rhythm from what it is part of where its own counts say little.
		for (const [series, cells] of [...parts].sort(([a], [b]) => a.depth - b.depth || a.id - b.id)) {
			const parents = series.parents.map((id) => done.get(id)).filter((p) => p !== undefined);
			// A whole that has no other part is the same series, and so is its usual.
			const twin = parents.find((p) => p.cells === cells.length);
			const own: Line[] = [];
			if (twin) for (const line of twin.lines) own.push({ ...line, series: series.id });
			else {
				const ranks = [...new Set(cells.map((c) => c.tlp))].sort((a, b) => a - b);
				const column = new Float64Array(HISTORY);
				for (const [i, rank] of ranks.entries()) {
					for (const cell of cells) if (cell.tlp === rank) cell.hours.into(column, end - HISTORY);
					const prior = parents.at(0)?.lines.findLast((l) => l.rank <= rank)?.usual ?? whole;
					const usual = learn(column.slice(), gone, rhythm(prior));
					own.push({ series: series.id, rank, until: ranks[i + 1] ?? Infinity, usual });
					yield;
				}
			}
			done.set(series.id, { cells: cells.length, lines: own });
			lines.push(...own);
		}
		this.#take(lines, whole, days, now);
	}

	#take(lines: Line[], whole: Usual | undefined, days: number, now: number): void {
		this.lines = lines;
		this.#whole = whole;
		let most = 0;
		if (whole) for (let h = now; h < now + 7 * DAY; h += HOUR) most = Math.max(most, whole.expected(h, h + HOUR).mean);
		// Half of what the busiest hour of the week would take: within an hour it may be busier still.
		this.#short = Math.floor((SILENCE * 30) / most);
		this.days = days;
		this.learning = whole === undefined;
	}

	#history(now: number): Float64Array {
		const counts = new Float64Array(HISTORY);
		this.#hours.into(counts, Math.floor(now / HOUR) - HISTORY);
		return counts;
	}

	/** When the last report before `from` (a whole hour) was observed, as the end of its hour. */
	#before(from: number): number | undefined {
		for (let m = from / MINUTE - 1; m >= from / MINUTE - 60; m--) if (this.#pulse.has(m)) return (m + 1) * MINUTE;
		const counts = new Float64Array(HISTORY);
		this.#hours.into(counts, from / HOUR - HISTORY);
		const last = counts.findLastIndex((n) => n > 0);
		return last < 0 ? undefined : from - (HISTORY - 1 - last) * HOUR;
	}
}

const hours = (missing: Uint8Array): number => missing.reduce((n, gone) => n + (gone ? 0 : 1), 0);

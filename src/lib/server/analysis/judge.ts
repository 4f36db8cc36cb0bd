import { setImmediate as pause } from 'node:timers/promises';
import type { Special } from '$lib/core/calendar';
import { DAY, HOUR, MINUTE, floor } from '$lib/core/clock';
import { ALL, type Row, type Unit } from '$lib/core/judgement';
import { TEST } from '$lib/core/rsit';
import type { Facet } from '../store/facet';
import { Late } from './judge/late';
import { Source, type Line } from './judge/source';
import { Catalogue } from './series';
import { RANKS, Window, type Lines } from './window';

export type { Row };
/** Rows for each clearance, by its rank (0 to 4); those that see the same share one list. */
export type Judged = readonly (readonly Row[])[];

/** What a judge says of a source. */
export type Standing = {
	source: number;
	/** too little history to judge */
	learning: boolean;
	/** days of history that it covered */
	days: number;
	/** since when nothing has come though much was expected, epoch seconds; null: it covers the present */
	silent: number | null;
};

/** Whole hours that are judged one by one, and that a screen shows as a day with the present one. */
const HOURS = 24;
/** A series of which less is expected in an hour is left out until something is counted. */
const FAINT = 0.05;
/** Minutes after which a report comes late: the last hour is judged as it fills. */
const LATE = 60;

/**
 * Knows what each source reported and what is usual for it, and says of every series and clearance what was expected
 * and what came. Pure: it is told everything, and holds it in memory.
 *
 * Every report is told twice: by the hour to `learn`, for what is usual, and by the minute to `count`, for what is
 * judged. `count` needs only the last two days and `learn` the last eight weeks; what is older is passed over.
 */
export class Judge {
	readonly catalogue = new Catalogue();
	calendar: Special[];
	readonly #facets: ReadonlyMap<number, Facet>;
	readonly #sources = new Map<number, Source>();
	/** the latest minute that is held, as a number of minutes */
	#head = -Infinity;
	#looked = NaN;
	#fitted = -Infinity;
	#moved = false;
	readonly #late = new Late();
	#lines: Lines = [];

	constructor(facets: ReadonlyMap<number, Facet>, calendar: Special[] = []) {
		this.#facets = facets;
		this.calendar = calendar;
	}

	/** Adds to the history: `n` reports of a source, observed in an hour (its start, epoch seconds). */
	learn(source: number, hour: number, facet: number, n: number): void {
		if (n < 0) this.#moved = true;
		const { of, cell } = this.#find(source, facet) ?? {};
		if (of && cell) of.learn(cell, Math.floor(hour / HOUR), n);
	}

	/** Adds to what is judged: `n` reports (fewer than none when they have moved elsewhere), observed in a minute. */
	count(source: number, minute: number, facet: number, n: number): void {
		const { of, cell } = this.#find(source, facet) ?? {};
		if (!of || !cell) return;
		const m = Math.floor(minute / MINUTE);
		this.#head = Math.max(this.#head, m);
		of.count(cell, m, n, this.#head);
		this.#looked = NaN;
		// What a source sends of its past before it is known what is usual for it is no news, now or later.
		if (m < this.#head - LATE && !of.learning) this.#late.add(source, Math.floor((m * MINUTE) / HOUR) * HOUR, n);
	}

	/**
	 * Whole hours (their start) that got at least `least` reports after they were over, the oldest first and at most
	 * `most`; each is told once. Whoever fills a judge with the past calls it until there are none: that was no news.
	 */
	late(least: number, most = Infinity): number[] {
		return this.#late.take(least, most, this.#head * MINUTE - 2 * DAY);
	}

	/**
	 * Learns what is usual anew, in slices of at most about `budget` milliseconds, between which others get their turn.
	 * What was usual before holds until a source is done.
	 */
	async refit(now: number, budget = 15): Promise<void> {
		let start = performance.now();
		for (const _ of this.fits(now)) {
			if (performance.now() - start < budget) continue;
			await pause();
			start = performance.now();
		}
	}

	/** The same by hand: each step is one fit. */
	*fits(now: number): Generator<void> {
		this.#fitted = now;
		this.#moved = false;
		for (const source of this.#sources.values()) yield* source.fit(now, this.catalogue, this.calendar);
		this.#looked = NaN;
	}

	/**
	 * Whether it is time to learn anew: once a day, when reports have moved to where they were never expected, and when
	 * a source has two weeks of history at last.
	 */
	due(now: number): boolean {
		if (this.#moved || now - this.#fitted >= DAY) return true;
		for (const source of this.#sources.values()) if (source.ripe(now)) return true;
		return false;
	}

	/** What it makes of each source as of a moment. */
	standings(now: number): Standing[] {
		this.#look(now);
		return [...this.#sources.values()].map(({ id, learning, days, gaps }) => {
			const last = gaps.at(-1);
			return { source: id, learning, days, silent: last && last[1] >= floor(now, MINUTE) ? last[0] : null };
		});
	}

	/** What every clearance sees of [from, to): whole minutes of the last eight hours, or whole hours of the last two days. */
	window(now: number, from: number, to: number): Window {
		this.#look(now);
		return new Window(this.#sources.values(), this.catalogue, this.#lines, from, to);
	}

	/**
	 * Judges as of a moment:
	 * - `now`: the last 60 whole minutes, of all series;
	 * - `minute`: the last whole minute; `hour`: each of the last 24 whole hours; `day`: the 23 whole hours before the
	 *   present one and what has passed of it, as screens add them up. These are of series that name no class.
	 *
	 * Of a series that is `no-data`, `mean` and `variance` are what would be usual.
	 */
	judge(now: number): Judged {
		const end = floor(now, MINUTE);
		const hour = floor(end, HOUR);
		const windows: [Unit, Window][] = [['now', this.window(end, end - HOUR, end)]];
		const add = (unit: Unit, from: number, to: number) => windows.push([unit, this.window(end, from, to)]);
		add('minute', end - MINUTE, end);
		for (let h = HOURS; h > 0; h--) add('hour', hour - h * HOUR, hour - (h - 1) * HOUR);
		add('day', hour - (HOURS - 1) * HOUR, end);

		const distinct = new Set(windows[0]![1].ranks);
		const out: Row[][] = [];
		for (let rank = 0; rank < RANKS; rank++)
			out.push(
				distinct.has(rank) ? windows.flatMap(([unit, window]) => this.#rows(unit, window, rank)) : out[rank - 1]!
			);
		return out;
	}

	#rows(unit: Unit, window: Window, rank: number): Row[] {
		const rows: Row[] = [];
		for (const { id, province, sector, cls } of this.catalogue.all) {
			if (unit !== 'now' && cls !== ALL) continue;
			const n = window.n[rank]![id]!;
			if (n > 0 || window.knows(rank, id)) {
				const { mean, variance, state } = window.expected(rank, id);
				if (n > 0 || unit !== 'now' || mean >= FAINT)
					rows.push([unit, window.from, province, sector, cls, n, mean, variance, state]);
			} else if (window.learning[rank]![id]) rows.push([unit, window.from, province, sector, cls, 0, 0, 0, 'learning']);
		}
		return rows;
	}

	#find(source: number, facet: number) {
		const f = this.#facets.get(facet);
		if (!f) throw new Error(`Facet ${facet} is not known to the judge.`);
		if (f.class === TEST) return undefined;
		let of = this.#sources.get(source);
		if (!of) this.#sources.set(source, (of = new Source(source)));
		return { of, cell: of.cell(f, this.catalogue) };
	}

	#look(now: number): void {
		const end = floor(now, MINUTE);
		if (end === this.#looked) return;
		this.#head = Math.max(this.#head, end / MINUTE - 1);
		const lines: { source: Source; line: Line }[][] = [];
		for (const source of this.#sources.values()) {
			source.look(end);
			for (const line of source.lines) (lines[line.series] ??= []).push({ source, line });
		}
		this.#lines = lines;
		this.#looked = end;
	}
}

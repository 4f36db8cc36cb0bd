import { DAY, floor, HOUR } from '$lib/core/clock';
import type { Advisory } from '$lib/core/advisory';
import type { Raised } from '$lib/core/alarm';
import type { Incident } from '$lib/core/incident';
import { LATELY } from '$lib/core/indicator';
import type { Declared } from '$lib/core/picture';
import type { Posture } from '$lib/core/posture';
import type { Source } from '$lib/core/source';
import { Window } from '$lib/core/window';
import { moment, type Sql } from '../store/client';
import * as incident from '../store/incident';
import * as level from '../store/level';
import * as advisory from '../store/advisory';
import * as alarm from '../store/alarm';
import * as posture from '../store/posture';
import { head, type Entry, type Sighted } from '../store/log';
import * as sighting from '../store/sighting';
import * as source from '../store/source';
import { NONE, type Judgement } from './usual';

/** What an entry did to the memory, as frames need it. Cells lie flat: minute (epoch minutes), facet, n, and again. */
export type Applied = {
	seq: number;
	at: number;
	cells: Int32Array;
	incident?: { before: Incident | undefined; after: Incident };
	sources: Source[];
	indicators: Spotting[];
	advisories: Advisory[];
	level?: Declared | null;
	/** each as it was before, if it was there, and as it is */
	alarms: { before: Raised | undefined; after: Raised }[];
	/** ranks of the clearances whose posture changed */
	postures: number[];
};

/** An indicator and where it was seen lately, whoever may see it; `tlp` is a rank. */
export type Known = {
	id: string;
	kind: string;
	value: string;
	tlp: number;
	/** the latest of `facets` */
	at: number;
	/** where it was seen, and when it was new there */
	facets: ReadonlyMap<number, number>;
};
/** An indicator after an entry, and the facets that were new in it. */
export type Spotting = { known: Known; fresh: number[] };

/** Indicators that are held at the most. */
const MOST = 1000;

/**
 * The whole picture of one process, whoever may see which part of it: the fold of the log over facets. It is as of
 * `seq`, and moves only when entries are applied.
 */
export class Memory {
	seq = 0;
	at = 0;
	window = new Window<number>(0);
	readonly incidents = new Map<string, Incident>();
	readonly sources = new Map<string, Source>();
	/** those that were seen somewhere new lately, the latest last */
	readonly indicators = new Map<string, Known>();
	readonly advisories = new Map<string, Advisory>();
	level: Declared | null = null;
	/** those that are not cleared */
	readonly alarms = new Map<number, Raised>();
	/** by rank of the clearance */
	postures: ReadonlyMap<number, Posture> = new Map();
	/** Not of the log: the latest that is known. */
	judgement: Judgement = NONE;

	/** Reads everything as of one moment. */
	async load(sql: Sql): Promise<void> {
		const now = Date.now() / 1000;
		const window = new Window<number>(now);
		await moment(sql, async (tx) => {
			this.seq = await head(tx);
			const cells = (table: string, from: number, to: number) =>
				tx<
					{ at: number; facet: number; n: number }[]
				>`select extract(epoch from at)::bigint as at, facet_id as facet, n from ${tx(table)} where at >= to_timestamp(${from}) and at < to_timestamp(${to})`;
			for (const c of await cells('cells_hour', window.from, window.start)) window.add(c.at, c.facet, c.n);
			for (const c of await cells('cells_minute', window.start, floor(now, HOUR) + DAY)) window.add(c.at, c.facet, c.n);
			for (const i of await incident.allOpen(tx)) this.incidents.set(i.id, i);
			for (const s of await source.all(tx)) this.sources.set(s.slug, s);
			for (const s of (await sighting.since(tx, now - LATELY)).reverse()) this.#spot(s, s.at);
			for (const a of (await advisory.latest(tx)).reverse()) this.#tell(a);
			this.level = await level.latest(tx);
			for (const a of await alarm.open(tx)) this.alarms.set(a.id, a);
			this.postures = await posture.latest(tx);
		});
		this.window = window;
		this.at = now;
	}

	/** Folds one entry in. Entries come in the order of the log, without a gap. */
	apply(entry: Entry): Applied {
		if (entry.seq !== this.seq + 1) throw new Error(`the log jumped from ${this.seq} to ${entry.seq}`);
		this.seq = entry.seq;
		const { cells = [], sources = [], source, incident, indicators = [], advisories = [], level } = entry.payload;
		const { alarms = [], postures = [] } = entry.payload;
		const flat = new Int32Array(cells.length * 3);
		cells.forEach(([t, facet, n], i) => {
			this.window.add(t, facet, n);
			flat[i * 3] = t / 60;
			flat[i * 3 + 1] = facet;
			flat[i * 3 + 2] = n;
		});
		const applied: Applied = {
			seq: entry.seq,
			at: entry.at,
			cells: flat,
			sources: [],
			indicators: [],
			advisories,
			// After a restart what it was is only known from the entry, and who could see it has to hear that it is gone.
			alarms: alarms.map(({ was, ...after }) => ({
				before: this.alarms.get(after.id) ?? (was && { ...after, ...was }),
				after
			})),
			postures: postures.map((p) => p.clearance)
		};
		if (source) applied.sources.push(source);
		for (const [slug, last] of sources) {
			const known = this.sources.get(slug);
			if (known) applied.sources.push({ ...known, last });
		}
		const spotted = new Map<string, Spotting>();
		for (const s of indicators) {
			const known = this.#spot(s, entry.at);
			spotted.set(s.id, { known, fresh: [...(spotted.get(s.id)?.fresh ?? []), s.facet] });
		}
		applied.indicators = [...spotted.values()];
		for (const a of advisories) this.#tell(a);
		for (const s of applied.sources) this.sources.set(s.slug, s);
		if (incident) {
			applied.incident = { before: this.incidents.get(incident.id), after: incident };
			if (incident.status === 'closed') this.incidents.delete(incident.id);
			else this.incidents.set(incident.id, incident);
		}
		if (level !== undefined) applied.level = this.level = level;
		for (const { was: _, ...a } of alarms) {
			if (a.standing === 'cleared') this.alarms.delete(a.id);
			else this.alarms.set(a.id, a);
		}
		if (postures.length)
			this.postures = new Map([...this.postures, ...postures.map((p) => [p.clearance, p.posture] as const)]);
		return applied;
	}

	/** Moves the window; `now` in epoch seconds. */
	advance(now: number): void {
		this.at = Math.max(this.at, now);
		this.window.advance(this.at);
		for (const [id, known] of this.indicators) if (known.at < this.at - LATELY) this.indicators.delete(id);
	}

	/** Holds to what is claimed now: an indicator that nobody claims any more goes, one that is marked anew is shown to fewer. */
	async recheck(sql: Sql): Promise<void> {
		const asked = [...this.indicators.keys()];
		if (!asked.length) return;
		const ranks = await sighting.ranks(sql, asked);
		for (const id of asked) {
			const known = this.indicators.get(id);
			const tlp = ranks.get(id);
			if (!known) continue;
			if (tlp === undefined) this.indicators.delete(id);
			else if (tlp !== known.tlp) this.indicators.set(id, { ...known, tlp });
		}
	}

	#tell(a: Advisory): void {
		const name = `${a.source} ${a.id}`;
		this.advisories.delete(name);
		this.advisories.set(name, a);
		if (this.advisories.size > advisory.SHOWN) this.advisories.delete(this.advisories.keys().next().value!);
	}

	#spot({ id, kind, value, tlp, facet }: Sighted, at: number): Known {
		const before = this.indicators.get(id);
		const known = {
			id,
			kind,
			value,
			tlp,
			at: Math.max(at, before?.at ?? 0),
			facets: new Map(before?.facets).set(facet, Math.max(at, before?.facets.get(facet) ?? 0))
		};
		this.indicators.delete(id);
		this.indicators.set(id, known);
		if (this.indicators.size > MOST) this.indicators.delete(this.indicators.keys().next().value!);
		return known;
	}
}

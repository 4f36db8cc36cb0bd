import { order as byUrgency, sees as hears, shown, type Alarm, type Gone as Silenced } from '$lib/core/alarm';
import { HOUR, MINUTE } from '$lib/core/clock';
import type { Gone, Incident } from '$lib/core/incident';
import { order } from '$lib/core/incident';
import type { Advisory } from '$lib/core/advisory';
import { order as bySpread, type Spotted } from '$lib/core/indicator';
import type { Cell, Frame, Snapshot } from '$lib/core/picture';
import type { Posture } from '$lib/core/posture';
import { within } from '$lib/core/posture/scope';
import { Tally } from '$lib/core/tally';
import { ofRank, rank, type Tlp } from '$lib/core/tlp';
import { sees, type Viewer } from '$lib/core/viewer';
import type { Facet } from '../store/facet';
import type { Applied, Known, Memory } from './memory';
import { usual } from './usual';

/** What an audience may see: a clearance and a scope; null means all. */
export type Sight = Pick<Viewer, 'clearance' | 'sectors' | 'provinces'>;

/** The sight of a viewer who asks for some sectors and provinces: never more than the viewer has. */
export function narrow(viewer: Sight, asked: { sectors?: string[]; provinces?: string[] }): Sight {
	const both = (mine: string[] | null, theirs: string[] | undefined) =>
		theirs === undefined ? mine : [...new Set(theirs)].filter((x) => !mine || mine.includes(x)).sort();
	return {
		clearance: viewer.clearance,
		sectors: both(viewer.sectors, asked.sectors),
		provinces: both(viewer.provinces, asked.provinces)
	};
}

/** Whether a source or an advisory may be named to a sight: only within its TLP. */
export const knows = (sight: Pick<Sight, 'clearance'>, source: { tlp: Tlp }): boolean =>
	rank(source.tlp) <= rank(sight.clearance);

/** The same sight has the same name: it is the room of its viewers. */
export const name = (s: Sight): string =>
	JSON.stringify([s.clearance, s.sectors && [...s.sectors].sort(), s.provinces && [...s.provinces].sort()]);

/** Counts by time and by what stands on the wire, for one sight; different TLPs and types of the same cell fall together. */
class Sum {
	readonly #top: number;
	readonly #sectors: Set<string> | null;
	readonly #provinces: Set<string> | null;
	/** facet → its cell without time and count; null: not for this sight */
	readonly #shapes = new Map<number, string | null>();
	readonly #sums = new Map<string, Cell>();

	constructor(
		sight: Sight,
		readonly facets: ReadonlyMap<number, Facet>
	) {
		this.#top = rank(sight.clearance as Tlp);
		this.#sectors = sight.sectors && new Set(sight.sectors);
		this.#provinces = sight.provinces && new Set(sight.provinces);
	}

	add(t: number, id: number, n: number): void {
		let shape = this.#shapes.get(id);
		if (shape === undefined) this.#shapes.set(id, (shape = this.#shape(id)));
		if (shape === null) return;
		const k = `${t}${shape}`;
		const cell = this.#sums.get(k);
		if (cell) cell[6] += n;
		else {
			const f = this.facets.get(id)!;
			this.#sums.set(k, [t, f.province, f.sector, f.class, f.severity, f.direction, n]);
		}
	}

	/** The sums, those that came to nothing left out. */
	take(): Cell[] {
		const out = [...this.#sums.values()].filter((c) => c[6] !== 0);
		this.#sums.clear();
		return out;
	}

	#shape(id: number): string | null {
		const f = this.facets.get(id);
		if (!f) throw new Error(`facet ${id} is not known`);
		const in_ =
			f.tlp <= this.#top &&
			f.class !== 'test' &&
			(!this.#sectors || this.#sectors.has(f.sector)) &&
			(!this.#provinces || this.#provinces.has(f.province));
		return in_ ? `|${f.province}|${f.sector}|${f.class}|${f.severity}|${f.direction}` : null;
	}
}

/** Everything that the sight may see of the memory, as of its `seq`. */
export function snapshot(memory: Memory, sight: Sight, facets: ReadonlyMap<number, Facet>): Snapshot {
	const sum = new Sum(sight, facets);
	const all = (buckets: ReadonlyMap<number, ReadonlyMap<number, number>>): Cell[] => {
		for (const [t, cells] of buckets) for (const [id, n] of cells) sum.add(t, id, n);
		return sum.take();
	};
	return {
		seq: memory.seq,
		at: memory.at,
		cells: all(memory.window.minutes),
		hours: all(memory.window.hours),
		incidents: [...memory.incidents.values()].filter((i) => sees(sight, i)).sort(order),
		indicators: [...memory.indicators.values()].flatMap((k) => spotted(k, sight, facets) ?? []).sort(bySpread),
		advisories: [...memory.advisories.values()].filter((a) => knows(sight, a)),
		sources: [...memory.sources.values()].filter((s) => knows(sight, s)),
		level: memory.level,
		posture: posture(memory, sight),
		alarms: alarms(memory, sight),
		usual: usual(memory.judgement, sight),
		judged: memory.judgement.at
	};
}

/** The alarms that are not cleared, as a sight sees them, the most urgent first. */
export const alarms = (memory: Memory, sight: Sight): Alarm[] =>
	[...memory.alarms.values()]
		.flatMap((a) => (hears(sight, a) ? (shown(a, sight.clearance) ?? []) : []))
		.sort(byUrgency);

/** The posture as a sight may see it. */
export function posture(memory: Memory, sight: Sight): Posture | null {
	const mine = memory.postures.get(rank(sight.clearance));
	return mine ? within(mine, sight) : null;
}

/** The sums that screens draw, for one sight. */
export function tally(memory: Memory, sight: Sight, facets: ReadonlyMap<number, Facet>): Tally {
	const out = new Tally(memory.at);
	const sum = new Sum(sight, facets);
	const all = (buckets: ReadonlyMap<number, ReadonlyMap<number, number>>, fine: boolean) => {
		for (const [t, cells] of buckets)
			for (const [id, n] of cells) sum.add(fine ? t : Math.floor(t / HOUR) * HOUR, id, n);
		for (const c of sum.take()) out.add(c[0], c[1], c[2], c[3], c[4], c[6], fine);
	};
	all(memory.window.hours, false);
	all(memory.window.minutes, true);
	return out;
}

/**
 * Makes what changed for a sight from entries of the log: the frame from `from` to the last of them. An incident that
 * the sight could see before and cannot any more is `gone`.
 */
export class Framer {
	readonly #sum: Sum;

	constructor(
		readonly sight: Sight,
		readonly facets: ReadonlyMap<number, Facet>,
		readonly memory: Memory
	) {
		this.#sum = new Sum(sight, facets);
	}

	frame(from: number, to: number, at: number, entries: Applied[]): Frame {
		const frame: Frame = { from, to, at };
		const incidents = new Map<string, Incident | Gone>();
		const sources = new Map<string, Applied['sources'][number]>();
		const indicators = new Map<string, Spotted>();
		const advisories = new Map<string, Advisory>();
		const alarms = new Map<number, Alarm | Silenced>();
		for (const e of entries) {
			for (let i = 0; i < e.cells.length; i += 3) this.#sum.add(e.cells[i]! * MINUTE, e.cells[i + 1]!, e.cells[i + 2]!);
			for (const s of e.sources) if (knows(this.sight, s)) sources.set(s.slug, s);
			for (const { known, fresh } of e.indicators) {
				// What is new only where this sight may not look is no news.
				if (!fresh.some((id) => looks(this.sight, this.facets.get(id)))) continue;
				const seen = spotted(known, this.sight, this.facets);
				if (seen) indicators.set(known.id, seen);
			}
			for (const a of e.advisories) if (knows(this.sight, a)) advisories.set(`${a.source} ${a.id}`, a);
			if (e.level !== undefined) frame.level = e.level;
			// That something has changed above it is no news for a clearance.
			if (e.postures.includes(rank(this.sight.clearance))) frame.posture = posture(this.memory, this.sight);
			for (const { before, after } of e.alarms) {
				const seen = hears(this.sight, after) ? shown(after, this.sight.clearance) : undefined;
				if (seen) alarms.set(after.id, seen);
				else if (alarms.has(after.id) || (before && hears(this.sight, before)))
					alarms.set(after.id, { id: after.id, gone: true });
			}
			if (!e.incident) continue;
			const { before, after } = e.incident;
			if (sees(this.sight, after)) incidents.set(after.id, after);
			else if (incidents.has(after.id) || (before && sees(this.sight, before)))
				incidents.set(after.id, { id: after.id, gone: true });
		}
		const cells = this.#sum.take();
		if (cells.length) frame.cells = cells;
		if (incidents.size) frame.incidents = [...incidents.values()];
		if (indicators.size) frame.indicators = [...indicators.values()];
		if (advisories.size) frame.advisories = [...advisories.values()];
		if (alarms.size) frame.alarms = [...alarms.values()];
		if (sources.size) frame.sources = [...sources.values()];
		return frame;
	}
}

/** Whether a sight may look where a facet is. */
const looks = (sight: Sight, f: Facet | undefined): boolean => !!f && sees(sight, { ...f, tlp: ofRank(f.tlp) });

/** An indicator as a sight may see it: within the TLP of those who say to look for it, and only where the sight may look. */
function spotted(k: Known, sight: Sight, facets: ReadonlyMap<number, Facet>): Spotted | undefined {
	if (k.tlp > rank(sight.clearance)) return undefined;
	const seen = [...k.facets].flatMap(([id, at]) => {
		const f = facets.get(id);
		return looks(sight, f) ? [{ ...f!, at }] : [];
	});
	if (!seen.length) return undefined;
	return {
		id: k.id,
		kind: k.kind,
		value: k.value,
		tlp: ofRank(k.tlp),
		sectors: [...new Set(seen.map((f) => f.sector))].sort(),
		provinces: [...new Set(seen.map((f) => f.province))].sort(),
		at: Math.max(...seen.map((f) => f.at))
	};
}

/** Whether a frame says anything apart from the time. */
export const says = (f: Frame): boolean => Object.keys(f).length > 3;

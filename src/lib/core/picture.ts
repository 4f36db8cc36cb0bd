import type { Advisory } from './advisory';
import type { Alarm, Gone as Silenced } from './alarm';
import type { Gone, Incident } from './incident';
import { name, type Judged } from './judgement';
import { DAY, HOUR } from './clock';
import { LATELY, type Spotted } from './indicator';
import type { Posture } from './posture';
import type { Source } from './source';
import type { Level } from './severity';
import { Tally } from './tally';
import { Window } from './window';

/** `[time (epoch seconds, UTC), province, sector, class, severity, direction, n]`; `n` is what to add. */
export type Cell = [
	at: number,
	province: string,
	sector: string,
	cls: string,
	severity: string,
	direction: string,
	n: number
];

/** The level that a person has declared for the nation. Times are epoch seconds. */
export type Declared = { level: Level; reason: string; by: string; since: number; until: number | null };

export type Snapshot = {
	seq: number;
	at: number;
	/** per minute since the start of the previous whole hour */
	cells: Cell[];
	/** per hour for the 24 whole hours before that */
	hours: Cell[];
	incidents: Incident[];
	indicators: Spotted[];
	advisories: Advisory[];
	sources: Source[];
	level: Declared | null;
	posture: Posture | null;
	alarms: Alarm[];
	/** what is usual, and how far off the counts are: see `core/judgement` */
	usual: Judged[];
	/** when that was judged (epoch seconds); 0: not yet */
	judged: number;
};

export type Frame = {
	from: number;
	to: number;
	at: number;
	cells?: Cell[];
	incidents?: (Incident | Gone)[];
	indicators?: Spotted[];
	advisories?: Advisory[];
	sources?: Source[];
	level?: Declared | null;
	posture?: Posture | null;
	alarms?: (Alarm | Silenced)[];
	usual?: Judged[];
	judged?: number;
	/** `usual` is all there is: what was said before is forgotten */
	whole?: true;
};

/** Indicators that a picture holds at the most. */
const MOST = 1000;

/** Everything of a cell but its time and its count. */
export const key = (cell: Cell): string => `${cell[1]}|${cell[2]}|${cell[3]}|${cell[4]}|${cell[5]}`;

/**
 * The state that a screen shows: the fold of a snapshot and the frames after it. It changes in place and is the same
 * code wherever the log is folded. A frame that does not join (`from` is not our `seq`) is refused, never guessed at.
 */
export class Picture {
	seq = -1;
	at = 0;
	window = new Window<string>(0);
	tally = new Tally(0);
	readonly incidents = new Map<string, Incident>();
	readonly sources = new Map<string, Source>();
	readonly indicators = new Map<string, Spotted>();
	readonly advisories = new Map<string, Advisory>();
	level: Declared | null = null;
	posture: Posture | null = null;
	/** those that are not cleared */
	readonly alarms = new Map<number, Alarm>();
	/** by the name of their series and window: `core/judgement` */
	readonly usual = new Map<string, Judged>();
	judged = 0;

	reset(s: Snapshot): void {
		this.seq = s.seq;
		this.at = s.at;
		this.window = new Window(s.at);
		this.tally = new Tally(s.at);
		for (const cell of s.hours) this.#count(cell, false);
		for (const cell of s.cells) this.#count(cell, true);
		this.incidents.clear();
		for (const i of s.incidents) this.incidents.set(i.id, i);
		this.sources.clear();
		for (const x of s.sources) this.sources.set(x.slug, x);
		this.indicators.clear();
		for (const x of s.indicators) this.indicators.set(x.id, x);
		this.advisories.clear();
		for (const x of s.advisories) this.advisories.set(`${x.source} ${x.id}`, x);
		this.level = s.level;
		this.posture = s.posture;
		this.alarms.clear();
		for (const a of s.alarms) this.alarms.set(a.id, a);
		this.usual.clear();
		for (const row of s.usual) this.usual.set(name(row), row);
		this.judged = s.judged;
	}

	/** Folds one frame in; false when it does not join. */
	apply(f: Frame): boolean {
		if (f.from !== this.seq) return false;
		this.window.advance(f.at);
		this.tally.advance(f.at);
		for (const cell of f.cells ?? []) this.#count(cell, true);
		for (const i of f.incidents ?? []) {
			if ('gone' in i || i.status === 'closed') this.incidents.delete(i.id);
			else this.incidents.set(i.id, i);
		}
		for (const x of f.sources ?? []) this.sources.set(x.slug, x);
		for (const x of f.indicators ?? []) {
			this.indicators.delete(x.id); // the latest last
			this.indicators.set(x.id, x);
			if (this.indicators.size > MOST) this.indicators.delete(this.indicators.keys().next().value!);
		}
		for (const x of this.indicators.values()) if (x.at < f.at - LATELY) this.indicators.delete(x.id);
		for (const x of f.advisories ?? []) this.advisories.set(`${x.source} ${x.id}`, x);
		if (f.level !== undefined) this.level = f.level;
		if (f.posture !== undefined) this.posture = f.posture;
		for (const a of f.alarms ?? []) {
			if ('gone' in a || a.standing === 'cleared') this.alarms.delete(a.id);
			else this.alarms.set(a.id, a);
		}
		if (f.whole) this.usual.clear();
		for (const row of f.usual ?? []) {
			if (row[10] === 'none') this.usual.delete(name(row));
			else this.usual.set(name(row), row);
		}
		if (f.judged !== undefined) {
			this.judged = f.judged;
			for (const [id, row] of this.usual)
				if (row[0] === 'hour' && row[1] < f.at - DAY - 2 * HOUR) this.usual.delete(id);
		}
		this.seq = f.to;
		this.at = f.at;
		return true;
	}

	#count(cell: Cell, fine: boolean): void {
		const n = cell[6];
		this.window.add(cell[0], key(cell), n);
		this.tally.add(cell[0], cell[1], cell[2], cell[3], cell[4], n, fine);
	}
}

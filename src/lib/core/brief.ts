import type { Declared } from './picture';
import type { Level } from './severity';
import type { Tlp } from './tlp';

/** A line of what changed: what, now, and what it was; `note` is what a reader must know of the figure. */
export type Line = {
	label: string;
	note?: string;
	/** what it opens; null: nothing that this viewer may open */
	href: string | null;
	/** its course over the shown hours */
	course?: number[];
	now: string;
	was: string;
	warn?: boolean;
};

/** Somebody who is affected: a value of `max`, where it stood before (null: not known), and why there is no value. */
export type Row = {
	name: string;
	value: number | null;
	before: number | null;
	/** how far it is from before, or why it is not known */
	was: string;
	band: 'critical' | 'strained' | null;
};

/** The five answers of the posture page as one viewer may see them, in words, to be put on paper. Times are epoch seconds. */
export type Brief = {
	title: string;
	tlp: Tlp;
	exercise: boolean;
	/** of the picture */
	at: number;
	/** `yesterday`, `last week`, `last month` */
	when: string;
	level: Declared | null;
	/** `was 2 yesterday` */
	then: string;
	sentence: string;
	changed: Line[];
	affected: { note: string; max: number; rows: Row[]; last: Row | null };
	doing: { severity: Level; title: string; text: string; who: string; phase: string }[];
	/** how many there are, those that do not stand here too */
	cases: number;
	decisions: { what: string; why: string }[];
	waiting: number;
	/** alarms, in a sentence */
	rings: string;
};

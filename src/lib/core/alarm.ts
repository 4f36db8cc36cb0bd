import { rank, type Tlp } from './tlp';
import { sees as within, type Viewer } from './viewer';

/** After EEMUA 191: of all alarms about 5, 15 and 80 in a hundred. */
export const PRIORITIES = ['high', 'medium', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/**
 * Where an alarm stands, after ISA-18.2 (shelving apart, which is a date beside it).
 *
 *   unacknowledged ──a person──► acknowledged ──condition ends──► cleared
 *        └──condition ends──► returned ──a person──► cleared
 *
 * `returned`: the condition has ended and nobody has said yet that they saw it.
 */
export const STANDINGS = ['unacknowledged', 'acknowledged', 'returned', 'cleared'] as const;
export type Standing = (typeof STANDINGS)[number];

/** What raises alarms. */
export const KINDS = ['surge', 'silence', 'indicator', 'incident', 'exposure', 'cert'] as const;
export type Kind = (typeof KINDS)[number];

/** What is said of an alarm to whoever may see reports up to a TLP. Numbers and texts only of those. */
export type Said = { title: string; why: string; facts: Facts };
export type Facts = Record<string, number | string | string[] | null>;

/**
 * What happened to an alarm. The first four ring: it was raised, became more urgent, has more to it than before (another
 * sector, another product), or its condition came back before anybody had seen the first time. `ended`: the condition;
 * `expired`: the time on the shelf.
 */
export const EVENTS = [
	'raised',
	'escalated',
	'grown',
	'again',
	'ended',
	'acknowledged',
	'shelved',
	'unshelved',
	'expired',
	'cleared'
] as const;
export type What = (typeof EVENTS)[number];
export const RINGING: readonly What[] = ['raised', 'escalated', 'grown', 'again'];
/** One thing that happened to an alarm; `actor` null: its rule, or the clock. `at` is epoch seconds. */
export type Event = { at: number; actor: string | null; what: What; detail: Record<string, unknown> };

type Common = {
	id: number;
	rule: string;
	kind: Kind;
	priority: Priority;
	standing: Standing;
	/** what the watch officer is expected to do */
	response: string;
	sector: string | null;
	province: string | null;
	/** slug of the source that it is about */
	source: string | null;
	/** the least that a viewer must be cleared for */
	tlp: Tlp;
	/** where on the desk it opens; a path */
	href: string;
	/** epoch seconds */
	raised: number;
	updated: number;
	returned: number | null;
	acknowledged: { at: number; by: string } | null;
	shelved: { until: number; by: string; reason: string } | null;
	version: number;
};

/** As it is kept: with what is said to whom, by the rank of the clearance, the lowest first. */
export type Raised = Common & { said: Saying[] };
/**
 * How urgent it is may follow from what only some may see; so may whom it concerns (ids; not given: all whom the alarm
 * does), which is not told to screens.
 */
export type Saying = { rank: number; priority: Priority; constituents?: number[] } & Said;
/** As one viewer sees it. */
export type Alarm = Common & Said;
/** In place of an alarm that a viewer may no longer see. */
export type Gone = { id: number; gone: true };

/** Whether a viewer may see it: by clearance and scope; that a source is silent concerns every scope. */
export const sees = (viewer: Pick<Viewer, 'clearance' | 'sectors' | 'provinces'>, alarm: Raised): boolean =>
	alarm.kind === 'silence' ? rank(alarm.tlp) <= rank(viewer.clearance) : within(viewer, alarm);

/** What is said to a clearance. */
export const heard = (said: readonly Saying[], clearance: Tlp): Saying | undefined =>
	said.findLast((s) => s.rank <= rank(clearance));

/** It as a clearance sees it; undefined when nothing is said to that. */
export function shown({ said, ...rest }: Raised, clearance: Tlp): Alarm | undefined {
	const mine = heard(said, clearance);
	return mine && { ...rest, priority: mine.priority, title: mine.title, why: mine.why, facts: mine.facts };
}

/** Whether it asks for somebody now: not cleared and not on the shelf. */
export const rings = (a: Pick<Common, 'standing' | 'shelved'>, now: number): boolean =>
	a.standing !== 'cleared' && !(a.shelved && a.shelved.until > now);

/** What nobody has acknowledged first, then by priority, then the latest. */
export const order = (a: Alarm, b: Alarm): number =>
	Number(a.standing !== 'unacknowledged') - Number(b.standing !== 'unacknowledged') ||
	PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
	b.raised - a.raised ||
	a.id - b.id;

import type { Kind } from './observable';

/** What a value is that is none: a family that does the same in the same way, whatever it talks to. */
export const BEHAVIOUR = 'behaviour';
export type Shared = Kind | typeof BEHAVIOUR;

/** Seconds in which sightings make one campaign, and after which one that is not seen any more is quiet. */
export const WINDOW = 7 * 86_400;

export const STATES = ['open', 'quiet', 'dismissed', 'merged'] as const;
/** `quiet`: not seen for a week; `merged`: part of another. */
export type State = (typeof STATES)[number];

/** Types whose destination is the infrastructure that an infected system talks to. */
export const CALLED: ReadonlySet<string> = new Set(['infected-system', 'dga-domain', 'malware']);
/** Types whose source is the infrastructure. */
export const SERVED: ReadonlySet<string> = new Set([
	'c2-server',
	'malware-distribution',
	'malware-configuration',
	'phishing',
	'masquerade',
	'social-engineering'
]);
/** Types that carry names and hashes of what was used, though neither end of them is infrastructure for sure. */
export const DONE: ReadonlySet<string> = new Set([
	'exploit',
	'privileged-account-compromise',
	'unprivileged-account-compromise',
	'application-compromise',
	'system-compromise',
	'sabotage',
	'data-leak',
	'unauthorised-information-access',
	'unauthorised-information-modification'
]);

/**
 * Types of which the values themselves tie reports together. Scans, floods, alerts of sensors and what is merely
 * vulnerable do not: their other end is a scanner that everybody sees, or forged. They count only where they carry an
 * indicator.
 */
export const TYPES: readonly string[] = [...CALLED, ...SERVED, ...DONE];

/** `C-12`, as a campaign is called. */
export const label = (id: number): string => `C-${id}`;
/** The number of `C-12` or `12`; undefined when it is none. */
export function number(text: string): number | undefined {
	const found = /^(?:C-)?([1-9]\d{0,8})$/i.exec(text.trim())?.[1];
	return found === undefined ? undefined : Number(found);
}

/** A campaign as far as a viewer may see it. Times are epoch seconds, to the hour. */
export type Campaign = {
	id: number;
	/** as a person named it, or after what it shares */
	name: string;
	named: boolean;
	state: State;
	first: number;
	last: number;
	/** reports */
	count: number;
	sectors: string[];
	provinces: string[];
	constituents: number;
	/** values that it shares */
	members: number;
	/** reports by day (UTC), from the first to the last */
	days: [at: number, n: number][];
	version: number;
};

/** A value that it shares, and how much of it was seen. */
export type Member = {
	id: string;
	kind: Shared;
	value: string;
	why: 'shared' | 'claimed' | 'behaviour';
	/** whether there is an indicator of it that the viewer may see */
	indicator: boolean;
	/** the person who put it here */
	by: string | null;
	count: number;
	sectors: number;
	constituents: number;
	first: number;
	last: number;
};
/** Where it was seen: a sector, a province or a constituent, by when it was seen there first. */
export type Reached = { name: string; count: number; first: number; last: number };
export type Event = { at: number; actor: string | null; action: string; detail: Record<string, unknown> };
export type Detail = Campaign & {
	shared: Member[];
	/** reports by hour and sector */
	hours: { at: number; sector: string; n: number }[];
	bySector: Reached[];
	byProvince: Reached[];
	/** null: a constituent that is gone, or not for the viewer */
	byConstituent: (Omit<Reached, 'name'> & { id: number; name: string | null; sector: string; province: string })[];
	/** cases that were opened in its sectors while it was seen: beside it in time, not said to be of it */
	incidents: { id: string; title: string; sector: string; opened: number }[];
	history: Event[];
};

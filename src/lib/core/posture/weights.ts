import type { Level } from '../severity';
import type { Band, Cause } from '../posture';

/**
 * The proposed formula, version 1, as data: what each reason weighs, in points of a hundred. No official formula was
 * found; these are ours, to be argued with. `docs/posture.md` says why each is as it is.
 */
export const VERSION = 1;

/** What an open case takes, by its level: one emergency makes a sector critical, one severe case takes it to watch. */
export const INCIDENT: Record<Level, number> = {
	emergency: 65,
	severe: 26,
	high: 14,
	medium: 5,
	low: 1.5,
	baseline: 0.5
};

/** What it takes beside that once it is past its proposed target. */
export const OVERDUE: Record<Level, number> = {
	emergency: 8,
	severe: 6,
	high: 4,
	medium: 2,
	low: 0.75,
	baseline: 0.25
};

/** What five times the usual of a class takes. What is seen most hurts least by itself. */
export const DEVIATION: ReadonlyMap<string, number> = new Map([
	['intrusions', 18],
	['availability', 14],
	['malicious-code', 14],
	['information-content-security', 14],
	['fraud', 10],
	['intrusion-attempts', 5],
	['abusive-content', 3],
	['information-gathering', 2],
	['other', 2]
]);
/** Of a class that the operator has added. */
export const OTHER_CLASS = 3;
/** `vulnerable`: it tells of exposure, not of an attack. */
export const EXPOSED_CLASS = 'vulnerable';
export const EXPOSED_MORE = 4;
/** A known-exploited product exposed at a constituent. */
export const EXPOSED = 4;
/** The whole usual volume of a sector silent; the share of it that is. */
export const STALE = 15;

/** The gravest counts whole, each further one this part of what it would have counted one place before. */
export const FURTHER: Record<Exclude<Cause, 'sector' | 'recovery' | 'staleness'>, number> = {
	incident: 0.7,
	overdue: 0.7,
	deviation: 0.8,
	exposure: 0.8
};
/** The most that a cause can take. */
export const CAP: Record<Exclude<Cause, 'sector' | 'recovery'>, number> = {
	incident: 75,
	overdue: 15,
	deviation: 30,
	exposure: 15,
	staleness: STALE
};

/** When a count above the usual begins to weigh, and when it has ended. */
export const BEGINS = { sigma: 3.5, ratio: 1.5, count: 5 };
export const ENDS = { sigma: 2.5, ratio: 1.2 };
/** It weighs whole from here on: both so far beyond chance and so many times the usual. */
export const WHOLE = { from: 2, sigma: 10, ratio: 5 };
/** Of one province only, it weighs this part. */
export const LOCAL = 0.6;
/** Seconds after which it weighs more: a half at first, three quarters, then all. */
export const SUSTAINED: readonly (readonly [after: number, part: number])[] = [
	[1800, 1],
	[900, 0.75],
	[0, 0.5]
];

/** The nation: half the mean of the worst part of the sectors, half that of all. */
export const WORST = 1 / 4;
/** Above this part of unknown sectors the nation is unknown too. */
export const KNOWN = 1 / 2;

/** The lowest value of each band. */
export const FROM: Record<Band, number> = { critical: 0, strained: 40, watch: 60, steady: 80 };
/** A band changes at once when the value is this far beyond its edge … */
export const CLEAR = 3;
/** … else when it has been beyond for so many seconds. */
export const PATIENCE = 600;
/** Points an hour that a value rises at the most. It falls at once. */
export const RISE = 6;

import { HOUR } from './clock';
import { LEVELS, type Level } from './severity';
import type { Tlp } from './tlp';

/** Phases of a case, in order (after NIST SP 800-61: triage, containment, eradication, recovery). */
export const STATUSES = ['new', 'triage', 'contain', 'eradicate', 'recover', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

/**
 * Hours in which a case of a level should be closed. Our proposal: no official deadline of the CERT Rules 2023 was
 * found, and screens say "proposed".
 */
export const TARGET_HOURS: Record<Level, number> = {
	emergency: 4,
	severe: 8,
	high: 24,
	medium: 72,
	low: 168,
	baseline: 336
};

/** One case as screens and programs see it. Times are epoch seconds. */
export type Incident = {
	/** `NCT-2026-0412` */
	id: string;
	title: string;
	summary: string;
	type: string;
	severity: Level;
	status: Status;
	sector: string | null;
	province: string | null;
	team: string | null;
	tlp: Tlp;
	opened: number;
	updated: number;
	closed: number | null;
	/** grows by one with each change; the ETag */
	version: number;
};

/** In place of an incident that a viewer may no longer see. */
export type Gone = { id: string; gone: true };

/** When a case should be closed (epoch seconds), by our proposed targets. */
export const due = (i: Pick<Incident, 'opened' | 'severity'>): number => i.opened + TARGET_HOURS[i.severity] * HOUR;

/** Most severe first, then the oldest. */
export const order = (a: Incident, b: Incident): number =>
	LEVELS.indexOf(b.severity) - LEVELS.indexOf(a.severity) || a.opened - b.opened;

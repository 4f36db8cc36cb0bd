import type { Tlp } from './tlp';

/**
 * What is told, asked and answered between the CERT and others. `abuse`: we told a network of ours; `foreign`: a CERT
 * abroad reported abuse to us; `request-in`, `request-out`: assistance asked of us, and by us; `vulnerability`: somebody
 * reported one to us.
 */
export const NOTICES = ['abuse', 'foreign', 'request-in', 'request-out', 'vulnerability'] as const;
export type NoticeKind = (typeof NOTICES)[number];

/** The steps that a notice of a kind can take, each with its moment. `closed` is remedied, actioned, closed or fixed. */
export const STEPS = ['acknowledged', 'triaged', 'closed', 'rejected'] as const;
export type NoticeStep = (typeof STEPS)[number];
export const TAKES: Record<NoticeKind, readonly NoticeStep[]> = {
	abuse: ['acknowledged', 'closed', 'rejected'],
	foreign: ['acknowledged', 'closed', 'rejected'],
	'request-in': ['acknowledged', 'closed', 'rejected'],
	'request-out': ['acknowledged', 'closed', 'rejected'],
	vulnerability: ['acknowledged', 'triaged', 'closed', 'rejected']
};

/** Times are epoch seconds; a step of null has not been taken, or nobody has recorded it. */
export type Notice = {
	id: number;
	kind: NoticeKind;
	/** what it is about, see `core/abuse`; a type of null: all of the network */
	network: string | null;
	type: string | null;
	/** whom we told or asked, or who told or asked us */
	party: string;
	reference: string;
	note: string;
	tlp: Tlp;
	at: number;
	by: string;
	changedBy: string | null;
	updated: number;
	version: number;
} & Record<NoticeStep, number | null>;

import { span } from '$lib/core/clock';
import type { NoticeKind, NoticeStep } from '$lib/core/notice';
import type { Spread, Standing } from '$lib/core/remedy';

/** How a network stands with one kind of abuse, in words and a mark: never by colour alone. */
export const STANDING: Record<Standing, { word: string; mark: string; why: string }> = {
	returned: { word: 'came back', mark: '↺', why: 'It had been remedied, was seen again, and has not been told again.' },
	open: {
		word: 'told, open',
		mark: '●',
		why: 'The network was told, and it is still seen or not quiet for long enough.'
	},
	unwatched: {
		word: 'told, not watched',
		mark: '?',
		why: 'It has not been seen for long enough, but a source that saw it does not deliver: nobody can say.'
	},
	unreported: { word: 'not told', mark: '○', why: 'Nobody has told the network.' },
	remedied: { word: 'remedied', mark: '✓', why: 'It has not been seen for long enough since, or a person has said so.' }
};

/** Kinds of notices as people read them; `party` is what the other side is called. */
export const NOTICE: Record<NoticeKind, { name: string; party: string; steps: Partial<Record<NoticeStep, string>> }> = {
	abuse: {
		name: 'Network told of abuse',
		party: 'Whom',
		steps: { acknowledged: 'acknowledged', closed: 'remedied', rejected: 'rejected' }
	},
	foreign: {
		name: 'Report from a CERT abroad',
		party: 'From',
		steps: { acknowledged: 'acknowledged', closed: 'acted on', rejected: 'rejected' }
	},
	'request-in': {
		name: 'Assistance asked of us',
		party: 'By',
		steps: { acknowledged: 'acknowledged', closed: 'closed', rejected: 'declined' }
	},
	'request-out': {
		name: 'Assistance asked by us',
		party: 'Of',
		steps: { acknowledged: 'acknowledged', closed: 'closed', rejected: 'declined' }
	},
	vulnerability: {
		name: 'Vulnerability reported to us',
		party: 'By',
		steps: { acknowledged: 'acknowledged', triaged: 'triaged', closed: 'fixed', rejected: 'rejected' }
	}
};

/** A network as people read it. */
export const network = (code: string): string =>
	code === 'unknown' ? 'Network not known' : code.startsWith('constituent:') ? `Constituent ${code.slice(12)}` : code;

/** The address of the page of one abuse. */
export const href = (p: { network: string; type: string }): string =>
	`/outbound/case?network=${encodeURIComponent(p.network)}&type=${encodeURIComponent(p.type)}`;

/** `median 3 d, nine in ten within 12 d` */
export const took = (s: Spread | null): string | null =>
	s && `median ${span(s.median)}${s.n > 1 ? `, nine in ten within ${span(s.p90)}` : ''}`;

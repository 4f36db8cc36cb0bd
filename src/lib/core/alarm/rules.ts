import type { Kind, Priority } from '../alarm';
import type { Params } from './params';

/**
 * When an alarm is raised. `priority` is what the rule gives; those of surges and of overdue cases follow from what was
 * seen, and are never above it.
 */
export type Rule<K extends Kind = Kind> = {
	[P in K]: {
		slug: string;
		kind: P;
		name: string;
		priority: Priority;
		params: Params[P];
		/** what the watch officer is expected to do */
		response: string;
		enabled: boolean;
	};
}[K];
/** As it stands in the database; `by` null: as it came. `updated` is epoch seconds. */
export type Kept<K extends Kind = Kind> = Rule<K> & { version: number; updated: number; by: string | null };

/** What alarms of each kind are called, where many of them stand in one line. */
export const NAMES: Record<Kind, string> = {
	surge: 'surge',
	silence: 'silent sources',
	indicator: 'shared indicators',
	incident: 'incidents',
	exposure: 'exposed products',
	cert: 'attacks on a CERT'
};

/** First content of the table `rules`; the figures are our proposal, and a backtest says what a change would do. */
export const RULES: Rule[] = [
	{
		slug: 'surge',
		kind: 'surge',
		name: 'Far more reports than usual',
		priority: 'high',
		params: {
			sigma: 5,
			risk: 4,
			ends: 2.5,
			hold: 15,
			count: 8,
			ratio: 1.5,
			medium: 7,
			high: 12,
			weigh: ['intrusions', 'malicious-code', 'fraud', 'availability', 'information-content-security']
		},
		response:
			'Open the sector or province and look at what is reported and by which sources. Ask one organisation that is concerned whether it feels it. If it does, open an incident and tell the team of the sector; if one source counts differently, say so in the note.',
		enabled: true
	},
	{
		slug: 'silence',
		kind: 'silence',
		name: 'A source is silent',
		priority: 'medium',
		params: { grace: 10, hold: 5 },
		response:
			'Take the numbers that it brings as unknown, not as low. Look at its last error on the page of sources; call the one who runs it. Shelve the alarm when the pause is planned.',
		enabled: true
	},
	{
		slug: 'indicator-sectors',
		kind: 'indicator',
		name: 'The same indicator in several sectors',
		priority: 'high',
		params: { of: 'sectors', least: 3, hours: 24, hold: 60 },
		response:
			'Open the indicator: who says so, and where was it seen first. Tell the teams of the sectors concerned the same hour; ask them to look for it and to block it. Open an incident when one of them confirms a compromise.',
		enabled: true
	},
	{
		slug: 'indicator-constituents',
		kind: 'indicator',
		name: 'The same indicator at several constituents',
		priority: 'medium',
		params: { of: 'constituents', least: 3, hours: 24, hold: 60 },
		response:
			'Open the indicator and see whom it concerns. Tell those constituents and their team; ask whether they have a supplier or a service in common.',
		enabled: true
	},
	{
		slug: 'incident-severe',
		kind: 'incident',
		name: 'A severe incident is open',
		priority: 'high',
		params: { when: 'opened', levels: ['severe', 'emergency'], grace: 0, hold: 0 },
		response:
			'Read the case. See that a team has it and has answered. Tell the director on duty; ask for a decision on the national level if it can spread.',
		enabled: true
	},
	{
		slug: 'incident-overdue',
		kind: 'incident',
		name: 'A case is past its proposed target',
		priority: 'high',
		params: { when: 'overdue', levels: ['medium', 'high', 'severe', 'emergency'], grace: 0, hold: 0 },
		response:
			'Ask the team for its state and its next step, and write both into the case. If nobody works on it, give it to somebody.',
		enabled: true
	},
	{
		slug: 'kev-exposed',
		kind: 'exposure',
		name: 'A product that is known to be exploited is exposed',
		priority: 'medium',
		params: { hours: 48, hold: 60 },
		response:
			'Tell the constituent which machine it is and what the vendor asks for, with the date until when. Ask for signs that it has been used already. Look again after a day.',
		enabled: true
	},
	{
		slug: 'cert-attacked',
		kind: 'cert',
		name: 'A CERT itself is attacked',
		priority: 'high',
		params: {
			classes: [
				'malicious-code',
				'intrusion-attempts',
				'intrusions',
				'availability',
				'information-content-security',
				'fraud'
			],
			least: 5,
			minutes: 60,
			organisations: [],
			hold: 30
		},
		response:
			'Tell the head of that CERT by telephone, not by mail. Take what it sends meanwhile with care. Record it: a CERT is not to be attacked (UN norm k).',
		enabled: true
	}
];

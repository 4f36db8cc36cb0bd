import type { Alarm } from '$lib/core/alarm';
import { HOUR } from '$lib/core/clock';
import type { Judged } from '$lib/core/judgement';
import type { State } from '$lib/picture/live.svelte';
import type { Row } from '$lib/ui/chart/Heatmap.svelte';

/** Numbers for the page of the design: none of them was ever counted. The moment is fixed, so that a picture of it is too. */
export const NOW = Date.UTC(2026, 10, 24, 9, 30) / 1000;

/** What is judged of a count that is so many σ off. */
export const judged = (sigma: number | null, state: Judged[10] = 'judged'): Judged => [
	'hour',
	NOW - (NOW % HOUR),
	'PK-SD',
	'banking',
	'',
	Math.max(0, Math.round(100 + 10 * (sigma ?? 0))),
	100,
	65,
	135,
	sigma,
	state
];

export const SIGMAS = [-6.2, -3.4, -2.1, 0.4, 2.2, 3.4, 4.6, 7.8, 140];

export const hours = Array.from({ length: 24 }, (_, i) => NOW - (NOW % HOUR) - (23 - i) * HOUR);

const wave = (height: number, shift: number) =>
	hours.map((_, i) => Math.max(0, Math.round(height * (1 + Math.sin((i + shift) / 3.8) + ((i * 7 + shift) % 5) / 10))));
const compared = (height: number, shift: number, at: number, sigma: number) => {
	const counts = wave(height, shift);
	return { counts, judged: counts.map((_, i) => judged(i === at ? sigma : ((i * 5 + shift) % 7) / 3 - 1)) };
};

export const counted: Row[] = [
	{ key: 'a', name: 'Banking & finance', href: null, counts: wave(120, 1) },
	{ key: 'b', name: 'Telecom', href: null, counts: wave(60, 5) },
	{ key: 'c', name: 'Water', href: null, counts: wave(1, 2) },
	{
		key: 'd',
		name: 'A sector with a name that is longer than anybody planned',
		href: null,
		counts: wave(1_400_000, 3)
	},
	{ key: 'e', name: 'Defence', href: null, counts: null }
];
export const against: Row[] = [
	{ key: 'a', name: 'Banking & finance', href: null, ...compared(120, 1, 20, 7.8) },
	{ key: 'b', name: 'Telecom', href: null, ...compared(60, 5, 14, -4.2) },
	{
		key: 'c',
		name: 'Water',
		href: null,
		counts: wave(1, 2),
		judged: hours.map((_, i) => (i > 18 ? judged(null, 'no-data') : judged(null, 'learning')))
	}
];

const live = (state: State, extra: object = {}) => ({
	state,
	at: NOW,
	age: 0.3,
	caught: null as number | null,
	missed: null as number | null,
	refusal: null as { code: string; message: string } | null,
	...extra
});
export const FRESH = [
	live('connecting'),
	live('live'),
	live('live', { caught: 95, missed: 1204 }),
	live('live', { caught: 7400 }),
	live('stale', { age: 14 }),
	live('broken', { age: 130 }),
	live('refused', { age: 300, refusal: { code: 'unauthenticated', message: 'the session or token has ended.' } })
];

export const SOURCES = [
	{ name: 'Shadow Scan', last: NOW - 600, cadence: HOUR },
	{ name: 'WASA water', last: NOW - 2 * HOUR, cadence: HOUR },
	{ name: 'Sensors GB', last: NOW - 9 * HOUR, cadence: HOUR },
	{ name: 'A new one', last: null, cadence: HOUR }
];

const alarm = (id: string, title: string, priority: Alarm['priority'], standing: Alarm['standing'], age: number) =>
	({ id, title, priority, standing, raised: NOW - age, returned: null, shelved: null }) as unknown as Alarm;
export const ALARMS = [
	alarm(
		'1',
		'Severe incident: invented credential theft at four banks, with a title that goes on and on',
		'high',
		'unacknowledged',
		120
	),
	alarm('2', 'Invented sensors are silent', 'medium', 'acknowledged', 1900),
	alarm('3', 'Invented counts fell', 'low', 'unacknowledged', 7300)
];

export const HOW = {
	what: 'Observations: single reports of single events, after those that came twice were left out.',
	sources: 'All sources that you may see; 10 of 12 were on time.',
	window: 'The last 24 whole hours and this one so far, by the time of the event, in PKT.',
	left: 'Reports in quarantine, and reports marked above your clearance.'
};

import type { Alarm } from '$lib/core/alarm';
import type { Line } from '$lib/core/brief';
import { day, floor, HOUR, MINUTE, pkt, span } from '$lib/core/clock';
import type { Incident } from '$lib/core/incident';
import { find, type Judged } from '$lib/core/judgement';
import type { Declared } from '$lib/core/picture';
import type { Posture } from '$lib/core/posture';
import { href } from '$lib/core/slice';
import { health, type Source } from '$lib/core/source';
import type { Tally } from '$lib/core/tally';
import type { Role } from '$lib/core/viewer';
import { change, count, percent, plural } from '$lib/ui/base/number';
import { between, figure } from '$lib/ui/chart/deviation';
import { word } from './against';
import { bad, grave } from './decision';
import type { Then } from './past';

/** The picture as the page and the brief read it. */
export type Now = {
	now: number;
	at: number;
	level: Declared | null;
	posture: Posture | null;
	tally: Tally;
	usual: ReadonlyMap<string, Judged>;
	incidents: Incident[];
	sources: Source[];
	alarms: Alarm[];
};

/** What is seen most and hurts least by itself; it would hide everything else in one sum. */
const BACKGROUND = ['information-gathering', 'intrusion-attempts', 'vulnerable'];

/**
 * What changed, a line each, against an earlier time. Of what is not known of that time the line says so.
 * @param close the median time to close now, null when there are too many cases to read
 * @param role decides what may be opened
 */
export function lines(now: Now, then: Then, close: { median: number | null; n: number } | null, role: Role): Line[] {
	const when = word(then.against);
	/** `+4 since yesterday` */
	const since = (n: number, before: number) => (n === before ? `as ${when}` : `${change(n - before)} since ${when}`);
	const unknown = `not known ${when}`;
	const open = now.incidents.filter(grave).length;
	const index = now.posture?.sectors.length ? now.posture : null;
	const states = now.sources.map((s) => health(s, now.now));
	const silent = states.filter((s) => s === 'silent').length;
	const late = states.filter((s) => s === 'late').length;
	return [
		{
			label: 'Severe and high incidents open',
			href: '/incidents?status=open',
			now: count(open),
			was: then.open === null ? unknown : since(open, then.open)
		},
		...counted(now, then, role),
		...(index
			? [
					{
						label: 'Sectors strained or critical',
						href: '#affected',
						now: count(index.sectors.filter(bad).length),
						note: `of ${count(index.sectors.length)}`,
						was: then.index ? since(index.sectors.filter(bad).length, then.index.bad) : `no index ${when}`
					}
				]
			: []),
		{
			label: 'Median time to close, 30 days',
			href: '/incidents?status=closed',
			now: close?.median == null ? '–' : span(close.median),
			note: close ? `${plural(close.n, 'case')} closed` : 'not read: too many cases',
			was: then.close?.median == null ? (close ? unknown : '') : `was ${span(then.close.median)} ${when}`
		},
		{
			label: 'Sources silent',
			href: '/sources',
			now: count(silent),
			note: `of ${count(now.sources.length)}${late ? `, ${count(late)} late` : ''}`,
			was: then.silent === null ? unknown : since(silent, then.silent),
			warn: silent > 0
		}
	];
}

/** Observations: against the usual where that is known, else by what they are. */
function counted(now: Now, then: Then, role: Role): Line[] {
	const when = word(then.against);
	const hours = now.tally.shown;
	const judged = find(now.usual, 'now', {});
	const to = floor(now.at, MINUTE);
	if (judged?.[9] != null)
		return [
			{
				label: 'Observations against the usual',
				note: `${count(judged[5])} in the last hour, usually ${between(judged)}`,
				href: href(role, { from: to - HOUR, to }) ?? '/sectors',
				course: hours.slice(0, -1).map((at) => {
					const j = find(now.usual, 'hour', { at });
					return j && j[6] > 0 ? j[5] / j[6] : 0;
				}),
				now: `${figure(judged[9])}σ`,
				was: then.counts ? `${count(then.counts.hour)} an hour ${when}` : `not known ${when}`
			}
		];
	const volume = (label: string, mine: (cls: string) => boolean): Line => {
		const classes = [...now.tally.classes].filter(([cls]) => mine(cls));
		const n = classes.reduce((sum, [cls]) => sum + now.tally.total(now.tally.classes, cls), 0);
		const before = then.counts && [...then.counts.classes].reduce((sum, [cls, k]) => (mine(cls) ? sum + k : sum), 0);
		return {
			label,
			note: 'in 24 hours',
			href: href(role, { from: hours[0] ?? to, to }) ?? '/sectors',
			// Whole hours only: the present one would always look like a fall.
			course: hours.slice(0, -1).map((h) => classes.reduce((sum, [, by]) => sum + (by.get(h) ?? 0), 0)),
			now: count(n),
			was: before === null ? `not known ${when}` : `${percent(n, before) ?? change(n - before)} since ${when}`
		};
	};
	return [
		volume('Scans, attempts and exposures', (cls) => BACKGROUND.includes(cls)),
		volume('All other observations', (cls) => !BACKGROUND.includes(cls))
	];
}

/** `was 2 yesterday`, of the level. */
export const levelThen = (then: Then): string =>
	then.level ? `was ${then.level} ${word(then.against)}` : `none was declared ${word(then.against)}`;

/** What the page is compared with, to the minute. */
export const moment = (then: Then): string => `${day(then.at)}, ${pkt(then.at)}`;

/** Alarms that ring, in a sentence. */
export function rings(ringing: Alarm[]): string {
	if (!ringing.length) return 'No alarm rings.';
	const high = ringing.filter((a) => a.priority === 'high').length;
	const unseen = ringing.filter((a) => a.standing === 'unacknowledged' || a.standing === 'returned').length;
	return `${plural(ringing.length, 'alarm rings', 'alarms ring')}${high ? `, ${count(high)} of high priority` : ''}${unseen ? `; ${count(unseen)} not seen by anybody yet` : ''}.`;
}

/** Names of sectors as they stand within a sentence; abbreviations keep their capitals. */
export const names = (sectors: { slug: string; name: string }[]): Map<string, string> =>
	new Map(
		sectors.map((s) => [s.slug, /^[A-Z]{2}/.test(s.name) ? s.name : s.name.charAt(0).toLowerCase() + s.name.slice(1)])
	);

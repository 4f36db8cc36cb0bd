import type { Brief, Row } from '$lib/core/brief';
import { day, floor, HOUR, pkt, span } from '$lib/core/clock';
import { rings as alarmRings } from '$lib/core/alarm';
import { order, type Incident } from '$lib/core/incident';
import { name } from '$lib/core/judgement';
import { NO_SOURCE, type Index, type Posture } from '$lib/core/posture';
import { sentence } from '$lib/core/posture/sentence';
import { Tally } from '$lib/core/tally';
import type { Viewer } from '$lib/core/viewer';
import { change } from '$lib/ui/base/number';
import type { App } from '$lib/server/app';
import * as incident from '$lib/server/store/incident';
import { word, type Against } from './against';
import { bad, decisions, grave } from './decision';
import { levelThen, lines, names, rings, type Now } from './lines';
import * as past from './past';

/** Cases, and things to decide, that a page may have room for. */
const CASES = 8;
const DECISIONS = 12;
/** Characters of a text of a case that are taken along: a line holds far less. */
const TEXT = 400;

/** The posture page of a viewer in words: what may be put on paper, and nothing above the clearance. */
export async function read(app: App, viewer: Viewer, against: Against): Promise<Brief> {
	const view = app.live.view(viewer, {});
	const named = view.incidents.filter(grave).sort(order);
	const all = await past.cases(app.client, viewer);
	const [then, details] = await Promise.all([
		past.before(app.client, viewer, view, against, all),
		Promise.all(named.slice(0, CASES).map((i) => incident.get(app.client, viewer, i.id).catch(() => null)))
	]);
	const now: Now = {
		...view,
		now: view.at,
		tally: Tally.of(view.tally),
		usual: new Map(view.usual.map((row) => [name(row), row]))
	};
	const waiting = decisions(view.level, view.incidents.toSorted(order), view.sources, view.at);
	const ringing = view.alarms.filter((a) => alarmRings(a, view.at));
	const teams = new Map(app.reference.teams.map((t) => [t.slug, t.name]));
	const note = new Map(details.flatMap((d) => (d ? [[d.incident.id, past.lastNote(d.history)?.text] as const] : [])));
	const index = view.posture?.sectors.length ? view.posture : null;
	return {
		title: viewer.sectors || viewer.provinces ? 'Posture within your scope' : 'National posture',
		tlp: viewer.clearance,
		exercise: app.mode === 'exercise',
		at: view.at,
		when: word(against),
		level: view.level,
		then: levelThen(then),
		sentence:
			(view.posture && sentence(view.posture, names(app.reference.sectors), view.at)) ||
			(view.posture?.withheld ?? 'No posture index was made yet: what stands below is counted, not judged.'),
		changed: lines(now, then, all && past.timeToClose(all, view.at), viewer.role),
		affected: index
			? indexed(index, then, app.reference.sectors, view.at)
			: counted(now.tally, then, app.reference.sectors, viewer.sectors),
		doing: named.slice(0, CASES).map((i) => doing(i, note.get(i.id), teams, view.at)),
		cases: named.length,
		decisions: waiting.slice(0, DECISIONS),
		waiting: waiting.length,
		rings: rings(ringing)
	};
}

const doing = (i: Incident, note: string | undefined, teams: Map<string, string>, now: number) => ({
	severity: i.severity,
	title: i.title,
	text: (note ?? (i.summary || 'No note yet')).slice(0, TEXT),
	who: i.team ? (teams.get(i.team) ?? i.team) : 'no team',
	phase: `${i.status} · ${span(now - i.opened)}`
});

type Sectors = { slug: string; short: string }[];

/** The index by sector, the lowest first; what is unknown stands before what is steady. */
function indexed(posture: Posture, then: past.Then, sectors: Sectors, now: number): Brief['affected'] {
	const short = new Map(sectors.map((s) => [s.slug, s.short]));
	const row = (name: string, index: Index, before: number | null): Row => ({
		name,
		value: index.value,
		before,
		was:
			index.value === null ? unknown(index, now) : before === null ? since(index, now) : change(index.value - before),
		band: bad(index) ? (index.band as 'critical' | 'strained') : null
	});
	const place = (s: Index) => s.value ?? 79.5;
	return {
		note: `index 0 to 100; ${then.index ? `the mark is ${word(then.against)}` : `none was made ${word(then.against)}`}`,
		max: 100,
		rows: posture.sectors
			.toSorted((a, b) => place(a) - place(b))
			.map((s) => row(short.get(s.sector) ?? s.sector, s, then.index?.values.get(s.sector) ?? null)),
		last: posture.nation && row('The nation', posture.nation, then.index?.values.get('') ?? null)
	};
}

const unknown = (index: Index, now: number): string =>
	index.unknown === NO_SOURCE
		? NO_SOURCE
		: `stale ${span(now - index.since < HOUR ? now - index.since : floor(now - index.since, HOUR))}`;

const since = (index: Index, now: number): string =>
	bad(index) ? `since ${day(index.since) === day(now) ? pkt(index.since) : day(index.since)}` : '';

/** Where there is no index: observations by sector. */
function counted(tally: Tally, then: past.Then, sectors: Sectors, scope: string[] | null): Brief['affected'] {
	const rows = sectors
		.filter((s) => !scope || scope.includes(s.slug))
		.map((s): Row => {
			const value = tally.total(tally.sectors, s.slug);
			const before = then.counts && (then.counts.sectors.get(s.slug) ?? 0);
			return { name: s.short, value, before, was: before === null ? '' : change(value - before), band: null };
		})
		.sort((a, b) => b.value! - a.value!);
	return {
		note: `observations in 24 h${then.counts ? `; the mark is ${word(then.against)}` : ''}`,
		max: Math.max(101, ...rows.map((r) => Math.max(r.value!, r.before ?? 0))),
		rows,
		last: null
	};
}

/** What the file is called: `posture-2026-11-24-2145-tlp-amber.pdf`, with the time in PKT. */
export function file({ at, tlp, exercise }: Brief): string {
	const time = new Date((at + 5 * HOUR) * 1000).toISOString().slice(0, 16).replace('T', '-').replace(':', '');
	return `${exercise ? 'exercise-' : ''}posture-${time}-tlp-${tlp.replace('+', '-')}.pdf`;
}

import { DAY, floor, HOUR, MINUTE } from '$lib/core/clock';
import type { Incident } from '$lib/core/incident';
import type { Kept } from '$lib/core/level';
import type { Posture } from '$lib/core/posture';
import { LEVELS } from '$lib/core/severity';
import { Tally, type TallyData } from '$lib/core/tally';
import type { Viewer } from '$lib/core/viewer';
import * as aggregate from '$lib/server/store/aggregate';
import type { Client } from '$lib/server/store/client';
import * as incident from '$lib/server/store/incident';
import * as level from '$lib/server/store/level';
import * as posture from '$lib/server/store/posture';
import { back, type Against } from './against';
import { bad, grave } from './decision';

/** How much of the past one page may read; beyond it, a comparison is left out rather than made from a part. */
const PAGES = 5;
const CASES = 60;
const LEVELS_READ = 500;

/** The values of an earlier index by sector, that of the nation under an empty name, and how bad it was. */
export const values = ({ sectors, nation }: Posture) => ({
	values: new Map<string, number | null>([
		...sectors.map((s) => [s.sector, s.value] as const),
		['', nation?.value ?? null]
	]),
	bad: sectors.filter(bad).length
});

/** The level that held at `t` (epoch seconds): its number, 0 when none was declared, of those that `levels` tells of. */
export function levelAt(levels: Kept[], t: number): number {
	const held = levels.find((l) => l.since <= t && (l.ended === null || l.ended > t));
	return held ? LEVELS.indexOf(held.level) + 1 : 0;
}

/** What is known of an earlier time; null: nothing is. */
export type Then = {
	against: Against;
	/** epoch seconds */
	at: number;
	level: number;
	index: ReturnType<typeof values> | null;
	/** the same hours as are shown, and the same last hour, by sector and by class */
	counts: { sectors: Map<string, number>; classes: Map<string, number>; hour: number } | null;
	open: number | null;
	close: ReturnType<typeof timeToClose> | null;
	silent: number | null;
};

const sums = (cells: aggregate.Cell[], of: (cell: aggregate.Cell) => string | undefined): Map<string, number> => {
	const out = new Map<string, number>();
	for (const cell of cells) out.set(of(cell) ?? '', (out.get(of(cell) ?? '') ?? 0) + cell.count);
	return out;
};

/**
 * How things stood `back(against)` before `view`, as the viewer may see it.
 * @param all every case, null when they are too many to be read
 */
export async function before(
	client: Client,
	viewer: Viewer,
	view: { at: number; tally: TallyData },
	against: Against,
	all: Incident[] | null
): Promise<Then> {
	const shift = back(against);
	const at = view.at - shift;
	const from = (Tally.of(view.tally).shown[0] ?? view.at - DAY) - shift;
	const to = floor(at, MINUTE);
	const [index, levels, begun] = await Promise.all([
		posture.past(client, viewer, at),
		level.list(client.sql, LEVELS_READ),
		posture.since(client)
	]);
	const counted = begun !== null && begun <= from;
	const [day, hour, silent, open] = await Promise.all([
		counted ? aggregate.run(client, viewer, { by: ['sector', 'class'], from, to }) : null,
		counted ? aggregate.run(client, viewer, { by: ['class'], from: to - HOUR, to }) : null,
		index ? posture.silent(client, viewer, at) : null,
		// A case may be told of that was opened before anything was counted; without either, nobody knew of any.
		all && (counted || index || all.some((i) => i.opened <= at)) ? openAt(client, viewer, all, at) : null
	]);
	return {
		against,
		at,
		level: levelAt(levels, at),
		index: index?.sectors.length ? values(index) : null,
		counts: day && {
			sectors: sums(day.cells, (c) => c.sector),
			classes: sums(day.cells, (c) => c.class),
			hour: hour?.total ?? 0
		},
		open,
		close: all && timeToClose(all, at),
		silent
	};
}

type Event = { at: number; change: Record<string, unknown> };

/** Whether a case was open, and severe or high, at `t` (epoch seconds), by its history. */
export function graveAt(history: Event[], t: number): boolean {
	let severity: unknown;
	let status: unknown;
	for (const event of history.filter((e) => e.at <= t).sort((a, b) => a.at - b.at)) {
		severity = event.change.severity ?? severity;
		status = event.change.status ?? status;
	}
	return status !== undefined && status !== 'closed' && grave({ severity: severity as Incident['severity'] });
}

/** The cases that a viewer may see, closed ones too, newest first; null when there are too many to read for a page. */
export async function cases(client: Client, viewer: Viewer): Promise<Incident[] | null> {
	const all: Incident[] = [];
	let cursor: string | undefined;
	for (let page = 0; page < PAGES; page++) {
		const { incidents, next } = await incident.list(client, viewer, { status: 'all', limit: 200, cursor });
		all.push(...incidents);
		if (!next) return all;
		cursor = next;
	}
	return null;
}

/** How many severe and high cases were open at `t`; null when too much has changed since to read it for a page. */
export async function openAt(client: Client, viewer: Viewer, all: Incident[], t: number): Promise<number | null> {
	const then = all.filter((i) => i.opened <= t && (i.closed === null || i.closed > t));
	const changed = then.filter((i) => i.updated > t);
	if (changed.length > CASES) return null;
	const histories = await Promise.all(changed.map((i) => incident.get(client, viewer, i.id)));
	// A case of an exercise may be written down later than it was opened.
	const told = histories.map(({ incident, history }) =>
		history.map((e) => (e.version === 1 ? { ...e, at: incident.opened } : e))
	);
	return then.filter((i) => i.updated <= t && grave(i)).length + told.filter((history) => graveAt(history, t)).length;
}

/** Median of the times from open to close (seconds) of the cases closed in the 30 days before `now`, and of how many; a
 * case that was written down when it was over already has no such time.
 */
export function timeToClose(all: Incident[], now: number): { median: number | null; n: number } {
	const times = all
		.flatMap((i) =>
			i.closed !== null && i.closed > i.opened && i.closed > now - 30 * DAY && i.closed <= now
				? [i.closed - i.opened]
				: []
		)
		.sort((a, b) => a - b);
	const middle = times.length >> 1;
	const median = times.length % 2 ? times[middle] : ((times[middle - 1] ?? 0) + (times[middle] ?? 0)) / 2;
	return { median: times.length ? (median ?? null) : null, n: times.length };
}

/** The newest note in a case's history. */
export function lastNote(
	history: { at: number; actor: string; change: Record<string, unknown> }[]
): { at: number; actor: string; text: string } | null {
	const noted = history
		.filter((e) => typeof e.change.note === 'string' && e.change.note !== '')
		.sort((a, b) => b.at - a.at)[0];
	return noted ? { at: noted.at, actor: noted.actor, text: String(noted.change.note) } : null;
}

import { DAY } from '$lib/core/clock';
import type { Incident } from '$lib/core/incident';
import type { Posture } from '$lib/core/posture';
import type { Viewer } from '$lib/core/viewer';
import type { Client } from '$lib/server/store/client';
import * as incident from '$lib/server/store/incident';
import { bad, grave } from './decision';

/** How much of the past one page may read; beyond it, a comparison is left out rather than made from a part. */
const PAGES = 5;
const CASES = 60;

/** The values of an earlier index by sector, that of the nation under an empty name, and how bad it was. */
export const values = (when: string, posture: Posture) => ({
	when,
	values: new Map<string, number | null>([
		...posture.sectors.map((s) => [s.sector, s.value] as const),
		['', posture.nation?.value ?? null]
	]),
	bad: posture.sectors.filter(bad).length
});

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
			i.closed !== null && i.closed > i.opened && i.closed > now - 30 * DAY ? [i.closed - i.opened] : []
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

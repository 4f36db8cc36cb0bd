import { group } from 'd3-array';
import { course, type Course, type Report, type Run, type Watched } from '$lib/core/remedy';
import { DAY, HOUR } from '$lib/core/clock';
import { rank } from '$lib/core/tlp';
import type { Viewer } from '$lib/core/viewer';
import type { Sql } from '../client';
import * as scope from '../scope';
import { visible } from '../notice';
import { counted } from './days';

/** What became of one kind of abuse in one network since it was told; `rejected`: the network said no to the last report. */
export type Case = Course & { network: string; type: string; reported: number; rejected: boolean };

type Told = { network: string; type: string | null; at: number; closed: number | null; rejected: number | null };
type Stretch = Run & { network: string; type: string };

/**
 * The cases of what the viewer may see, by network and type. Everything is worked out from what the viewer may see, so
 * that who sees less of a network learns nothing of the rest.
 * @param quiet days
 */
export async function cases(
	sql: Sql,
	viewer: Viewer,
	quiet: number,
	now: number,
	only?: { network: string; type: string }
): Promise<Case[]> {
	const told = await sql<Told[]>`
		select n.network, n.type, extract(epoch from n.at)::float8 as at, extract(epoch from n.closed_at)::float8 as closed, extract(epoch from n.rejected_at)::float8 as rejected
		from notices n where n.kind = 'abuse' and ${visible(sql, viewer)} ${only ? sql`and n.network = ${only.network} and (n.type is null or n.type = ${only.type})` : sql``} order by n.at, n.id`;
	if (!told.length) return [];
	const stretches = await runs(sql, viewer, told, quiet);
	const watched = await watch(sql);
	const all = new Map<string, { network: string; type: string; runs: Run[]; reports: (Report & Told)[] }>();
	const of = (network: string, type: string) => {
		const key = `${network} ${type}`;
		const known = all.get(key);
		if (known) return known;
		const made = { network, type, runs: [], reports: [] };
		all.set(key, made);
		return made;
	};
	for (const { network, type, ...run } of stretches) of(network, type).runs.push(run);
	const types = new Map<string, { type: string; first: number }[]>();
	for (const { network, type, runs } of all.values())
		types.set(network, [...(types.get(network) ?? []), { type, first: runs[0]!.first }]);
	for (const t of told)
		// What was told of a whole network concerns what had been seen of it by then.
		for (const type of t.type === null
			? (types.get(t.network) ?? []).filter((k) => k.first <= t.at).map((k) => k.type)
			: [t.type])
			of(t.network, type).reports.push({ ...t, at: t.at, closed: t.closed });
	return [...all.values()]
		.filter((a) => a.reports.length && (!only || a.type === only.type))
		.map(({ network, type, runs, reports }) => ({
			network,
			type,
			...course(runs, reports, watched, quiet, now),
			reported: reports.at(-1)!.at,
			rejected: reports.at(-1)!.rejected !== null
		}));
}

/**
 * Stretches of sightings without a gap of `quiet` days, in order of time, with the sources that saw it before and after,
 * or then. The first begins and the last ends with a sighting, the others with the beginning and the end of a day.
 */
async function runs(
	sql: Sql,
	viewer: Viewer,
	told: Pick<Told, 'network' | 'type'>[],
	quiet: number
): Promise<Stretch[]> {
	const asked = [...new Map(told.map((t) => [`${t.network} ${t.type}`, t])).values()];
	const wanted = sql`(select distinct network, type from unnest(${asked.map((t) => t.network)}::text[], ${asked.map((t) => t.type)}::text[]) as a (network, type)) a`;
	const mine = sql`(a.type is null or f.type = a.type) and ${counted(sql)} and ${scope.facets(sql, viewer)}`;
	const [pairs, seen] = await Promise.all([
		sql<{ network: string; type: string; first: number; last: number; from: number[]; to: number[] }[]>`
			select p.network, p.type, p.first, p.last, array_agg(lower(r) - '1970-01-01'::date order by lower(r)) as from, array_agg(upper(r) - '1970-01-01'::date order by lower(r)) as to
			from (
				select p.network, f.type, extract(epoch from min(p.first_at))::float8 as first, extract(epoch from max(p.last_at))::float8 as last, range_agg(p.days) as days
				from ${wanted} join outbound_pairs p on p.network = a.network join facets f on f.id = p.facet_id where ${mine} group by 1, 2
			) p cross join lateral unnest(p.days) r group by 1, 2, 3, 4`,
		sql<{ network: string; type: string; source: number; first: number; last: number }[]>`
			select s.network, f.type, s.source_id as source, extract(epoch from min(s.first_at))::float8 as first, extract(epoch from max(s.last_at))::float8 as last
			from ${wanted} join outbound_seen s on s.network = a.network join facets f on f.id = s.facet_id where ${mine} group by 1, 2, 3`
	]);
	const by = group(seen, (s) => `${s.network} ${s.type}`);
	return pairs.flatMap(({ network, type, first, last, from, to }) =>
		joined(from, to, quiet).map(([a, b]) => {
			const run = { first: Math.max(first, beginning(a)), last: Math.min(last, beginning(b) - 1) };
			const sources = (by.get(`${network} ${type}`) ?? []).filter((s) => s.first <= run.last && s.last >= run.first);
			return { network, type, ...run, sources: sources.map((s) => s.source) };
		})
	);
}

/** Ranges of days (from, until before) with those joined that lie less than `quiet` days apart. */
function joined(from: number[], to: number[], quiet: number): [number, number][] {
	const all: [number, number][] = [];
	for (const [i, start] of from.entries()) {
		const last = all.at(-1);
		if (last && start - last[1] < quiet) last[1] = to[i]!;
		else all.push([start, to[i]!]);
	}
	return all;
}

/** On how many days of a range a source delivered. */
export async function watch(sql: Sql): Promise<Watched> {
	const rows = await sql<
		{ source: number; days: number[] }[]
	>`select source_id as source, array_agg(day - '1970-01-01'::date order by day) as days from outbound_watch group by 1`;
	const bySource = new Map(rows.map((r) => [r.source, r.days]));
	/** how many of sorted days are before one */
	const before = (days: number[], day: number): number => {
		let [low, high] = [0, days.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (days[middle]! < day) low = middle + 1;
			else high = middle;
		}
		return low;
	};
	return (source, from, to) => {
		const days = bySource.get(source) ?? [];
		return to < from ? 0 : before(days, to + 1) - before(days, from);
	};
}

/** Names of sources that the viewer may be told of. */
export const sources = (sql: Sql, viewer: Viewer): Promise<Map<number, string>> =>
	sql<{ id: number; name: string }[]>`select id, name from sources where tlp <= ${rank(viewer.clearance)}`.then(
		(rows) => new Map(rows.map((r) => [r.id, r.name]))
	);

/** Epoch seconds at which a day of `core/remedy` begins. */
export const beginning = (day: number): number => day * DAY - 5 * HOUR;

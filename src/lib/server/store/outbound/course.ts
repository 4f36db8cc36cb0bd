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

/** Stretches of sightings without a gap of `quiet` days, in order of time, with the sources that saw it before and after, or then. */
async function runs(
	sql: Sql,
	viewer: Viewer,
	told: Pick<Told, 'network' | 'type'>[],
	quiet: number
): Promise<Stretch[]> {
	const asked = [...new Map(told.map((t) => [`${t.network} ${t.type}`, t])).values()];
	// By the pairs of network and facet that are asked for, so that nothing else of a large network is read.
	const wanted = sql`
		select p.network, f.type, p.facet_id from (select distinct network, type from unnest(${asked.map((t) => t.network)}::text[], ${asked.map((t) => t.type)}::text[]) as a (network, type)) a
			join outbound_pairs p on p.network = a.network join facets f on f.id = p.facet_id
		where (a.type is null or f.type = a.type) and ${counted(sql)} and ${scope.facets(sql, viewer)} group by 1, 2, 3`;
	const [stretches, seen] = await Promise.all([
		sql<Omit<Stretch, 'sources'>[]>`
			with wanted as materialized (${wanted}), seen as (
				select w.network, w.type, d.day, min(d.first_at) as first, max(d.last_at) as last
				from wanted w cross join lateral (select * from outbound_days d where d.network = w.network and d.facet_id = w.facet_id offset 0) d group by 1, 2, 3
			), gaps as (
				select *, day - lag(day) over (partition by network, type order by day) as gap from seen
			), numbered as (
				select *, count(*) filter (where gap > ${quiet}::int) over (partition by network, type order by day) as run from gaps
			)
			select network, type, extract(epoch from min(first))::float8 as first, extract(epoch from max(last))::float8 as last
			from numbered group by network, type, run order by network, type, first`,
		sql<{ network: string; type: string; source: number; first: number; last: number }[]>`
			select w.network, w.type, s.source_id as source, extract(epoch from min(s.first_at))::float8 as first, extract(epoch from max(s.last_at))::float8 as last
			from (${wanted}) w join outbound_seen s using (network, facet_id) group by 1, 2, 3`
	]);
	const by = new Map<string, (typeof seen)[number][]>();
	for (const s of seen) {
		const key = `${s.network} ${s.type}`;
		by.set(key, [...(by.get(key) ?? []), s]);
	}
	return stretches.map((r) => ({
		...r,
		sources: (by.get(`${r.network} ${r.type}`) ?? [])
			.filter((s) => s.first <= r.last && s.last >= r.first)
			.map((s) => s.source)
	}));
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

import { forbidden } from '$lib/core/error';
import { STANDINGS, type Standing } from '$lib/core/remedy';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql } from '../client';
import { visible as constituents } from '../constituent/row';
import * as cursor from '../cursor';
import * as scope from '../scope';
import { cases, type Case } from './course';
import { counted } from './days';

/** One kind of abuse in one network, over all days that are kept. Times are epoch seconds. */
export type Pair = {
	network: string;
	/** of the organisation whose AS number or asset it is, for those who may read constituents; null: not known */
	name: string | null;
	type: string;
	first: number;
	last: number;
	count: number;
	/** days on which it was seen */
	days: number;
	standing: Standing;
	/** when the network was told last */
	reported: number | null;
	rejected: boolean;
	remedied: number | null;
	/** how often it came back after it was remedied */
	returns: number;
};
export const SORTS = ['standing', 'last', 'first', 'count'] as const;
export type Filter = {
	type?: string;
	network?: string;
	sector?: string;
	province?: string;
	standing?: Standing;
	sort?: (typeof SORTS)[number];
	cursor?: string;
	limit?: number;
};
/** Days without a sighting after which what was told counts as remedied, and the present moment. */
export type Rule = { quiet: number; now: number };

type Row = {
	network: string;
	type: string;
	first: number;
	last: number;
	count: number;
	days: number;
	rank: number;
	key: number;
	name: string | null;
};

/** One page of networks and types, what is open first unless sorted otherwise. */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	rule: Rule,
	filter: Filter = {}
): Promise<{ pairs: Pair[]; next: string | null }> {
	if (!may(viewer, 'outbound.read')) throw forbidden();
	const told = await cases(sql, viewer, rule.quiet, rule.now);
	return page(sql, viewer, told, filter);
}

/** The same with cases that are at hand. */
export async function page(
	sql: Sql,
	viewer: Viewer,
	told: Case[],
	filter: Filter
): Promise<{ pairs: Pair[]; next: string | null }> {
	const limit = filter.limit ?? 100;
	const sort = filter.sort ?? 'standing';
	const after = filter.cursor ? cursor.decode(filter.cursor, 'whole', 'seconds', 'text', 'text') : null;
	const rank = (standing: Standing) => STANDINGS.indexOf(standing);
	const key = { standing: sql`last`, last: sql`last`, first: sql`-first`, count: sql`count` }[sort];
	const rows = await sql<Row[]>`
		with told as (select * from unnest(${told.map((c) => c.network)}::text[], ${told.map((c) => c.type)}::text[], ${told.map((c) => rank(c.standing))}::int[]) as t (network, type, rank)),
		seen as (
			select p.network, f.type, extract(epoch from min(p.first_at))::float8 as first, extract(epoch from max(p.last_at))::float8 as last, sum(p.n)::float8 as count
			from outbound_pairs p join facets f on f.id = p.facet_id where ${conditions(sql, viewer, filter)} group by 1, 2
		), stood as (
			select s.*, coalesce(t.rank, ${rank('unreported')}::int) as standing from seen s left join told t using (network, type)
		), keyed as (
			select s.network, s.type, s.first, s.last, s.count, s.standing, ${sort === 'standing' ? sql`s.standing` : sql`0`} as rank, (${key})::float8 as key from stood s
			${filter.standing ? sql`where s.standing = ${rank(filter.standing)}` : sql``}
		), page as (
			select * from keyed ${after ? sql`where (rank, -key, network, type) > (${after[0]!}::int, ${-Number(after[1])}::float8, ${after[2]!}, ${after[3]!})` : sql``}
			order by rank, key desc, network, type limit ${limit + 1}
		)
		select g.*, (
				select sum(upper(r) - lower(r))::int from (
					select range_agg(p.days) as days from outbound_pairs p join facets f on f.id = p.facet_id where p.network = g.network and f.type = g.type and ${conditions(sql, viewer, { sector: filter.sector, province: filter.province })}
				) d cross join lateral unnest(d.days) r
			) as days, ${may(viewer, 'constituent.read') ? named(sql, viewer) : sql`null`} as name
		from page g order by g.rank, g.key desc, g.network, g.type`;
	const byName = new Map(told.map((c) => [`${c.network} ${c.type}`, c]));
	const shown = rows.slice(0, limit);
	const last = shown.at(-1);
	return {
		pairs: shown.map((row) => pair(row, byName.get(`${row.network} ${row.type}`))),
		next: rows.length > limit && last ? cursor.encode([last.rank, last.key, last.network, last.type]) : null
	};
}

/** What the viewer may see of what a filter asks for, of `p` (pairs) and `f` (facets). */
export const conditions = (
	sql: Sql,
	viewer: Viewer,
	filter: Pick<Filter, 'type' | 'network' | 'sector' | 'province'>
) =>
	sql`${counted(sql)} and ${scope.facets(sql, viewer)}
		${filter.network ? sql`and p.network = ${filter.network}` : sql``} ${filter.type ? sql`and f.type = ${filter.type}` : sql``}
		${filter.sector ? sql`and f.sector = ${filter.sector}` : sql``} ${filter.province ? sql`and f.province = ${filter.province}` : sql``}`;

/** Whose network `g.network` is, as far as the viewer may read. */
const named = (sql: Sql, viewer: Viewer) => sql`(
	select min(c.organisation) from constituents c where ${constituents(sql, viewer)} and c.id in (
		select a.constituent_id from assets a where a.kind = case when g.network like 'AS%' then 'asn' else 'cidr' end and a.value = g.network
		union all select substr(g.network, 13)::int where g.network like 'constituent:%'
	))`;

const pair = ({ rank: _, key: __, ...row }: Row & { standing?: number }, told: Case | undefined): Pair => ({
	network: row.network,
	name: row.name,
	type: row.type,
	first: row.first,
	last: row.last,
	count: row.count,
	days: row.days,
	standing: told?.standing ?? 'unreported',
	reported: told?.reported ?? null,
	rejected: told?.rejected ?? false,
	remedied: told?.standing === 'remedied' ? (told.episodes.at(-1)?.remedied ?? null) : null,
	returns: told?.episodes.filter((e) => e.returned !== null).length ?? 0
});

/** Networks and types, in numbers; what was seen `since` with all that was ever counted of it. */
export type Sums = { networks: number; pairs: number; count: number; first: number | null; last: number | null };

export async function sums(sql: Sql, viewer: Viewer, filter: Filter & { since?: number }): Promise<Sums> {
	const [row] = await sql<Sums[]>`
		select count(distinct network)::int as networks, count(*)::int as pairs, coalesce(sum(n), 0)::float8 as count, extract(epoch from min(first))::float8 as first, extract(epoch from max(last))::float8 as last
		from (select p.network, f.type, sum(p.n) as n, min(p.first_at) as first, max(p.last_at) as last from outbound_pairs p join facets f on f.id = p.facet_id where ${conditions(sql, viewer, filter)} ${filter.since === undefined ? sql`` : sql`and p.last_at >= to_timestamp(${filter.since})`} group by 1, 2) p`;
	return row!;
}

/** How far the counts by day have come: whether there are any, and how many days wait to be made anew. */
export async function freshness({ sql }: Client): Promise<{ counted: boolean; stale: number }> {
	const [row] = await sql<
		{ counted: boolean; stale: number }[]
	>`select exists (select 1 from marks where name = 'outbound') as counted, (select count(*)::int from outbound_stale) as stale`;
	return row!;
}

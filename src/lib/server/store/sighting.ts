import type { Sighted } from './log';
import type { Sql, Tx } from './client';

/** Places of indicators of one entry of the log, and of a start, at the most. */
const SHOWN = 1000;
/** Sightings that a start looks at, the latest: screens hold no more than a few of them. */
const LOOKED = 20_000;

const columns = (sql: Sql | Tx) => sql`i.id, i.kind, left(i.value, 300) as value, c.tlp`;
/** Whom somebody says to look for: not known to be good, and not withdrawn. */
const wanted = (sql: Sql | Tx) => sql`
	join indicators i on i.id = n.indicator_id and i.warnings is null
	join lateral (select min(tlp) as tlp from claims where indicator_id = i.id and actionable and not partial and not revoked and (valid_until is null or valid_until > now())) c on c.tlp is not null`;

/** What the writing transaction has seen in a sector and province for the first time (its table `news`). */
export async function news(tx: Tx): Promise<Sighted[]> {
	return [
		...(await tx<
			Sighted[]
		>`select ${columns(tx)}, n.facet_id as facet from news n ${wanted(tx)} order by i.id, n.facet_id limit ${SHOWN}`)
	];
}

/** The same of places that are given, as look-back finds them. */
export async function named(tx: Tx, places: { indicator: string; facet: number }[]): Promise<Sighted[]> {
	return [
		...(await tx<Sighted[]>`
			select ${columns(tx)}, n.facet_id as facet from unnest(${places.map((p) => p.indicator)}::uuid[], ${places.map((p) => p.facet)}::int[]) as n (indicator_id, facet_id) ${wanted(tx)}
			order by i.id, n.facet_id limit ${SHOWN}`)
	];
}

/** The lowest rank of those who say to look for each of these; one that nobody says to look for is left out. */
export async function ranks(sql: Sql, ids: string[]): Promise<Map<string, number>> {
	const rows = await sql<
		{ id: string; tlp: number }[]
	>`select i.id, c.tlp from unnest(${ids}::uuid[]) as n (indicator_id) ${wanted(sql)}`;
	return new Map(rows.map((r) => [r.id, r.tlp]));
}

/** Indicators that were seen since a moment (epoch seconds), with a facet for each sector and province, the latest first. */
export async function since(sql: Sql | Tx, from: number): Promise<(Sighted & { at: number })[]> {
	return [
		...(await sql<(Sighted & { at: number })[]>`
			select ${columns(sql)}, n.facet_id as facet, n.at from (
				select distinct on (s.indicator_id, f.sector, f.province, f.tlp) s.indicator_id, s.facet_id, extract(epoch from s.observed_at)::float8 as at
				from (select * from sightings where observed_at >= to_timestamp(${from}) order by observed_at desc limit ${LOOKED}) s join facets f on f.id = s.facet_id and f.class <> 'test'
				order by s.indicator_id, f.sector, f.province, f.tlp, s.observed_at desc
			) n ${wanted(sql)} order by n.at desc, i.id limit ${SHOWN}`)
	];
}

import type { Sighted } from './log';
import type { Sql, Tx } from './client';

/** Places of indicators of one entry of the log, and of a start, at the most. */
const SHOWN = 1000;

const columns = (sql: Sql | Tx) => sql`i.id, i.kind, left(i.value, 300) as value, c.tlp`;
/** Whom somebody says to look for: not known to be good, and not withdrawn. */
const wanted = (sql: Sql | Tx) => sql`
	join indicators i on i.id = n.indicator_id and i.warnings is null
	join lateral (select min(tlp) as tlp from claims where indicator_id = i.id and actionable and not partial and not revoked) c on c.tlp is not null`;

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

/** Indicators that were seen since a moment (epoch seconds), with a facet for each sector and province, the latest first. */
export async function since(sql: Sql | Tx, from: number): Promise<(Sighted & { at: number })[]> {
	return [
		...(await sql<(Sighted & { at: number })[]>`
			select ${columns(sql)}, n.facet_id as facet, n.at from (
				select distinct on (s.indicator_id, f.sector, f.province, f.tlp) s.indicator_id, s.facet_id, extract(epoch from s.observed_at)::float8 as at
				from sightings s join facets f on f.id = s.facet_id and f.class <> 'test' where s.observed_at >= to_timestamp(${from})
				order by s.indicator_id, f.sector, f.province, f.tlp, s.observed_at desc
			) n ${wanted(sql)} order by n.at desc, i.id limit ${SHOWN}`)
	];
}

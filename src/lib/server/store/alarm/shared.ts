import { UNATTRIBUTED } from '$lib/core/sector';
import type { Sql } from '../client';

/** Where an indicator was seen: a sector, reports up to one TLP (its rank), and a constituent if it is known. */
export type Place = { sector: string; constituent: number | null; tlp: number; n: number };
/** `tlp` is the lowest rank of those who say to look for it. */
export type Shared = { id: string; kind: string; value: string; tlp: number; places: Place[] };

/** Indicators at the most, those that were seen in the most places first. */
const MOST = 200;

/**
 * Indicators that were seen in at least so many sectors or at so many constituents from `from` to `to` (epoch seconds):
 * only those that somebody says to look for now, and that no list of known good values holds.
 */
export async function indicators(
	sql: Sql,
	{ of, least, from, to }: { of: 'sectors' | 'constituents'; least: number; from: number; to: number }
): Promise<Shared[]> {
	const number =
		of === 'sectors'
			? sql`count(distinct f.sector) filter (where f.sector <> ${UNATTRIBUTED})`
			: sql`count(distinct s.constituent_id)`;
	return [
		...(await sql<Shared[]>`
			with seen as materialized (
				select indicator_id, facet_id, constituent_id, count(*)::int as n from sightings
				where observed_at >= to_timestamp(${from}) and observed_at <= to_timestamp(${to}) ${of === 'constituents' ? sql`and constituent_id is not null` : sql``} group by 1, 2, 3
			), wide as (
				select s.indicator_id, ${number} as places from seen s join facets f on f.id = s.facet_id where f.class <> 'test' group by 1 having ${number} >= ${least}
			), wanted as materialized (
				select i.id, i.kind, left(i.value, 300) as value, c.tlp from wide w join indicators i on i.id = w.indicator_id and i.warnings is null
				join lateral (select min(tlp) as tlp from claims where indicator_id = i.id and actionable and not partial and not revoked and (valid_until is null or valid_until > now())) c on c.tlp is not null
				order by w.places desc, i.id limit ${MOST}
			), places as (
				select s.indicator_id, f.sector, s.constituent_id as constituent, f.tlp, sum(s.n)::int as n from wanted w join seen s on s.indicator_id = w.id join facets f on f.id = s.facet_id
				where f.class <> 'test' group by 1, 2, 3, 4
			)
			select w.id, w.kind, w.value, w.tlp, json_agg(json_build_object('sector', p.sector, 'constituent', p.constituent, 'tlp', p.tlp, 'n', p.n) order by p.sector, p.constituent, p.tlp) as places
			from wanted w join places p on p.indicator_id = w.id group by 1, 2, 3, 4 order by 1`)
	];
}

import type { Sql } from '../client';

/** A vulnerability that is known to be exploited, and was reported at a constituent; `tlp` is the rank from which both may be seen. */
export type Exposed = {
	constituent: number;
	sector: string | null;
	province: string | null;
	cve: string;
	name: string;
	vendor: string;
	product: string;
	/** day by which the catalogue asks for a remedy */
	due: string;
	ransomware: boolean;
	tlp: number;
	n: number;
	/** epoch seconds */
	last: number;
};

/** Bytes of a record that are searched for CVE numbers. */
const SEARCHED = 20_000;
const MOST = 5000;

/**
 * What reports of class `vulnerable` since `from` (epoch seconds) say of constituents, where they name a CVE number that
 * stands in a catalogue of known exploited vulnerabilities which holds now.
 */
export async function exposed(sql: Sql, from: number): Promise<Exposed[]> {
	return [
		...(await sql<Exposed[]>`
			with kev as materialized (
				select distinct on (upper(h.key)) upper(h.key) as cve, coalesce(o.name, h.key) as name, coalesce(o.facts ->> 'vendor', '') as vendor, coalesce(o.facts ->> 'product', '') as product,
					coalesce(o.facts ->> 'due', '') as due, o.facts ->> 'ransomware' = 'known' as ransomware, o.tlp
				from heads h join objects o on o.id = h.object_id where h.kind = 'vulnerability' and o.facts ->> 'exploited' = 'true' and not o.revoked order by 1, o.tlp
			), named as (
				select o.constituent_id, f.tlp, upper(m.cve) as cve, count(*)::int as n, max(o.observed_at) as last
				from facets f join observations o on o.facet_id = f.id and o.observed_at >= to_timestamp(${from})
				cross join lateral (
					select distinct (regexp_matches(left(o.raw, ${SEARCHED}) || ' ' || coalesce(o.summary, ''), 'CVE-[0-9]{4}-[0-9]{4,19}', 'gi'))[1] as cve
				) m
				where f.class = 'vulnerable' and o.constituent_id is not null and exists (select from kev) group by 1, 2, 3
			)
			select n.constituent_id as constituent, c.sector, c.province, k.cve, left(k.name, 300) as name, k.vendor, k.product, k.due, coalesce(k.ransomware, false) as ransomware,
				greatest(k.tlp, n.tlp)::int as tlp, sum(n.n)::int as n, extract(epoch from max(n.last))::float8 as last
			from named n join kev k using (cve) join constituents c on c.id = n.constituent_id group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 order by 1, 4, 10 limit ${MOST}`)
	];
}

import type { Sql } from '../client';

/** Reports about one constituent, of one class up to one TLP (its rank). */
export type Attacked = {
	constituent: number;
	organisation: string;
	sector: string | null;
	province: string | null;
	class: string;
	tlp: number;
	n: number;
	/** epoch seconds */
	first: number;
	last: number;
};

/** What reached the constituents of these names (whatever their case) since `from` (epoch seconds), of some classes: not what leaves them. */
export async function attacked(
	sql: Sql,
	{ organisations, classes, from }: { organisations: string[]; classes: string[]; from: number }
): Promise<Attacked[]> {
	const who = await sql<
		{ id: number }[]
	>`select id from constituents where lower(organisation) = any(${organisations.map((o) => o.toLowerCase())}::text[])`;
	if (!who.length) return [];
	return [
		...(await sql<Attacked[]>`
			select c.id as constituent, c.organisation, c.sector, c.province, f.class, f.tlp, count(*)::int as n, extract(epoch from min(o.observed_at))::float8 as first, extract(epoch from max(o.observed_at))::float8 as last
			from facets f join observations o on o.facet_id = f.id and o.observed_at >= to_timestamp(${from}) join constituents c on c.id = o.constituent_id
			where o.constituent_id = any(${who.map((w) => w.id)}::int[]) and f.class = any(${classes}::text[]) and f.direction <> 'outbound' group by 1, 2, 3, 4, 5, 6 order by 1, 5, 6`)
	];
}

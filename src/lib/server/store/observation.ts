import { forbidden } from '$lib/core/error';
import { ofRank, type Tlp } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client } from './client';
import * as cursor from './cursor';
import * as filter from './filter';
import * as scope from './scope';

/** Times are epoch seconds; `to` is the moment after the last. */
export type Query = {
	from?: number;
	to?: number;
	source?: string;
	q?: string;
	cursor?: string;
	limit?: number;
} & filter.Facets;
export type Observation = {
	id: string;
	observed: number;
	source: string;
	batch: number;
	province: string;
	sector: string;
	class: string;
	type: string;
	severity: string;
	direction: string;
	tlp: Tlp;
	/** the rule that placed it */
	rule: string;
	sourceIp: string | null;
	sourcePort: number | null;
	sourceAsn: number | null;
	destinationIp: string | null;
	destinationPort: number | null;
	fqdn: string | null;
	url: string | null;
	malware: string | null;
	summary: string | null;
	/** the record as it came, as text */
	raw: string;
};

/** One page of observations, the newest first. */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	query: Query = {}
): Promise<{ observations: Observation[]; next: string | null }> {
	if (!may(viewer, 'observation.read')) throw forbidden();
	const limit = query.limit ?? 100;
	const after = query.cursor ? cursor.decode(query.cursor, 'instant', 'uuid') : null;
	const facets = await few({ sql }, viewer, query);
	const found = sql`${filter.observations(sql, query)}
		${query.from !== undefined ? sql`and o.observed_at >= to_timestamp(${query.from})` : sql``} ${query.to !== undefined ? sql`and o.observed_at < to_timestamp(${query.to})` : sql``}
		${after ? sql`and (o.observed_at, o.id) < (${after[0]!}::text::timestamptz, ${after[1]!}::text::uuid)` : sql``}
		order by o.observed_at desc, o.id desc limit ${limit + 1}`;
	const rows = await sql<(Omit<Observation, 'tlp'> & { tlp: number; key: string })[]>`
		select o.id, extract(epoch from o.observed_at)::float8 as observed, o.observed_at::text as key, s.slug as source, o.batch_id as batch, f.province, f.sector, f.class, f.type, f.severity, f.direction, f.tlp, o.rule,
			host(o.source_ip) as "sourceIp", o.source_port as "sourcePort", o.source_asn as "sourceAsn", host(o.destination_ip) as "destinationIp", o.destination_port as "destinationPort",
			o.fqdn, o.url, o.malware, o.summary, o.raw
		from ${
			facets
				? sql`unnest(${facets}::int[]) as w (id) join facets f on f.id = w.id cross join lateral (select * from observations o where o.facet_id = w.id ${found}) o`
				: sql`observations o join facets f on f.id = o.facet_id and ${scope.facets(sql, viewer)} ${filter.facets(sql, query)}`
		} join sources s on s.id = o.source_id where true ${facets ? sql`order by o.observed_at desc, o.id desc limit ${limit + 1}` : found}`;
	const page = rows.slice(0, limit);
	const last = page.at(-1);
	return {
		observations: page.map(({ key: _, tlp, ...row }) => ({ ...row, tlp: ofRank(tlp) })),
		next: rows.length > limit && last ? cursor.encode([last.key, last.id]) : null
	};
}

/** Facets up to which each is read by itself; more of them hold so much that the newest are found by reading all. */
const FEW = 500;

/** The facets that a query is about, where it names some and they are few: what is rare is then not looked for among all. */
async function few({ sql }: Pick<Client, 'sql'>, viewer: Viewer, query: Query): Promise<number[] | null> {
	const named = ['sector', 'province', 'class', 'type', 'severity', 'direction'] as const;
	if (!viewer.sectors && !viewer.provinces && named.every((name) => query[name] === undefined)) return null;
	const rows = await sql<
		{ id: number }[]
	>`select id from facets f where ${scope.facets(sql, viewer)} ${filter.facets(sql, query)} limit ${FEW + 1}`;
	return rows.length > FEW ? null : rows.map((r) => r.id);
}

import type { Kind } from '$lib/core/observable';
import { ofRank, rank, type Tlp } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client } from './client';
import * as indicator from './indicator';
import { visible as constituents } from './constituent/row';
import * as scope from './scope';

/** Who says so: a claim of the version of an object that holds. Times are epoch seconds. */
export type Claim = {
	source: string;
	kind: string;
	key: string;
	name: string | null;
	/** the report or event that it came in */
	group: string | null;
	tlp: Tlp;
	actionable: boolean;
	partial: boolean;
	revoked: boolean;
	confidence: number | null;
	validFrom: number | null;
	validUntil: number | null;
	modified: number | null;
};
/** What somebody else says to have seen. */
export type Statement = {
	source: string;
	verdict: string;
	count: number;
	first: number | null;
	last: number | null;
	tlp: Tlp;
};
/** How often it was seen, by hour (epoch seconds), source, province, sector and type. */
export type Sighting = { at: number; source: string; province: string; sector: string; type: string; count: number };
export type Spread = { province: string; sector: string; count: number; first: number; last: number };
export type Hit = {
	constituent: string | null;
	sector: string;
	province: string;
	count: number;
	first: number;
	last: number;
};
/** What was seen in the same observations, or came in the same report. */
export type Beside = { id: string; kind: Kind; value: string; how: 'observation' | 'report'; count: number };

export type Dossier = indicator.Indicator & {
	count: number;
	first: number | null;
	last: number | null;
	claims: Claim[];
	statements: Statement[];
	/** by sector and province, all of them */
	spread: Spread[];
	/** by hour, the latest 1,000 */
	sightings: Sighting[];
	/** whom it concerns, at most 100 */
	hits: Hit[];
	beside: Beside[];
};

/** Everything that is known of an indicator, as far as the viewer may see it. @throws Problem 403, 404 */
export async function open(client: Client, viewer: Viewer, id: string): Promise<Dossier> {
	const { sql } = client;
	const found = await indicator.get(client, viewer, id);
	const seen = sql`sightings s join facets f on f.id = s.facet_id where s.indicator_id = ${found.id} and ${scope.facets(sql, viewer)}`;
	const top = rank(viewer.clearance);
	const [claims, statements, spread, sightings, hits, beside] = await Promise.all([
		sql<(Omit<Claim, 'tlp'> & { tlp: number })[]>`
			select s.slug as source, o.kind, c.key, left(o.name, 300) as name, (select left(g.name, 300) from heads h join objects g on g.id = h.object_id where h.source_id = c.source_id and h.key = o.group_key and g.tlp <= ${top}) as group,
				c.tlp, c.actionable, c.partial, c.revoked, c.confidence, extract(epoch from c.valid_from)::float8 as "validFrom", extract(epoch from c.valid_until)::float8 as "validUntil", extract(epoch from o.modified_at)::float8 as modified
			from claims c join sources s on s.id = c.source_id join objects o on o.id = c.object_id where c.indicator_id = ${found.id} and c.tlp <= ${top}
			order by c.revoked, o.modified_at desc nulls last, s.slug, c.key limit 200`,
		sql<(Omit<Statement, 'tlp'> & { tlp: number })[]>`
			select s.slug as source, t.verdict, t.count, extract(epoch from t.first_at)::float8 as first, extract(epoch from t.last_at)::float8 as last, t.tlp
			from statements t join sources s on s.id = t.source_id where t.tlp <= ${top} and (t.indicator_id = ${found.id}
				or t.of_key in (select c.key from claims c where c.indicator_id = ${found.id} and c.tlp <= ${top} and c.source_id = t.source_id))
			order by t.last_at desc nulls last, t.id limit 200`,
		sql<Spread[]>`
			select f.province, f.sector, count(*)::bigint as count, extract(epoch from min(s.observed_at))::float8 as first, extract(epoch from max(s.observed_at))::float8 as last from ${seen} group by 1, 2 order by 3 desc, 1, 2`,
		sql<Sighting[]>`
			select extract(epoch from date_trunc('hour', s.observed_at))::bigint as at, (select slug from sources where id = s.source_id) as source, f.province, f.sector, f.type, count(*)::bigint as count
			from ${seen} group by 1, s.source_id, 3, 4, 5 order by 1 desc, 2, 3, 4, 5 limit 1000`,
		sql<Hit[]>`
			select (select organisation from constituents c where c.id = s.constituent_id and ${constituents(sql, viewer)}) as constituent, f.sector, f.province, count(*)::bigint as count, extract(epoch from min(s.observed_at))::float8 as first, extract(epoch from max(s.observed_at))::float8 as last
			from ${seen} and s.constituent_id is not null group by s.constituent_id, 2, 3 order by 4 desc, 1 limit 100`,
		beside_(client, viewer, found.id)
	]);
	const visible = may(viewer, 'constituent.read');
	return {
		...found,
		count: spread.reduce((sum, s) => sum + s.count, 0),
		first: spread.length ? Math.min(...spread.map((s) => s.first)) : null,
		last: spread.length ? Math.max(...spread.map((s) => s.last)) : null,
		claims: claims.map((c) => ({ ...c, tlp: ofRank(c.tlp) })),
		statements: statements.map((s) => ({ ...s, tlp: ofRank(s.tlp) })),
		spread: [...spread],
		sightings: [...sightings],
		hits: visible ? [...hits] : [],
		beside
	};
}

/** Observations and claims that are looked at for what came with them. */
const LOOKED = 2000;

async function beside_({ sql }: Client, viewer: Viewer, id: string): Promise<Beside[]> {
	const top = rank(viewer.clearance);
	return [
		...(await sql<Beside[]>`
			with seen as (
				select s.observed_at, s.observation_id from sightings s join facets f on f.id = s.facet_id where s.indicator_id = ${id} and ${scope.facets(sql, viewer)} order by s.observed_at desc limit ${LOOKED}
			), groups as (
				select distinct c.source_id, o.group_key from claims c join objects o on o.id = c.object_id where c.indicator_id = ${id} and c.tlp <= ${top} and o.group_key is not null limit 100
			), found as (
				select t.indicator_id, 'observation' as how, count(*)::bigint as count from seen n join sightings t using (observed_at, observation_id) where t.indicator_id <> ${id} group by 1
				union all
				select indicator_id, 'report', count(*)::bigint from (
					select c.indicator_id from groups g join objects o on o.group_key = g.group_key and o.source_id = g.source_id join claims c on c.object_id = o.id
					where c.indicator_id <> ${id} and c.tlp <= ${top} and not c.revoked limit ${LOOKED}) r group by 1
			)
			select i.id, i.kind, left(i.value, 300) as value, f.how, f.count from found f join indicators i on i.id = f.indicator_id
			where exists (select from claims c where c.indicator_id = i.id and c.tlp <= ${top}) order by f.how, f.count desc, i.value limit 100`)
	];
}

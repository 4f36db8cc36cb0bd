import { forbidden, missing } from '$lib/core/error';
import { ofRank, rank, type Tlp } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client } from './client';
import * as cursor from './cursor';
import * as scope from './scope';

/** Something to look for. Times are epoch seconds. */
export type Indicator = {
	id: string;
	kind: string;
	value: string;
	tlp: Tlp;
	confidence: number | null;
	validFrom: number | null;
	validUntil: number | null;
};
export type Sighting = { at: number; source: string; province: string; sector: string; type: string; count: number };

type Row = Omit<Indicator, 'tlp'> & { tlp: number };
const shape = ({ tlp, ...row }: Row): Indicator => ({ ...row, tlp: ofRank(tlp) });

/** One page of indicators, by value; those that contain `value`, if it is given. */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	filter: { value?: string; cursor?: string; limit?: number }
): Promise<{ indicators: Indicator[]; next: string | null }> {
	if (!may(viewer, 'indicator.read')) throw forbidden();
	const limit = filter.limit ?? 100;
	const after = filter.cursor ? cursor.decode(filter.cursor, 'text', 'uuid') : null;
	const rows = await sql<Row[]>`
		select id, kind, value, tlp, confidence, extract(epoch from valid_from)::float8 as "validFrom", extract(epoch from valid_until)::float8 as "validUntil" from indicators
		where tlp <= ${rank(viewer.clearance)} ${filter.value ? sql`and value ilike ${`%${filter.value.replace(/[\\%_]/g, '\\$&')}%`}` : sql``}
			${after ? sql`and (value, id) > (${after[0]!}::text, ${after[1]!}::text::uuid)` : sql``}
		order by value, id limit ${limit + 1}`;
	const page = rows.slice(0, limit).map(shape);
	return { indicators: page, next: rows.length > limit ? cursor.encode([page.at(-1)!.value, page.at(-1)!.id]) : null };
}

/** An indicator with its sightings by hour, source, province and sector, as the viewer may see them; the latest 1,000. @throws Problem 404 */
export async function get({ sql }: Client, viewer: Viewer, id: string): Promise<Indicator & { sightings: Sighting[] }> {
	if (!may(viewer, 'indicator.read')) throw forbidden();
	const [row] = /^[0-9a-f-]{36}$/i.test(id)
		? await sql<Row[]>`
			select id, kind, value, tlp, confidence, extract(epoch from valid_from)::float8 as "validFrom", extract(epoch from valid_until)::float8 as "validUntil"
			from indicators where id = ${id} and tlp <= ${rank(viewer.clearance)}`
		: [];
	if (!row) throw missing('The indicator');
	const sightings = await sql<Sighting[]>`
		select extract(epoch from s.at)::bigint as at, o.slug as source, f.province, f.sector, f.type, s.n as count
		from sightings s join facets f on f.id = s.facet_id join sources o on o.id = s.source_id
		where s.indicator_id = ${id} and ${scope.facets(sql, viewer)} order by s.at desc limit 1000`;
	return { ...shape(row), sightings: [...sightings] };
}

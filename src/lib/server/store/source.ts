import { conflict, forbidden, invalid, missing } from '$lib/core/error';
import type { Source } from '$lib/core/source';
import { ofRank, rank, type Tlp } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';
import { append } from './log';

/** A source with what came of its deliveries; counters are null for a viewer who may not see all that they count. */
export type Detail = Source & {
	accepted: number | null;
	duplicates: number | null;
	quarantined: number | null;
	ignored: number | null;
	lastError: string | null;
	lastErrorAt: number | null;
};
export type New = { slug: string; name?: string; format: string; tlp: Tlp; /** seconds */ cadence: number };

const columns = (sql: Sql | Tx) => sql`slug, name, format, tlp, cadence, extract(epoch from last_at)::float8 as last`;
type Row = Omit<Source, 'tlp'> & { tlp: number };
const shape = ({ tlp, ...row }: Row): Source => ({
	...row,
	tlp: ofRank(tlp),
	last: row.last === null ? null : Math.floor(row.last)
});

/** The sources that may be named to the viewer, by name. Counts tell of reports of every TLP, place and sector: only who may see all of those gets them. */
export async function list({ sql }: Client, viewer: Viewer): Promise<Detail[]> {
	if (!may(viewer, 'source.read')) throw forbidden();
	const all = viewer.clearance === 'red' && !viewer.sectors && !viewer.provinces;
	const rows = await sql<(Row & Omit<Detail, keyof Source>)[]>`
		select ${columns(sql)}, accepted, duplicates, quarantined, ignored, last_error as "lastError", extract(epoch from last_error_at)::float8 as "lastErrorAt" from sources where tlp <= ${rank(viewer.clearance)} order by name, slug`;
	return rows.map((r) => {
		const { accepted, duplicates, quarantined, ignored, lastError, lastErrorAt, ...row } = r;
		return all
			? { ...shape(row), accepted, duplicates, quarantined, ignored, lastError, lastErrorAt }
			: { ...shape(row), accepted: null, duplicates: null, quarantined: null, ignored: null, lastError, lastErrorAt };
	});
}

/** All sources as every screen sees them. */
export async function all(sql: Sql | Tx): Promise<Source[]> {
	const rows = await sql<Row[]>`select ${columns(sql)} from sources order by name, slug`;
	return rows.map(shape);
}

/** One source as every screen sees it. @throws Problem 404 */
export async function one(sql: Sql | Tx, id: number): Promise<Source> {
	const [row] = await sql<Row[]>`select ${columns(sql)} from sources where id = ${id}`;
	if (!row) throw missing('The source');
	return shape(row);
}

/**
 * Adds a source and tells the screens.
 * @throws Problem `conflict` when the slug is taken, `invalid` when it is no slug
 */
export async function add({ sql }: Client, actor: string, source: New): Promise<number> {
	if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(source.slug))
		throw invalid(`"${source.slug}" is no slug: lower-case letters, digits and hyphens, 64 at the most.`);
	return sql.begin(async (tx) => {
		const [row] = await tx<(Row & { id: number })[]>`
			insert into sources (slug, name, format, tlp, cadence) values (${source.slug}, ${source.name ?? source.slug}, ${source.format}, ${rank(source.tlp)}, ${source.cadence})
			on conflict do nothing returning id, ${columns(tx)}`;
		if (!row) throw conflict(`A source "${source.slug}" exists already.`);
		await tx`insert into audit (actor, action, subject, detail) values (${actor}, 'source.add', ${source.slug}, ${tx.json({ format: source.format, tlp: source.tlp, cadence: source.cadence })})`;
		const { id, ...facts } = row;
		await append(tx, 'source', { source: shape(facts) });
		return id;
	}) as Promise<number>;
}

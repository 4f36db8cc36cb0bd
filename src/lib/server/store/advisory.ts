import type { Advisory } from '$lib/core/advisory';
import { ofRank } from '$lib/core/tlp';
import type { Sql, Tx } from './client';

/** Advisories that screens hold, the newest. */
export const SHOWN = 50;

type Row = Omit<Advisory, 'tlp' | 'sectors' | 'cves'> & { tlp: number; sectors: string[] | null; cves: unknown };

const columns = (
	sql: Sql | Tx
) => sql`coalesce(o.facts->>'id', o.key) as id, coalesce(o.name, o.key) as title, o.facts->>'publisher' as publisher, o.facts->>'severity' as severity, o.tlp, o.sectors,
	o.facts->'cves' as cves, floor(extract(epoch from o.modified_at))::float8 as updated, s.slug as source`;
const shape = ({ tlp, sectors, cves, ...row }: Row): Advisory => ({
	...row,
	tlp: ofRank(tlp),
	sectors: sectors ?? [],
	cves: Array.isArray(cves) ? cves.map(String) : []
});

/** These objects, as screens see them. */
export async function of(tx: Tx, ids: string[]): Promise<Advisory[]> {
	const rows = await tx<Row[]>`
		select ${columns(tx)} from objects o join sources s on s.id = o.source_id where o.id = any(${ids}::uuid[]) and not o.revoked order by o.modified_at desc nulls last, o.id limit ${SHOWN}`;
	return rows.map(shape);
}

/** The newest that hold. */
export async function latest(sql: Sql | Tx): Promise<Advisory[]> {
	const rows = await sql<Row[]>`
		select ${columns(sql)} from heads h join objects o on o.id = h.object_id join sources s on s.id = o.source_id
		where h.kind = 'advisory' and not o.revoked order by h.modified_at desc nulls last, o.id limit ${SHOWN}`;
	return rows.map(shape);
}

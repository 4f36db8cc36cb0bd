import type { Sql } from './client';

/** Ranks of TLP that markings of a source mean, by their keys; those that have been delivered. */
export async function markings(sql: Sql, source: number, keys: string[]): Promise<Map<string, number>> {
	const wanted = [...new Set(keys)];
	if (!wanted.length) return new Map();
	const rows = await sql<{ key: string; tlp: number }[]>`
		select h.key, o.tlp from heads h join objects o on o.id = h.object_id where h.source_id = ${source} and h.kind = 'marking-definition' and h.key = any(${wanted}::text[])`;
	return new Map(rows.map((r) => [r.key, r.tlp]));
}

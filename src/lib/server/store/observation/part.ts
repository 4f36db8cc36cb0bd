import type { Viewer } from '$lib/core/viewer';
import type { Sql, Tx } from '../client';
import * as filter from '../filter';
import * as scope from '../scope';

/** A part of all observations. Times are epoch seconds; `to` is the moment after the last. */
export type Slice = { from?: number; to?: number; source?: string; q?: string } & filter.Facets;

/** Seconds that a search among single observations may take, where nobody says otherwise. */
export const PATIENCE = 5;
/** Facets up to which each is read by itself; more of them hold so much that the newest are found by reading all. */
const FEW = 500;

/** The conditions of a slice on `o` (observations), each with its `and`. */
export const conditions = (sql: Sql | Tx, query: Slice) => sql`${filter.observations(sql, query)}
	${query.from !== undefined ? sql`and o.observed_at >= to_timestamp(${query.from})` : sql``} ${query.to !== undefined ? sql`and o.observed_at < to_timestamp(${query.to})` : sql``}`;

/** The facets that a query is about, where it names some and they are few: what is rare is then not looked for among all. */
async function few(sql: Sql | Tx, viewer: Viewer, query: Slice): Promise<number[] | null> {
	const named = ['sector', 'province', 'class', 'type', 'severity', 'direction'] as const;
	if (!viewer.sectors && !viewer.provinces && named.every((name) => query[name] === undefined)) return null;
	const rows = await sql<
		{ id: number }[]
	>`select id from facets f where ${scope.facets(sql, viewer)} ${filter.facets(sql, query)} limit ${FEW + 1}`;
	return rows.length > FEW ? null : rows.map((r) => r.id);
}

/**
 * `from … where …` of the observations `o` of a slice, with their facet `f`, that the viewer may see.
 * @param rest further conditions on `o`, each with its `and`, then the order and the limit
 * @param last the order and the limit alone
 */
export async function found(
	sql: Sql | Tx,
	viewer: Viewer,
	query: Slice,
	rest: ReturnType<typeof conditions>,
	last: ReturnType<typeof conditions>
) {
	const facets = await few(sql, viewer, query);
	const each = sql`${conditions(sql, query)} ${rest} ${last}`;
	return {
		from: facets
			? sql`unnest(${facets}::int[]) as w (id) join facets f on f.id = w.id cross join lateral (select * from observations o where o.facet_id = w.id ${each}) o`
			: sql`observations o join facets f on f.id = o.facet_id and ${scope.facets(sql, viewer)} ${filter.facets(sql, query)}`,
		where: facets ? sql`true ${last}` : sql`true ${each}`
	};
}

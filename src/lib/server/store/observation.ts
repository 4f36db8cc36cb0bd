import { forbidden } from '$lib/core/error';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';
import * as cursor from './cursor';
import { within } from './deadline';
import { found, PATIENCE, type Slice } from './observation/part';
import { columns, shape, type Observation, type Row } from './observation/row';

export type { Observation } from './observation/row';
export type { Slice } from './observation/part';
export { get, type Detail } from './observation/one';
export { newer, type Newer } from './observation/newer';

/**
 * Where a page begins, one of: `cursor` (those older than what was last read), `newer` (those newer than what was first
 * read, the nearest), `at` (from a moment on into the past); without any, the newest.
 */
export type Query = Slice & { cursor?: string; newer?: string; at?: number; limit?: number };
/**
 * Always the newest first. `next` leads to the older ones, null when there are none. `previous` leads to the newer ones,
 * now or when they have come; null only where nothing has been read yet. `more`: there may be newer ones already.
 */
export type Page = { observations: Observation[]; next: string | null; previous: string | null; more: boolean };

/**
 * One page of observations, the newest first, by their place in that order: none is repeated or left out while others
 * come in.
 * @param patience seconds that a search for a text or a source may take
 * @throws Problem 403; `invalid` for a cursor that is none; `too_slow` 503
 */
export async function list(
	{ sql }: Pick<Client, 'sql'>,
	viewer: Viewer,
	query: Query = {},
	patience = PATIENCE
): Promise<Page> {
	if (!may(viewer, 'observation.read')) throw forbidden();
	return query.q || query.source ? within(sql, patience, (tx) => page(tx, viewer, query)) : page(sql, viewer, query);
}

async function page(sql: Sql | Tx, viewer: Viewer, query: Query): Promise<Page> {
	const limit = query.limit ?? 100;
	const up = !!query.newer;
	const given = query.newer || query.cursor || null;
	const key = given === null ? null : cursor.decode(given, 'instant', 'uuid');
	const place = key && sql`(${key[0]!}::text::timestamptz, ${key[1]!}::text::uuid)`;
	const start = place
		? sql`and (o.observed_at, o.id) ${up ? sql`>` : sql`<`} ${place}`
		: query.at !== undefined
			? sql`and o.observed_at <= to_timestamp(${query.at})`
			: sql``;
	const order = up ? sql`order by o.observed_at, o.id` : sql`order by o.observed_at desc, o.id desc`;
	const { from, where } = await found(sql, viewer, query, start, sql`${order} limit ${limit + 1}`);
	const rows = await sql<
		Row[]
	>`select ${columns(sql)} from ${from} join sources s on s.id = o.source_id where ${where}`;
	const kept = rows.slice(0, limit);
	const over = rows.length > limit;
	if (up) kept.reverse();
	const ends = [kept[0], kept.at(-1)].map((row) => (row ? cursor.encode([row.key, row.id]) : null));
	return {
		observations: kept.map(shape),
		next: up ? (ends[1] ?? given) : over ? ends[1]! : null,
		previous: ends[0] ?? given,
		more: up ? over : given !== null || query.at !== undefined
	};
}

import { randomUUID } from 'node:crypto';
import type { JSONValue } from 'postgres';
import { conflict, missing } from '$lib/core/error';
import type { Sql, Tx } from './client';
import * as log from './log';
import * as source from './source';

/** What one process has taken to fetch. `lease` proves it: whoever has lost it can write nothing any more. */
export type Taken = {
	source: number;
	slug: string;
	/** seconds */
	cadence: number;
	kind: string;
	settings: JSONValue;
	sealed: Buffer | null;
	cursor: JSONValue;
	failures: number;
	lease: string;
};
export type Mark = { item: string; stamp: string };

/** Seconds that a lease lasts unless it is renewed. */
export const LEASE = 60;

/** Has a source fetched from, from the beginning; what was there before is replaced. */
export async function set(
	sql: Sql,
	actor: string,
	id: number,
	to: { kind: string; settings: object; sealed: Buffer | null }
): Promise<void> {
	await sql.begin(async (tx) => {
		const [row] = await tx<{ slug: string }[]>`select slug from sources where id = ${id} for update`;
		if (!row) throw missing('The source');
		await tx`delete from fetches where source_id = ${id}`;
		await tx`
			insert into fetches (source_id, kind, settings, sealed)
			values (${id}, ${to.kind}, ${tx.json(to.settings as JSONValue)}, decode(${to.sealed?.toString('hex') ?? null}::text, 'hex'))`;
		await tx`update sources set last_error = null, last_error_at = null where id = ${id}`;
		await tx`insert into audit (actor, action, subject, detail) values (${actor}, 'source.fetch', ${row.slug}, ${tx.json({ kind: to.kind, ...to.settings } as JSONValue)})`;
	});
}

/** Ends the fetching of a source; it may still be delivered to. */
export async function unset(sql: Sql, actor: string, id: number): Promise<void> {
	await sql.begin(async (tx) => {
		const [row] = await tx<{ slug: string }[]>`
			delete from fetches f using sources s where f.source_id = ${id} and s.id = f.source_id returning s.slug`;
		if (!row) throw missing('What this source is fetched from');
		await tx`update sources set last_error = null, last_error_at = null where id = ${id}`;
		await tx`insert into audit (actor, action, subject, detail) values (${actor}, 'source.fetch', ${row.slug}, ${tx.json({ kind: null })})`;
	});
}

/**
 * Takes the source that has waited longest, or the one that is named whether it is due or not; none when nothing is due.
 * Nobody else gets it until it is settled or the lease is over.
 * @throws Problem `conflict` when the one that is named is being fetched, `not_found` when it is not fetched at all
 */
export async function take(sql: Sql, id?: number): Promise<Taken | undefined> {
	const lease = randomUUID();
	const which = id === undefined ? sql`next_at <= now()` : sql`source_id = ${id}`;
	const [row] = await sql<Omit<Taken, 'lease'>[]>`
		with mine as (
			select source_id from fetches where ${which} and (leased_until is null or leased_until < now())
			order by next_at limit 1 for update skip locked
		)
		update fetches f set lease = ${lease}, leased_until = now() + make_interval(secs => ${LEASE}), last_started = now()
		from mine, sources s where f.source_id = mine.source_id and s.id = f.source_id
		returning s.id as source, s.slug, s.cadence, f.kind, f.settings, f.sealed, f.cursor, f.failures`;
	if (row) return { ...row, lease };
	if (id === undefined) return undefined;
	const [there] = await sql`select 1 from fetches where source_id = ${id}`;
	if (!there) throw missing('What this source is fetched from');
	throw conflict('It is being fetched just now.');
}

/** Whether the lease still holds; then it is good for a while more. */
export async function renew(sql: Sql, { source, lease }: Taken): Promise<boolean> {
	const rows =
		await sql`update fetches set leased_until = now() + make_interval(secs => ${LEASE}) where source_id = ${source} and lease = ${lease} returning 1`;
	return rows.length > 0;
}

/** What of a source that lists its parts has been delivered, and in which state. */
export async function stamps(sql: Sql, source: number): Promise<Map<string, string>> {
	const rows = await sql<Mark[]>`select item, stamp from fetched where source_id = ${source}`;
	return new Map(rows.map((r) => [r.item, r.stamp]));
}

/**
 * Writes how far it has come, after the commit of what came.
 * @throws Problem `conflict` when the lease is lost: somebody else goes on, from where the last commit left
 */
export async function advance(
	sql: Sql,
	{ source, lease }: Taken,
	to: { cursor?: JSONValue; mark?: Mark }
): Promise<void> {
	await sql.begin(async (tx) => {
		const rows = await tx`
			update fetches set leased_until = now() + make_interval(secs => ${LEASE}) ${to.cursor === undefined ? tx`` : tx`, cursor = ${tx.json(to.cursor)}`}
			where source_id = ${source} and lease = ${lease} returning 1`;
		if (!rows.length) throw conflict('Another process fetches this source now.');
		if (to.mark)
			await tx`insert into fetched (source_id, item, stamp) values (${source}, ${to.mark.item}, ${to.mark.stamp})
				on conflict (source_id, item) do update set stamp = excluded.stamp, at = now()`;
	});
}

/** How a run ended: when the next one is due (seconds from now), and what is to be said. */
export type End = { next: number; failed: boolean; error: string | null };

/**
 * Ends a run and tells the screens. A run without an error says that the source was heard of: that it has nothing new
 * is news too.
 */
export async function settle(sql: Sql, { source: id, lease }: Taken, { next, failed, error }: End): Promise<void> {
	await sql.begin(async (tx: Tx) => {
		const rows = await tx`
			update fetches set lease = null, leased_until = null, next_at = now() + make_interval(secs => ${next}),
				failures = case when ${failed} then failures + 1 else 0 end, last_success = case when ${failed} then last_success else now() end
			where source_id = ${id} and lease = ${lease} returning 1`;
		if (!rows.length) return;
		await tx`
			update sources set last_at = case when ${failed} then last_at else greatest(last_at, now()) end,
				last_error = ${error}, last_error_at = case when ${error}::text is null then null else now() end where id = ${id}`;
		await log.append(tx, 'source', { source: await source.one(tx, id) });
	});
}

/** Gives a source back as it was, to go on at once: whoever had it is stopping. */
export async function release(sql: Sql, { source, lease }: Taken): Promise<void> {
	await sql`update fetches set lease = null, leased_until = null, next_at = least(next_at, now()) where source_id = ${source} and lease = ${lease}`;
}

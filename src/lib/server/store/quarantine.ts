import { forbidden, missing } from '$lib/core/error';
import { ofRank, rank, type Tlp } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql } from './client';
import * as cursor from './cursor';

export type Held = {
	id: number;
	source: string;
	firstAt: number;
	lastAt: number;
	times: number;
	format: string;
	line: number;
	path: string;
	code: string;
	reason: string;
	tlp: Tlp;
	/** the first 64 KiB of the record, as text */ raw: string;
	/** bytes of the whole record */ size: number;
};
export type Group = { source: string; code: string; path: string; reason: string; count: number; lastAt: number };
export type Filter = { source?: string; code?: string; path?: string; cursor?: string; limit?: number };

/** Bytes of a record that a list shows; another try takes all of it. */
const SHOWN = 65_536;

/**
 * A record that could not be read may be about anything: only a viewer without a scope sees it, and only within the
 * TLP that it states (RED when it states none).
 */
function visible(sql: Sql, viewer: Viewer) {
	if (!may(viewer, 'quarantine.read')) throw forbidden();
	return viewer.sectors || viewer.provinces ? sql`false` : sql`q.tlp <= ${rank(viewer.clearance)}`;
}

/** One page, the newest first. Times are epoch seconds; `raw` is the record's beginning as text, what is no UTF-8 replaced. */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	filter: Filter = {}
): Promise<{ records: Held[]; next: string | null }> {
	const limit = filter.limit ?? 50;
	const after = filter.cursor ? (cursor.decode(filter.cursor, 'whole')[0] as number) : null;
	const rows = await sql<(Omit<Held, 'raw' | 'tlp'> & { raw: Buffer; tlp: number })[]>`
		select q.id, s.slug as source, extract(epoch from q.first_at)::float8 as "firstAt", extract(epoch from q.last_at)::float8 as "lastAt", q.times, q.format, q.line, q.path, q.code, q.reason, q.tlp, substring(q.raw from 1 for ${SHOWN}) as raw, length(q.raw) as size
		from quarantine q join sources s on s.id = q.source_id
		where ${visible(sql, viewer)} ${filter.source ? sql`and s.slug = ${filter.source}` : sql``} ${filter.code ? sql`and q.code = ${filter.code}` : sql``}
			${filter.path !== undefined ? sql`and q.path = ${filter.path}` : sql``} ${after !== null ? sql`and q.id < ${after}` : sql``}
		order by q.id desc limit ${limit + 1}`;
	const page = rows.slice(0, limit).map((r) => ({ ...r, tlp: ofRank(r.tlp), raw: r.raw.toString('utf8') }));
	return { records: page, next: rows.length > limit ? cursor.encode([page.at(-1)!.id]) : null };
}

/** Records that share a source, a place and a kind of reason, the largest group first; at most 200 groups. */
export async function groups({ sql }: Client, viewer: Viewer): Promise<Group[]> {
	return sql<Group[]>`
		select s.slug as source, q.code, q.path, min(q.reason) as reason, count(*)::bigint as count, extract(epoch from max(q.last_at))::float8 as "lastAt"
		from quarantine q join sources s on s.id = q.source_id where ${visible(sql, viewer)}
		group by 1, 2, 3 order by count(*) desc, 1, 2, 3 limit 200`;
}

/** The record itself, for another try. @throws Problem 404 */
export async function raw(
	{ sql }: Client,
	viewer: Viewer,
	id: number
): Promise<{ sourceId: number; format: string; line: number; raw: Buffer }> {
	const [row] = await sql<{ sourceId: number; format: string; line: number; raw: Buffer }[]>`
		select q.source_id as "sourceId", q.format, q.line, q.raw from quarantine q where q.id = ${id} and ${visible(sql, viewer)}`;
	if (!row) throw missing('The record');
	return row;
}

/** Takes a record out of quarantine, after it has been accepted. */
export async function release({ sql }: Client, viewer: Viewer, id: number): Promise<void> {
	await sql.begin(async (tx) => {
		await tx`delete from quarantine where id = ${id}`;
		await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, 'quarantine.retry', ${String(id)}, '{}')`;
	});
}

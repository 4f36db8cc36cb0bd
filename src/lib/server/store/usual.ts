import type { PendingQuery, Row } from 'postgres';
import { DAY, floor, HOUR } from '$lib/core/clock';
import type { Sql, Tx } from './client';
import { head } from './log';

/** Name of the mark up to which `usual_cells` follows the log. */
const MARK = 'usual';

/** `seq`: the last entry of the log that is counted; `from`: the hour from which on everything is there, epoch seconds. */
export type Mark = { seq: number; from: number };
/** `[time (epoch seconds: a minute or an hour), facet, n, source]` */
export type Count = [at: number, facet: number, n: number, source: number];

export async function mark(sql: Sql | Tx): Promise<Mark | undefined> {
	const [row] = await sql<Mark[]>`select seq, (state ->> 'from')::bigint as from from marks where name = ${MARK}`;
	return row;
}

/** Forgets how far the log was followed: the past is to be counted anew. */
export const unmark = (sql: Sql) => sql`delete from marks where name = ${MARK}`;

/**
 * Counts anew from the observations, as of one moment and the head of the log at that moment. By the day, so that no
 * statement takes for ever; `from` is epoch seconds.
 */
export async function build(sql: Sql, from: number, onDay?: (at: number, cells: number) => void): Promise<Mark> {
	const first = floor(from, HOUR);
	return sql.begin('isolation level repeatable read', async (tx) => {
		await tx`set local statement_timeout = 0`;
		const seq = await head(tx);
		await tx`delete from usual_cells`;
		const [last] = await tx<{ at: number | null }[]>`select extract(epoch from max(at))::bigint as at from cells_hour`;
		for (let at = first; at <= (last!.at ?? -1); at = floor(at, DAY) + DAY) {
			const made = await tx`
				insert into usual_cells (at, source_id, facet_id, n)
				select date_trunc('hour', observed_at), source_id, facet_id, count(*) from observations
				where observed_at >= to_timestamp(${at}) and observed_at < to_timestamp(${floor(at, DAY) + DAY}) and facet_id not in (select id from facets where class = 'test')
				group by 1, 2, 3 order by 1, 2, 3`;
			onDay?.(at, made.count);
		}
		await tx`
			insert into marks (name, seq, state) values (${MARK}, ${seq}, ${tx.json({ from: first })})
			on conflict (name) do update set seq = excluded.seq, state = excluded.state`;
		return { seq, from: first };
	}) as Promise<Mark>;
}

/**
 * Adds what entries of the log count, and moves the mark over them, in one transaction. False when the mark is not where
 * it should be: somebody else follows.
 * @param counts by the minute or the hour; those of hours that are not kept any more are left out
 */
export async function add(sql: Sql, after: number, to: number, counts: Count[]): Promise<boolean> {
	const sums = new Map<string, Count>();
	for (const [at, facet, n, source] of counts) {
		const hour = floor(at, HOUR);
		const key = `${hour} ${source} ${facet}`;
		const sum = sums.get(key);
		if (sum) sum[2] += n;
		else sums.set(key, [hour, facet, n, source]);
	}
	const cells = [...sums.values()].filter((c) => c[2] !== 0);
	return sql.begin(async (tx) => {
		await tx`set local statement_timeout = 0`;
		const [moved] = await tx<
			{ from: number }[]
		>`update marks set seq = ${to} where name = ${MARK} and seq = ${after} returning (state ->> 'from')::bigint as from`;
		if (!moved) return false;
		const kept = cells.filter((c) => c[0] >= moved.from);
		if (!kept.length) return true;
		const given = tx`unnest(${kept.map((c) => c[0])}::bigint[], ${kept.map((c) => c[3])}::int[], ${kept.map((c) => c[1])}::int[], ${kept.map((c) => c[2])}::bigint[]) as g (at, source_id, facet_id, n)`;
		await tx`
			insert into usual_cells as c (at, source_id, facet_id, n) select to_timestamp(at), source_id, facet_id, n from ${given} order by 1, 2, 3
			on conflict (at, source_id, facet_id) do update set n = c.n + excluded.n`;
		// Only what was taken away can have left nothing.
		if (kept.some((c) => c[2] < 0))
			await tx`delete from usual_cells c using ${given} where c.at = to_timestamp(g.at) and c.source_id = g.source_id and c.facet_id = g.facet_id and c.n = 0`;
		return true;
	}) as Promise<boolean>;
}

/** Removes the hours before a moment (epoch seconds); answers how many cells that were. */
export async function forget(sql: Sql, before: number): Promise<number> {
	const hour = floor(before, HOUR);
	return sql.begin(async (tx) => {
		await tx`update marks set state = state || jsonb_build_object('from', ${hour}::bigint) where name = ${MARK} and (state ->> 'from')::bigint < ${hour}`;
		return (await tx`delete from usual_cells where at < to_timestamp(${hour})`).count;
	}) as Promise<number>;
}

/** The hours that are kept, in pages, so that whoever takes them can do other things between. */
export const hours = (tx: Tx): AsyncIterable<Count[]> =>
	pages(tx`select extract(epoch from at)::bigint as at, facet_id, n, source_id from usual_cells order by 1`);

/** Counts by the minute from a moment on (epoch seconds), from the observations. */
export const minutes = (tx: Tx, from: number): AsyncIterable<Count[]> => pages(observed(tx, 'minute', from, Infinity));

/** Counts by the minute or the hour of a stretch of the past, from the observations, in the order of time. */
export const past = async (sql: Sql, unit: 'minute' | 'hour', from: number, to: number): Promise<Count[]> =>
	(await observed(sql, unit, from, to).values()) as unknown as Count[];

const observed = (sql: Sql | Tx, unit: 'minute' | 'hour', from: number, to: number) => sql<Row[]>`
	select extract(epoch from date_trunc(${sql.unsafe(`'${unit}'`)}, observed_at))::bigint as at, facet_id, count(*) as n, source_id from observations
	where observed_at >= to_timestamp(${from}) and observed_at < to_timestamp(${to}) and facet_id not in (select id from facets where class = 'test')
	group by 1, 2, 4 order by 1`;

const PAGE = 5000;

/** The rows of a query as arrays, a page at a time. */
const pages = (query: PendingQuery<Row[]>): AsyncIterable<Count[]> =>
	(query.values() as unknown as PendingQuery<Row[]>).cursor(PAGE) as AsyncIterable<unknown> as AsyncIterable<Count[]>;

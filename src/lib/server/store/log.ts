import type { JSONValue } from 'postgres';
import type { Incident } from '$lib/core/incident';
import type { Raised } from '$lib/core/alarm';
import type { Declared } from '$lib/core/picture';
import type { Posture } from '$lib/core/posture';
import type { Source } from '$lib/core/source';
import type { Advisory } from '$lib/core/advisory';
import type { Sql, Tx } from './client';

/** What an entry says: cells as `[minute (epoch seconds), facet, n, source]` (by source: a facet may stand there several times), sources that delivered as `[slug, when]`, and whole things that changed. */
export type Payload = {
	cells?: [number, number, number, number?][];
	sources?: [string, number][];
	source?: Source;
	incident?: Incident;
	indicators?: Sighted[];
	advisories?: Advisory[];
	level?: Declared | null;
	/** alarms that were raised or have changed */
	alarms?: Told[];
	/** the posture as each clearance sees it, by rank */
	postures?: { clearance: number; posture: Posture }[];
};
/** `was`: who could see it before, where others can now. */
export type Told = Raised & { was?: Pick<Raised, 'tlp' | 'sector' | 'province'> };
/** An indicator that was seen in a sector and province for the first time; `tlp` is the lowest rank of those who say to look for it. */
export type Sighted = { id: string; kind: string; value: string; tlp: number; facet: number };
/** One entry of the log; `at` is epoch seconds. */
export type Entry = { seq: number; at: number; kind: string; payload: Payload };

/** Channel on which the readers are woken; they read by `seq`, so a lost notification costs a poll interval. */
export const CHANNEL = 'watchfloor_log';

/**
 * Appends an entry as the last statement of a transaction: the row lock of `log_head` is held until the commit, so
 * numbers become visible in their order and without a gap.
 */
export async function append(tx: Tx, kind: string, payload: Payload): Promise<number> {
	const [row] = await tx<{ seq: number }[]>`
		with head as (update log_head set seq = seq + 1 where one returning seq),
		written as (insert into log (seq, at, kind, payload) select seq, clock_timestamp(), ${kind}, ${tx.json(payload as unknown as JSONValue)}::json from head returning seq)
		select seq, pg_notify(${CHANNEL}, seq::text) from written`;
	return row!.seq;
}

/** Entries after `seq`, in their order. `at` is epoch seconds. */
export const after = (sql: Sql, seq: number, limit: number): Promise<Entry[]> =>
	sql<
		Entry[]
	>`select seq, extract(epoch from at)::float8 as at, kind, payload from log where seq > ${seq} order by seq limit ${limit}`.then(
		(rows) => [...rows]
	);

/** The last number. */
export async function head(sql: Sql | Tx): Promise<number> {
	const [row] = await sql<{ seq: number }[]>`select seq from log_head`;
	return row?.seq ?? 0;
}

/** Whether the log still holds everything after a number, which it has come to. */
export async function reaches(sql: Sql | Tx, seq: number): Promise<boolean> {
	const [row] = await sql<{ good: boolean }[]>`
		select ${seq} = h.seq or (${seq} < h.seq and exists (select from log where seq = ${seq}::bigint + 1)) as good from log_head h`;
	return row?.good ?? seq === 0;
}

import type { Row } from '$lib/core/judgement';
import { TLPS } from '$lib/core/tlp';
import type { Sql, Tx } from './client';

/** Channel on which it is told that there is a newer judgement. */
export const CHANNEL = 'watchfloor_judgement';

/** `at`: the minute that was judged, epoch seconds; `seq`: of the log, what it knows of; rows by the rank of a clearance, every rank. */
export type Latest = { at: number; seq: number; rows: Map<number, Row[]> };

/** The ranks of all clearances, the lowest first. */
export const RANKS = TLPS.map((_, rank) => rank);

/** The judgement that holds; before the first, `at` is 0 and there are no rows. */
export async function latest(sql: Sql | Tx): Promise<Latest> {
	const kept = await sql<{ clearance: number; at: number; seq: number; rows: Row[] }[]>`
		select clearance, extract(epoch from at)::bigint as at, seq, rows from judgements order by clearance`;
	if (!kept.length) return { at: 0, seq: 0, rows: new Map() };
	// A clearance that sees the same as the one below it is not kept twice.
	const rows = new Map(RANKS.map((rank) => [rank, kept.findLast((k) => k.clearance <= rank)?.rows ?? []]));
	return { at: kept[0]!.at, seq: kept[0]!.seq, rows };
}

/**
 * Puts a judgement in the place of the one before, and wakes whoever waits for it.
 * @param at the minute that was judged, epoch seconds
 * @param judged rows by rank; ranks that see the same may share one list
 */
export async function replace(sql: Sql, at: number, seq: number, judged: readonly (readonly Row[])[]): Promise<void> {
	const kept = judged.flatMap((rows, rank) => (rank && rows === judged[rank - 1] ? [] : [{ rank, text: write(rows) }]));
	await sql.begin(async (tx) => {
		await tx`delete from judgements`;
		for (const { rank, text } of kept)
			await tx`insert into judgements (clearance, at, seq, rows) values (${rank}, to_timestamp(${at}), ${seq}, ${text}::text::json)`;
		await tx`select pg_notify(${CHANNEL}, ${String(at)})`;
	});
}

/** Six digits of an expectation are more than it knows. */
const write = (rows: readonly Row[]): string =>
	JSON.stringify(rows.map((r) => r.with(6, Number(r[6].toPrecision(6))).with(7, Number(r[7].toPrecision(6)))));

import { floor, HOUR } from '$lib/core/clock';
import type { Posture } from '$lib/core/posture';
import type { State } from '$lib/core/posture/formula';
import { within } from '$lib/core/posture/scope';
import { forbidden } from '$lib/core/error';
import { rank } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';

/** Seconds that the posture of each hour is kept. */
export const KEPT = 400 * 86_400;
/** Seconds that a posture of the past may be older than what was asked for: nobody led then. */
const NEAR = 6 * HOUR;
const RANKS = 5;

/** The posture of one clearance, by its rank, and what the next one has to know of it. */
export type Kept = { clearance: number; posture: Posture; state: State };

/** The newest of each clearance, the lowest first. */
export const newest = async (sql: Sql | Tx): Promise<Kept[]> => [
	...(await sql<Kept[]>`
		select c.clearance, p.posture, p.state from generate_series(0, ${RANKS - 1}) as c (clearance)
		cross join lateral (select posture, state from postures where clearance = c.clearance order by at desc limit 1) p order by 1`)
];

/** The latest by rank of clearance. */
export const latest = async (sql: Sql | Tx): Promise<Map<number, Posture>> =>
	new Map((await newest(sql)).map((k) => [k.clearance, k.posture]));

/**
 * Puts postures in the hour of `now` (epoch seconds): the last of an hour stays. Of one that says nothing new, only what
 * the next one has to know is written, once the hour has a row.
 */
export async function keep(tx: Tx, now: number, kept: (Kept & { news: boolean })[]): Promise<void> {
	for (const { clearance, posture, state, news } of kept)
		await tx`
			insert into postures (at, clearance, posture, state)
			values (to_timestamp(${floor(now, HOUR)}), ${clearance}, ${JSON.stringify(posture)}::text::jsonb, ${JSON.stringify(state)}::text::jsonb)
			on conflict (clearance, at) do update set state = excluded.state ${news ? tx`, posture = excluded.posture` : tx``}`;
}

/** Removes what is older than it is kept. `now` is epoch seconds. */
export async function drop(sql: Sql | Tx, now: number): Promise<void> {
	await sql`delete from postures where at < to_timestamp(${now - KEPT})`;
}

/** The posture as it stood at the end of the hour of a moment (epoch seconds), or before, as far as the viewer may see it; null: none was made then. */
export async function past({ sql }: Client, viewer: Viewer, at: number): Promise<Posture | null> {
	if (!may(viewer, 'picture.read')) throw forbidden();
	const [row] = await sql<{ posture: Posture }[]>`
		select posture from postures where clearance = ${rank(viewer.clearance)} and at <= to_timestamp(${at}) and at > to_timestamp(${at - NEAR})
		order by at desc limit 1`;
	return row ? within(row.posture, viewer) : null;
}

/** Since when counts are kept (epoch seconds): before it, that there is none says nothing. Null: nothing was ever counted. */
export async function since({ sql }: Client): Promise<number | null> {
	const [row] = await sql<{ at: number | null }[]>`
		select extract(epoch from least((select min(at) from cells_day), (select min(at) from cells_hour)))::float8 as at`;
	return row?.at ?? null;
}

/** How many sources were told to be silent at a moment (epoch seconds), of those that the viewer may know of. */
export async function silent({ sql }: Client, viewer: Viewer, at: number): Promise<number> {
	if (!may(viewer, 'picture.read')) throw forbidden();
	const [row] = await sql<{ n: number }[]>`
		select count(*)::int as n from alarms where kind = 'silence' and tlp <= ${rank(viewer.clearance)} and raised_at <= to_timestamp(${at})
			and ((standing <> 'cleared' and returned_at is null) or coalesce(returned_at, updated_at) > to_timestamp(${at}))`;
	return row!.n;
}

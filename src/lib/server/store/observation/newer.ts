import { forbidden } from '$lib/core/error';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from '../client';
import { within } from '../deadline';
import * as filter from '../filter';
import * as log from '../log';
import * as scope from '../scope';
import { found, PATIENCE, type Slice } from './part';

/** `more`: there are more than are counted ("100+"). `seq`: the number of the log at which it holds. */
export type Newer = { count: number; more: boolean; seq: number };

/** Counted at the most where observations have to be read. */
const MOST = 100;
/** Entries of the log that are added up at the most. */
const ENTRIES = 5000;

/**
 * How many observations of a slice came since: after a number of the log (`seq`), or that are later than a moment (`at`,
 * epoch seconds; for a text, or when the log does not reach back). One that came late counts where the log tells.
 * @throws Problem 403; `too_slow` 503
 */
export async function newer(
	{ sql }: Pick<Client, 'sql'>,
	viewer: Viewer,
	slice: Slice,
	after: { seq?: number; at: number },
	patience = PATIENCE
): Promise<Newer> {
	if (!may(viewer, 'observation.read')) throw forbidden();
	return within(sql, patience, async (tx) => {
		const seq = await log.head(tx);
		if (after.seq !== undefined && !slice.q && seq - after.seq <= ENTRIES && (await log.reaches(tx, after.seq)))
			return { count: await told(tx, viewer, slice, after.seq), more: false, seq };
		const n = await read(tx, viewer, slice, after.at);
		return { count: Math.min(n, MOST), more: n > MOST, seq };
	});
}

/** What the log has counted. Cells are minutes: of the minute in which a slice begins or ends, all is taken. */
async function told(tx: Tx, viewer: Viewer, { from, to, source, ...facets }: Slice, seq: number): Promise<number> {
	const [row] = await tx<{ n: number }[]>`
		select coalesce(sum((c ->> 2)::bigint), 0)::bigint as n from log l cross join lateral json_array_elements(l.payload -> 'cells') c join facets f on f.id = (c ->> 1)::int
		where l.seq > ${seq} and ${scope.facets(tx, viewer)} ${filter.facets(tx, facets)}
			${from !== undefined ? tx`and (c ->> 0)::bigint >= ${Math.floor(from / 60) * 60}` : tx``} ${to !== undefined ? tx`and (c ->> 0)::bigint < ${Math.ceil(to / 60) * 60}` : tx``}
			${source ? tx`and (c ->> 3)::int = (select id from sources where slug = ${source})` : tx``}`;
	// What was placed anew takes as much as it gives, also away from a slice.
	return Math.max(0, row!.n);
}

async function read(sql: Sql | Tx, viewer: Viewer, slice: Slice, at: number): Promise<number> {
	const { from, where } = await found(
		sql,
		viewer,
		slice,
		sql`and o.observed_at > to_timestamp(${at})`,
		sql`order by o.observed_at desc, o.id desc limit ${MOST + 1}`
	);
	const [row] = await sql<{ n: number }[]>`select count(*)::int as n from (select o.id from ${from} where ${where}) s`;
	return row!.n;
}

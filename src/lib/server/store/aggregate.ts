import { invalid } from '$lib/core/error';
import { DAY, floor, HOUR, MINUTE } from '$lib/core/clock';
import type { Viewer } from '$lib/core/viewer';
import type { By } from '$lib/core/dimension';
import { moment, type Client, type Tx } from './client';
import * as filter from './filter';
import * as scope from './scope';

/** Times are epoch seconds; `to` is the moment after the last. */
export type Query = { by: By[]; from: number; to: number } & filter.Facets & { source?: string; q?: string };
/** A cell names its dimensions; `hour` and `minute` are ISO 8601. */
export type Cell = Partial<Record<By, string>> & { count: number };
export type Answer = { from: number; to: number; by: By[]; seq: number; total: number; cells: Cell[] };

/**
 * Counts observations of whole minutes from `from` (rounded down) to `to` (rounded up), as the viewer may see them, with
 * the number of the log at which they hold. Cells answer what they can; what only observations know (a source, a text,
 * minutes that are no longer kept) is counted from those.
 */
export async function run(client: Client, viewer: Viewer, query: Query, most = 100_000): Promise<Answer> {
	const from = floor(query.from, MINUTE);
	const to = floor(query.to + MINUTE - 0.001, MINUTE);
	if (!(from < to)) throw invalid('from is not before to.', { path: 'from' });
	return moment(client.sql, async (tx) => {
		const { seq, kept } = await standing(tx);
		const counted = query.source || query.q ? observed(tx, from, to, query) : cells(tx, from, to, query.by, kept);
		const positions = tx.unsafe(query.by.map((_, i) => i + 1).join(', '));
		const join = (list: ReturnType<typeof column>[]) =>
			list.reduce((all, one, i) => (i ? tx`${all}, ${one}` : one), tx``);
		// Times are written out for what is left after grouping, and counts summed as doubles (exact below 2^53): both cost more
		// than all the rest when they are done for every cell.
		const rows = await tx<Cell[]>`
			select ${join(query.by.map((by) => written(tx, by)))}, s.n::bigint as count from (
				select ${join(query.by.map((by) => column(tx, by)))}, sum(c.n::float8) as n from (${counted}) c join facets f on f.id = c.facet_id
				where ${scope.facets(tx, viewer)} ${filter.facets(tx, query)}
				group by ${positions}
			) s where s.n <> 0 order by count desc, ${positions} limit ${most + 1}`;
		if (rows.length > most)
			throw invalid(`The answer has more than ${most} cells (WATCHFLOOR_MAX_CELLS): ask for less time, or by less.`, {
				path: 'by'
			});
		return { from, to, by: query.by, seq, total: rows.reduce((sum, r) => sum + r.count, 0), cells: [...rows] };
	});
}

/** The number of the log, and from when on minutes are kept (epoch seconds). */
export async function standing(tx: Tx): Promise<{ seq: number; kept: number }> {
	const [at] = await tx<
		{ seq: number; kept: number }[]
	>`select seq, (select extract(epoch from value::timestamptz)::float8 from meta where key = 'minutes_from') as kept from log_head`;
	return at!;
}

type Counts = ReturnType<typeof observed>;

const isTime = (by: By): by is 'hour' | 'minute' => by === 'hour' || by === 'minute';

/** A dimension as it is grouped by. */
function column(tx: Tx, by: By) {
	return isTime(by) ? tx`date_trunc(${tx.unsafe(`'${by}'`)}, c.at) as ${tx(by)}` : tx`f.${tx(by)} as ${tx(by)}`;
}

/** A dimension as it is answered. */
function written(tx: Tx, by: By) {
	return isTime(by)
		? tx`to_char(s.${tx(by)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ${tx(by)}`
		: tx`s.${tx(by)} as ${tx(by)}`;
}

/** Counts of a range: of its whole days, of the whole hours before and after them, and of what is left from minutes. */
export function cells(tx: Tx, from: number, to: number, by: By[], kept: number) {
	const hours = (a: number, b: number) => whole(tx, 'cells_hour', HOUR, a, b, (x, y) => fine(tx, x, y, kept));
	if (by.includes('minute')) return fine(tx, from, to, kept);
	return by.includes('hour') ? hours(from, to) : whole(tx, 'cells_day', DAY, from, to, hours);
}

/** The cells of the whole units in a range, and its ends by another reader. */
function whole(
	tx: Tx,
	table: string,
	unit: number,
	from: number,
	to: number,
	ends: (a: number, b: number) => Counts
): Counts {
	const first = Math.ceil(from / unit) * unit;
	const last = floor(to, unit);
	if (first >= last) return ends(from, to);
	const inside = tx`select at, facet_id, n from ${tx(table)} where at >= to_timestamp(${first}) and at < to_timestamp(${last})`;
	const before = from < first ? tx`union all ${ends(from, first)}` : tx``;
	const after = last < to ? tx`union all ${ends(last, to)}` : tx``;
	return tx`${inside} ${before} ${after}`;
}

/** Minute cells from where they are kept, observations before. */
function fine(tx: Tx, from: number, to: number, kept: number) {
	const range = (a: number, b: number) =>
		tx`select at, facet_id, n from cells_minute where at >= to_timestamp(${a}) and at < to_timestamp(${b})`;
	if (from >= kept) return range(from, to);
	if (to <= kept) return observed(tx, from, to, {});
	return tx`${observed(tx, from, kept, {})} union all ${range(kept, to)}`;
}

function observed(tx: Tx, from: number, to: number, query: { source?: string; q?: string }) {
	return tx`select date_trunc('minute', o.observed_at) as at, o.facet_id, 1 as n from observations o
		where o.observed_at >= to_timestamp(${from}) and o.observed_at < to_timestamp(${to}) ${filter.observations(tx, query)}`;
}

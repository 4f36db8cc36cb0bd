import { DAY, floor, HOUR, MINUTE } from '$lib/core/clock';
import { invalid } from '$lib/core/error';
import type { Viewer } from '$lib/core/viewer';
import * as aggregate from './aggregate';
import type { Client, Tx } from './client';
import { within } from './deadline';
import * as filter from './filter';
import { PATIENCE, type Slice } from './observation/part';
import * as scope from './scope';
import * as origin from './slice/origin';
import type { Share } from './slice/origin';

export type { Share } from './slice/origin';

/** What a slice is divided by. */
export const DIVISIONS = ['province', 'sector', 'class', 'type', 'severity', 'direction'] as const;
export type Division = (typeof DIVISIONS)[number];
/** Everything that is drawn of a slice. Times are epoch seconds; `unit`s are seconds, of UTC. */
export type Drawn = {
	from: number;
	to: number;
	/** of the log: at which it holds */
	seq: number;
	total: number;
	unit: number;
	/** `[start, count]` in the order of time, without those that are nothing */
	course: [at: number, count: number][];
	/** sector by time, without those that are nothing */
	heat: { unit: number; cells: [at: number, sector: string, count: number][] };
	/** the most first */
	by: Record<Division, Share[]>;
	/** by slug, the most first; null when it took too long to count */
	source: Share[] | null;
};

/** Seconds up to which the course is drawn by the minute and by the hour, and sectors by the hour. */
const FINE = { minute: 6 * HOUR, hour: 14 * DAY, heat: 4 * DAY };

/** The times of a slice in whole minutes: without `to` up to now, without `from` the 24 hours before. @throws Problem `invalid` */
export function range(slice: Slice, now: number): { from: number; to: number } {
	const to = Math.ceil((slice.to ?? now) / MINUTE) * MINUTE;
	const from = slice.from === undefined ? to - DAY : floor(slice.from, MINUTE);
	if (!(from < to)) throw invalid('from is not before to.', { path: 'from' });
	return { from, to };
}

/**
 * Draws a slice, as the viewer may see it, as of one moment: from cells what they know, from observations what only
 * those do (a text), and the sources from the hours that are counted by source.
 * @param now epoch seconds, where the slice has no end
 * @param patience seconds that a search among observations may take
 * @throws Problem `invalid`; `too_slow` 503
 */
export async function draw(
	{ sql }: Pick<Client, 'sql'>,
	viewer: Viewer,
	slice: Slice,
	now: number,
	patience = PATIENCE
): Promise<Drawn> {
	const { from, to } = range(slice, now);
	const length = to - from;
	const unit = length <= FINE.minute ? MINUTE : length <= FINE.hour ? HOUR : DAY;
	const heat = length <= FINE.heat ? HOUR : DAY;
	return within(sql, patience, async (tx) => {
		const at = await aggregate.standing(tx);
		const mark = slice.q ? null : await origin.reach(tx);
		const read = slice.q
			? origin.observed(tx, from, to, slice)
			: slice.source
				? origin.counts(tx, mark, from, to, unit, slice.source)
				: aggregate.cells(tx, from, to, unit === MINUTE ? ['minute'] : unit === HOUR ? ['hour'] : [], at.kept);
		// Counts are summed as doubles (exact below 2^53): bigint sums are numeric, which costs more than all the rest.
		const rows = await tx<{ what: string; at: number | null; key: string | null; n: number }[]>`
			with seen as materialized (
				select f.id, f.province, f.sector, f.class, f.type, f.severity, f.direction from facets f where ${scope.facets(tx, viewer)} ${filter.facets(tx, slice)}
			), counted as materialized (
				select ${trunc(tx, unit)} as at, c.facet_id, ${slice.q ? tx`c.source_id,` : tx``} sum(c.n::float8) as n from (${read}) c where c.facet_id in (select id from seen) group by 1, 2 ${slice.q ? tx`, 3` : tx``}
			), timed as materialized (
				select c.at, f.sector, sum(c.n) as n from counted c join seen f on f.id = c.facet_id group by 1, 2
			), placed as materialized (
				select f.*, c.n from (select facet_id, sum(n) as n from counted group by 1) c join seen f on f.id = c.facet_id
			)
			select 'course' as what, extract(epoch from at)::float8 as at, null as key, sum(n) as n from timed group by at
			union all select 'heat', extract(epoch from ${trunc(tx, Math.max(unit, heat), 't')})::float8, sector, sum(n) from timed t group by 2, 3
			union all select case ${tx.unsafe(DIVISIONS.map((d) => `when grouping(${d}) = 0 then '${d}'`).join(' '))} end, null, coalesce(${tx.unsafe(DIVISIONS.join(', '))}), sum(n)
				from placed group by grouping sets (${tx.unsafe(DIVISIONS.map((d) => `(${d})`).join(', '))})
			${slice.q ? tx`union all select 'source', null, (select slug from sources where id = source_id), sum(n) from counted group by source_id` : tx``}`;
		const counts = rows.filter((r) => r.n !== 0);
		const shares = (what: string): Share[] =>
			counts
				.filter((r) => r.what === what)
				.map((r) => ({ key: r.key!, count: r.n }))
				.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
		const inTime = (what: string) => counts.filter((r) => r.what === what).sort((a, b) => a.at! - b.at!);
		const by = Object.fromEntries(DIVISIONS.map((d) => [d, shares(d)])) as Drawn['by'];
		const total = by.severity.reduce((sum, s) => sum + s.count, 0);
		return {
			from,
			to,
			seq: at.seq,
			total,
			unit,
			course: inTime('course').map((r) => [r.at!, r.n]),
			heat: { unit: Math.max(unit, heat), cells: inTime('heat').map((r) => [r.at!, r.key!, r.n]) },
			by,
			source: slice.q
				? shares('source')
				: slice.source
					? total
						? [{ key: slice.source, count: total }]
						: []
					: await origin.shares(tx, viewer, mark, from, to, slice)
		};
	});
}

const UNITS = new Map([
	[MINUTE, 'minute'],
	[HOUR, 'hour'],
	[DAY, 'day']
]);
const trunc = (tx: Tx, unit: number, of: 'c' | 't' = 'c') => tx.unsafe(`date_trunc('${UNITS.get(unit)!}', ${of}.at)`);

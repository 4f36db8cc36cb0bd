import type { Sql, Tx } from './client';
import { moment } from './client';
import * as log from './log';
import * as usual from './usual';

/** A cell whose number is not the number of its observations. `at` is ISO 8601. */
export type Difference = {
	table: string;
	at: string;
	province: string;
	sector: string;
	type: string;
	severity: string;
	direction: string;
	tlp: number;
	/** slug, where it is counted by source */
	source?: string;
	counted: number;
	cell: number;
};
export type Report = { checked: number; differences: Difference[] };

/** Differences that are listed at the most. */
const MOST = 1000;

/**
 * Recounts every cell from the observations, as of one moment: per minute where minute cells are kept, per hour and day
 * where there are still observations; and the hours by source that are learned from, as far as they follow the log.
 */
export function run(sql: Sql): Promise<Report> {
	return moment(sql, async (tx) => {
		await tx`set local statement_timeout = 0`;
		const [kept] = await tx<{ minutes: string; hours: string }[]>`
			select (select value from meta where key = 'minutes_from') as minutes,
				(select coalesce(min(to_date(right(c.relname, 7), 'YYYY_MM')), current_date)::text || 'T00:00:00Z' from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'observations'::regclass) as hours`;
		const minute = await compare(tx, 'cells_minute', 'minute', kept!.minutes);
		const hour = await compare(tx, 'cells_hour', 'hour', kept!.hours);
		const day = await compare(tx, 'cells_day', 'day', kept!.hours);
		const all = [minute, hour, day, await learned(tx, kept!.hours)];
		return {
			checked: all.reduce((n, r) => n + r.checked, 0),
			differences: all.flatMap((r) => r.differences).slice(0, MOST)
		};
	});
}

/**
 * What is learned from: `usual_cells` with what the log counts after their mark, beside the observations. Nothing where
 * the log does not reach back to the mark: then they are made anew before they are used again.
 */
async function learned(tx: Tx, hours: string): Promise<Report> {
	const mark = await usual.mark(tx);
	if (!mark || !(await log.reaches(tx, mark.seq))) return { checked: 0, differences: [] };
	const from = tx`greatest(to_timestamp(${mark.from}), date_trunc('hour', ${hours}::text::timestamptz))`;
	const both = tx`
		select at, facet_id, source_id, coalesce(o.n, 0) as counted, coalesce(c.n, 0) as cell from
			(select date_trunc('hour', observed_at) as at, facet_id, source_id, count(*) as n from observations where observed_at >= ${from} and facet_id not in (select id from facets where class = 'test') group by 1, 2, 3) o
			full join (
				select at, facet_id, source_id, sum(n) as n from (
					select at, facet_id, source_id, n from usual_cells where at >= ${from}
					union all
					select date_trunc('hour', to_timestamp((c ->> 0)::bigint)), (c ->> 1)::int, (c ->> 3)::int, (c ->> 2)::bigint from log, json_array_elements(payload -> 'cells') c
					where seq > ${mark.seq} and to_timestamp((c ->> 0)::bigint) >= ${from}
				) s group by 1, 2, 3 having sum(n) <> 0
			) c using (at, facet_id, source_id)`;
	const [all] = await tx<
		{ checked: number; wrong: number }[]
	>`select count(*) as checked, count(*) filter (where counted <> cell) as wrong from (${both}) b`;
	const differences = all!.wrong
		? await tx<Difference[]>`
			select 'usual_cells' as table, to_char(b.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, f.province, f.sector, f.type, f.severity, f.direction, f.tlp, s.slug as source, b.counted::bigint, b.cell::bigint
			from (${both}) b left join facets f on f.id = b.facet_id left join sources s on s.id = b.source_id where b.counted <> b.cell order by 2, 3, 4 limit ${MOST}`
		: [];
	return { checked: all!.checked, differences: [...differences] };
}

async function compare(tx: Tx, table: string, unit: 'minute' | 'hour' | 'day', from: string): Promise<Report> {
	const both = tx`
		select at, facet_id, coalesce(o.n, 0) as counted, coalesce(c.n, 0) as cell from
			(select date_trunc(${tx.unsafe(`'${unit}'`)}, observed_at) as at, facet_id, count(*) as n from observations where observed_at >= ${from}::text::timestamptz and facet_id not in (select id from facets where class = 'test') group by 1, 2) o
			full join (select at, facet_id, n from ${tx(table)} where at >= ${from}::text::timestamptz) c using (at, facet_id)`;
	const [all] = await tx<
		{ checked: number; wrong: number }[]
	>`select count(*) as checked, count(*) filter (where counted <> cell) as wrong from (${both}) b`;
	const differences = all!.wrong
		? await tx<Difference[]>`
			select ${table} as table, to_char(b.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, f.province, f.sector, f.type, f.severity, f.direction, f.tlp, b.counted::bigint, b.cell::bigint
			from (${both}) b join facets f on f.id = b.facet_id where b.counted <> b.cell order by 2, 3, 4 limit ${MOST}`
		: [];
	return { checked: all!.checked, differences: [...differences] };
}

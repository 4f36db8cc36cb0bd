import { ABUSES, UNKNOWN } from '$lib/core/abuse';
import { DAY } from '$lib/core/clock';
import type { Sql, Tx } from '../client';
import { reaches } from '../log';

/** Name of the mark in the log up to which stale days are known. */
const MARK = 'outbound';
/** Number of the advisory lock under which days are made: one process at a time. */
const LOCK = 7_407_013;
/** Entries of the log of one look. */
const ENTRIES = 20_000;

/** What counts: outbound and of a type of abuse. */
export const counted = (sql: Sql | Tx) =>
	sql`f.direction = 'outbound' and f.class <> 'test' and f.type = any(${ABUSES})`;

/** The network of an observation `o`, by what is known of its source. */
const network = (sql: Sql | Tx) => sql`case when o.source_asn > 0 then 'AS' || o.source_asn
	when o.source_ip is not null then network(set_masklen(o.source_ip, case family(o.source_ip) when 4 then 24 else 48 end))::text
	when o.constituent_id is not null then 'constituent:' || o.constituent_id else ${UNKNOWN} end`;

/** The day in Pakistan of an instant. */
const day = (sql: Sql | Tx, at: ReturnType<Sql>) => sql`((${at} at time zone 'UTC') + interval '5 hours')::date`;

/**
 * Brings the counts by day up to what has been committed: notes the days that entries of the log have touched (all of
 * them when the log does not reach back), the days on which sources delivered, and makes stale days anew from the
 * observations, the latest first, until `seconds` are over. Each day is one transaction, so that a stop loses nothing.
 * @param rest days that are not to be made now although they are stale
 * @returns seconds that each day took that was made, and how many are left; null when another process is at it
 */
export async function refresh(
	sql: Sql,
	seconds = 10,
	rest: (day: string) => boolean = () => false
): Promise<{ made: Map<string, number>; left: number } | null> {
	const own = await sql.reserve();
	try {
		const [lock] = await own<{ mine: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as mine`;
		if (!lock!.mine) return null;
		try {
			await note(sql);
			await watch(sql);
			const stale = await sql<{ day: string }[]>`select day::text as day from outbound_stale order by day desc`;
			const made = new Map<string, number>();
			const until = performance.now() + seconds * 1000;
			for (const { day } of stale) {
				if (rest(day)) continue;
				const began = performance.now();
				if (began >= until) break;
				await make(sql, day);
				made.set(day, (performance.now() - began) / 1000);
			}
			return { made, left: stale.length - made.size };
		} finally {
			await own`select pg_advisory_unlock(${LOCK})`;
		}
	} finally {
		own.release();
	}
}

/** Notes which days the log has touched since the mark. */
async function note(sql: Sql): Promise<void> {
	for (let more = true; more;)
		more = (await sql.begin(async (tx) => {
			await tx`set local statement_timeout = 0`;
			const [at] = await tx<{ head: number; mark: number | null }[]>`
				select (select seq from log_head) as head, (select seq from marks where name = ${MARK}) as mark`;
			const { head, mark } = at!;
			const whole = mark === null || !(await reaches(tx, mark));
			const to = whole ? head : Math.min(head, mark + ENTRIES);
			// A day of UTC lies in two days of Pakistan.
			if (whole)
				await tx`insert into outbound_stale
					select distinct (c.at at time zone 'UTC')::date + d.i from cells_day c join facets f on f.id = c.facet_id and ${counted(tx)} cross join generate_series(0, 1) d (i)
					on conflict do nothing`;
			else if (to > mark)
				await tx`insert into outbound_stale
					select distinct ${day(tx, tx`to_timestamp((c ->> 0)::bigint)`)} from log l cross join lateral json_array_elements(l.payload -> 'cells') c join facets f on f.id = (c ->> 1)::int and ${counted(tx)}
					where l.seq > ${mark} and l.seq <= ${to} and l.kind = 'cells' on conflict do nothing`;
			if (whole || to > mark)
				await tx`insert into marks (name, seq) values (${MARK}, ${to}) on conflict (name) do update set seq = excluded.seq`;
			return to < head;
		})) as boolean;
}

/** Notes the days on which sources delivered, from the last that is known of each. */
async function watch(sql: Sql): Promise<void> {
	await sql.begin(async (tx) => {
		await tx`set local statement_timeout = 0`;
		// Of each source only what came since: its deliveries stand in an index by time.
		await tx`insert into outbound_watch
			select distinct l.id, ${day(tx, tx`b.received_at`)}
			from (
				select s.id, coalesce((select max(w.day) from outbound_watch w where w.source_id = s.id)::timestamp at time zone 'UTC' - interval '5 hours', '-infinity') as since from sources s offset 0
			) l cross join lateral (select received_at from batches b where b.source_id = l.id and b.received_at >= l.since offset 0) b
			on conflict do nothing`;
	});
}

/** Makes one day anew. A day of which observations have been dropped stays as it was counted. */
async function make(sql: Sql, which: string): Promise<void> {
	const from = Date.parse(`${which}T00:00:00+05:00`) / 1000;
	await sql.begin(async (tx) => {
		await tx`set local statement_timeout = 0`;
		await tx`delete from outbound_stale where day = ${which}::text::date`;
		const [kept] = await tx<{ whole: boolean }[]>`
			select coalesce(min(to_date(right(c.relname, 7), 'YYYY_MM'))::timestamp at time zone 'UTC' <= to_timestamp(${from}), false) as whole
			from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'observations'::regclass`;
		const [before] = await tx`select 1 from outbound_days where day = ${which}::text::date limit 1`;
		if (!kept!.whole && before) return;
		const facets = await tx<{ id: number }[]>`select f.id from facets f where ${counted(tx)}`;
		await tx`create temp table fresh on commit drop as
			select ${network(tx)} as network, o.facet_id, o.source_id, count(*) as n, min(o.observed_at) as first_at, max(o.observed_at) as last_at from observations o
			where o.facet_id = any(${facets.map((f) => f.id)}::int[]) and o.observed_at >= to_timestamp(${from}) and o.observed_at < to_timestamp(${from + DAY}) group by 1, 2, 3`;
		await tx`create temp table was on commit drop as select * from outbound_days where day = ${which}::text::date`;
		await tx`delete from outbound_days where day = ${which}::text::date`;
		await tx`insert into outbound_days (day, network, facet_id, n, first_at, last_at)
			select ${which}::text::date, network, facet_id, sum(n), min(first_at), max(last_at) from fresh group by 2, 3`;
		await tx`insert into outbound_seen as s (network, facet_id, source_id, first_at, last_at) select network, facet_id, source_id, first_at, last_at from fresh
			on conflict (network, facet_id, source_id) do update set first_at = least(s.first_at, excluded.first_at), last_at = greatest(s.last_at, excluded.last_at)
			where s.first_at > excluded.first_at or s.last_at < excluded.last_at`;
		await tx`insert into outbound_pairs as p (network, facet_id, n, first_at, last_at, days)
			select network, d.facet_id, d.n - coalesce(w.n, 0), d.first_at, d.last_at, datemultirange(daterange(d.day, d.day + 1)) from outbound_days d left join was w using (network, facet_id)
			where d.day = ${which}::text::date and (w.n is null or (w.n, w.first_at, w.last_at) <> (d.n, d.first_at, d.last_at))
			on conflict (network, facet_id) do update set n = p.n + excluded.n, first_at = least(p.first_at, excluded.first_at), last_at = greatest(p.last_at, excluded.last_at), days = p.days + excluded.days`;
		// What has gone from the day, in part or whole, was perhaps the first or the last of its pair.
		await tx`create temp table shrunk on commit drop as
			select w.network, w.facet_id from was w left join outbound_days d on d.day = w.day and d.network = w.network and d.facet_id = w.facet_id
			where d.n is null or d.n < w.n or d.first_at > w.first_at or d.last_at < w.last_at`;
		await tx`delete from outbound_pairs p using shrunk s where p.network = s.network and p.facet_id = s.facet_id`;
		await tx`insert into outbound_pairs (network, facet_id, n, first_at, last_at, days)
			select network, facet_id, sum(d.n), min(d.first_at), max(d.last_at), range_agg(daterange(d.day, d.day + 1)) from outbound_days d join shrunk using (network, facet_id) group by 1, 2`;
	});
}

import { hash } from 'node:crypto';
import { TYPES } from '$lib/core/campaign';
import { DAY, floor, HOUR } from '$lib/core/clock';
import type { Client, Sql } from '../../store/client';
import { after, head, reaches } from '../../store/log';
import { clues, type Clue, type Report } from './clue';

/**
 * Follows what is reported and writes it as traces. Whatever hour and facet was counted anew is read and written anew
 * as a whole, so that nothing counts twice: not after a broken run, not when places are decided again.
 */

/** Seconds that traces are kept, and looked at: five windows. What belongs to a campaign is kept with it. */
export const KEEP = 35 * DAY;
/** Entries of the log, and hours and facets, of one run at the most; the rest is for the next. */
const ENTRIES = 3000;
const PAIRS = 3000;
/** Reports of one hour and facet that are read, the earliest: with more it is a flood, and says nothing new. */
const FLOOD = 2000;
/** Hours and facets that are read and written together. */
const PAGE = 200;
/** Hours and facets in which a new indicator is looked at, the latest. */
const BACK = 2000;
/** Hours of before that one run reads, as long as there are some to read. */
const HOURS = 24;
const MARK = 'campaigns';

type Pair = { hour: number; facet: number };
/** `back`: hours before this one are still to be read, null: all have been; `looked`: how far look-back was followed. */
type State = { back: number | null; looked: string };
export type Gathered = { pairs: number; traces: number };

/** One run. @param now epoch seconds */
export async function gather(client: Client, now: number): Promise<Gathered> {
	const { sql } = client;
	const mark = await begin(sql, now);
	const pairs = new Map<string, Pair>();
	const add = (p: Pair) => p.hour >= floor(now - KEEP, HOUR) && pairs.set(`${p.hour} ${p.facet}`, p);

	let seq = mark.seq;
	for (const entry of await after(sql, mark.seq, ENTRIES)) {
		if (pairs.size > PAIRS) break;
		for (const [at, facet] of entry.payload.cells ?? []) add({ hour: floor(at, HOUR), facet });
		seq = entry.seq;
	}
	const state = { ...mark.state };
	if (pairs.size < PAIRS) for (const p of await looked(sql, state, now)) add(p);
	if (pairs.size < PAIRS && state.back !== null) for (const p of await before(sql, state, now)) add(p);

	const ours = await own(sql);
	const list = (await telling(sql, [...pairs.values()])).sort((a, b) => a.hour - b.hour || a.facet - b.facet);
	let traces = 0;
	for (let i = 0; i < list.length; i += PAGE) traces += await write(sql, list.slice(i, i + PAGE), ours);
	await sql`update marks set seq = ${seq}, state = ${sql.json(state)} where name = ${MARK}`;
	return { pairs: list.length, traces };
}

/** The mark; where there is none, or the log does not reach back to it, all that is kept is read again, the latest first. */
async function begin(sql: Sql, now: number): Promise<{ seq: number; state: State }> {
	const [mark] = await sql<{ seq: number; state: State }[]>`select seq, state from marks where name = ${MARK}`;
	if (mark && (await reaches(sql, mark.seq))) return mark;
	const fresh = {
		seq: await head(sql),
		state: { back: floor(now, HOUR) + HOUR, looked: new Date(now * 1000).toISOString() }
	};
	await sql`insert into marks (name, seq, state) values (${MARK}, ${fresh.seq}, ${sql.json(fresh.state)})
		on conflict (name) do update set seq = excluded.seq, state = excluded.state`;
	return fresh;
}

/** Where indicators were found that have been searched for in earlier reports since. */
async function looked(sql: Sql, state: State, now: number): Promise<Pair[]> {
	const found = await sql<{ id: string; at: string }[]>`
		select id, looked_at::text as at from indicators where looked_at > ${state.looked}::text::timestamptz order by looked_at, id limit 1000`;
	if (!found.length) return [];
	// Those of one round have one time: all of it, or what comes after its last would be passed over.
	const last = found.at(-1)!.at;
	const ids = await sql<
		{ id: string }[]
	>`select id from indicators where looked_at > ${state.looked}::text::timestamptz and looked_at <= ${last}::text::timestamptz`;
	state.looked = last;
	return sql<Pair[]>`
		select distinct p.hour, p.facet from unnest(${ids.map((f) => f.id)}::uuid[]) as i (id) cross join lateral (
			select distinct extract(epoch from date_trunc('hour', observed_at))::bigint as hour, facet_id as facet from sightings where indicator_id = i.id and observed_at >= to_timestamp(${now - KEEP})
			order by 1 desc, 2 limit ${BACK}) p`;
}

/** Hours that were reported before there was a mark. */
async function before(sql: Sql, state: State, now: number): Promise<Pair[]> {
	const to = state.back!;
	const from = to - HOURS * HOUR;
	state.back = from <= now - KEEP ? null : from;
	return sql<
		Pair[]
	>`select extract(epoch from at)::bigint as hour, facet_id as facet from cells_hour where at >= to_timestamp(${from}) and at < to_timestamp(${to})`;
}

/** Those whose reports can tie: of a type that does, or in an hour in which indicators were seen. */
async function telling(sql: Sql, pairs: Pair[]): Promise<Pair[]> {
	const [facets, hours] = await Promise.all([
		sql<{ id: number }[]>`select id from facets where type = any(${[...TYPES]}) and class <> 'test'`,
		sql<{ hour: number }[]>`
			select hour from unnest(${[...new Set(pairs.map((p) => p.hour))]}::bigint[]) as h (hour)
			where exists (select from sightings where observed_at >= to_timestamp(hour) and observed_at < to_timestamp(hour + ${HOUR}))`
	]);
	const [types, sighted] = [new Set(facets.map((f) => f.id)), new Set(hours.map((h) => h.hour))];
	return pairs.filter((p) => types.has(p.facet) || sighted.has(p.hour));
}

/** Whether a name is a constituent's own, or under one. */
async function own(sql: Sql): Promise<(name: string) => boolean> {
	const names = new Set(
		(await sql<{ value: string }[]>`select value from assets where kind = 'domain'`).map((a) => a.value)
	);
	return (name) => {
		for (let rest = name; rest; rest = rest.includes('.') ? rest.slice(rest.indexOf('.') + 1) : '')
			if (names.has(rest)) return true;
		return false;
	};
}

type Row = Report & { hour: number; facet: number; at: string; id: string; constituent: number };
type Trace = { hour: number; facet: number; constituent: number; clues: string[]; set: string; n: number };

/** Reads and writes some hours and facets; answers how many traces they have. */
async function write(sql: Sql, pairs: Pair[], ours: (name: string) => boolean): Promise<number> {
	const given = sql`unnest(${pairs.map((p) => p.hour)}::bigint[], ${pairs.map((p) => p.facet)}::int[]) as p (hour, facet)`;
	const [rows, sighted] = await Promise.all([
		sql<Row[]>`
			select p.hour, p.facet, o.observed_at::text as at, o.id, coalesce(o.constituent_id, 0) as constituent, f.type, f.class, host(o.source_ip) as "sourceIp", o.source_port as "sourcePort",
				host(o.destination_ip) as "destinationIp", o.destination_port as "destinationPort", o.fqdn, o.malware, o.carried
			from ${given} join facets f on f.id = p.facet and f.type = any(${[...TYPES]}) and f.class <> 'test' cross join lateral (
				select * from observations where facet_id = p.facet and observed_at >= to_timestamp(p.hour) and observed_at < to_timestamp(p.hour + ${HOUR}) order by observed_at, id limit ${FLOOD}) o`,
		sql<
			{
				hour: number;
				facet: number;
				at: string;
				id: string;
				constituent: number;
				indicator: string;
				kind: Clue['kind'];
				value: string;
			}[]
		>`
			with p as materialized (select p.* from ${given} join facets f on f.id = p.facet and f.class <> 'test'), hours as (select distinct hour from p)
			select p.hour, p.facet, s.observed_at::text as at, s.observation_id as id, coalesce(s.constituent_id, 0) as constituent, i.id as indicator, i.kind, left(i.value, 4000) as value
			from hours h cross join lateral (select * from sightings where observed_at >= to_timestamp(h.hour) and observed_at < to_timestamp(h.hour + ${HOUR})) s
				join p on p.hour = h.hour and p.facet = s.facet_id join indicators i on i.id = s.indicator_id`
	]);
	const known = new Map<string, Clue & { last: number }>();
	const reports = new Map<string, { hour: number; facet: number; constituent: number; clues: Set<string> }>();
	const note = (r: Pick<Row, 'hour' | 'facet' | 'at' | 'id' | 'constituent'>, found: Clue[]) => {
		if (!found.length) return;
		const key = `${r.at} ${r.id}`;
		const report = reports.get(key) ?? { hour: r.hour, facet: r.facet, constituent: r.constituent, clues: new Set() };
		reports.set(key, report);
		for (const c of found) {
			report.clues.add(c.id);
			known.set(c.id, { ...c, last: Math.max(known.get(c.id)?.last ?? 0, r.hour) });
		}
	};
	for (const r of rows) note(r, clues(r, ours));
	for (const s of sighted) note(s, [{ id: s.indicator, kind: s.kind, value: s.value }]);
	const traces = new Map<string, Trace>();
	for (const { clues, ...r } of reports.values()) {
		const ids = [...clues].sort();
		const key = `${r.hour} ${r.facet} ${r.constituent} ${ids.join()}`;
		const trace = traces.get(key);
		if (trace) trace.n++;
		else traces.set(key, { ...r, clues: ids, set: digest(`${r.constituent} ${ids.join()}`), n: 1 });
	}
	await store(sql, pairs, [...traces.values()], [...known.values()]);
	return traces.size;
}

const digest = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);

/** Puts traces in the place of those of their hours and facets. Clues of which that changes anything are to be judged. */
async function store(sql: Sql, pairs: Pair[], traces: Trace[], known: (Clue & { last: number })[]): Promise<void> {
	const column = <T>(of: (t: Trace) => T) => traces.map(of);
	await sql.begin(async (tx) => {
		await tx`
			insert into clues (id, kind, value, last_at) select id, kind, value, to_timestamp(last) from unnest(${known.map((c) => c.id)}::uuid[], ${known.map((c) => c.kind)}::text[], ${known.map((c) => c.value)}::text[], ${known.map((c) => c.last)}::bigint[]) as k (id, kind, value, last) order by id
			on conflict (id) do update set last_at = excluded.last_at where clues.last_at < excluded.last_at`;
		await tx`
			with p as materialized (select to_timestamp(hour) as at, facet from unnest(${pairs.map((p) => p.hour)}::bigint[], ${pairs.map((p) => p.facet)}::int[]) as p (hour, facet)),
			come as materialized (
				select to_timestamp(hour) as at, facet, set::uuid as set, constituent, string_to_array(clues, ',')::uuid[] as clues, n
				from unnest(${column((t) => t.hour)}::bigint[], ${column((t) => t.facet)}::int[], ${column((t) => t.set)}::text[], ${column((t) => t.constituent)}::int[], ${column((t) => t.clues.join())}::text[], ${column((t) => t.n)}::bigint[])
					as c (hour, facet, set, constituent, clues, n)
			), gone as (
				delete from traces t using p where t.at = p.at and t.facet_id = p.facet and not exists (select from come c where c.at = t.at and c.facet = t.facet_id and c.set = t.set) returning t.clues
			), written as (
				insert into traces as t (at, facet_id, set, constituent_id, clues, n) select at, facet, set, constituent, clues, n from come order by 1, 2, 3
				on conflict (at, facet_id, set) do update set n = excluded.n where t.n <> excluded.n returning t.clues
			), changed as (
				select distinct unnest(clues) as id from (select clues from gone union all select clues from written) c
			)
			update clues set dirty_at = clock_timestamp() where id in (select id from changed)`;
	});
}

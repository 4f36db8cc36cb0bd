import { CARRIED } from '$lib/core/observable';
import * as advisory from '../store/advisory';
import type { Sql, Tx } from '../store/client';
import * as fence from '../store/fence';
import { append } from '../store/log';
import * as sighting from '../store/sighting';
import { copy } from './copy';
import type { Fault } from './format';
import { COLUMNS } from './row';
import type { Kept } from './thing';
import * as things from './things';

/** A piece of one delivery that is committed as a whole. */
export type Chunk = {
	batch: number;
	source: number;
	format: string;
	/** observations, and their COPY text: bytes, so that nothing small lives on until the commit */
	rows: number;
	text: Buffer;
	/** observations that may carry the value of an indicator */
	hits: { at: string; id: string; indicator: string }[];
	/** the indicators of every transaction before this one have been looked for among the rows */
	since: string;
	things: Kept[];
	faults: { line: number; raw: Buffer; digest: string; tlp: number; fault: Fault }[];
	ignored: number;
	/** a record that was delivered before, tried again: no new delivery, and no sign of life of its source */
	again?: true;
	/** when it was delivered, if not now */
	received?: Date;
	/** name of the file that it was */
	filename?: string;
	/** bytes held in memory for it */
	bytes: number;
};

export type Result = { seq: number; /** accepted, by batch and kind */ accepted: Map<number, Map<string, number>> };
/** What a report is counted as. */
export const OBSERVATION = 'observation';

/** Temporary tables of the writing connection: what has come, and what of it was new, by cell. */
export async function prepare(sql: Sql): Promise<void> {
	await sql.unsafe(`
		create temp table if not exists stage (like observations) on commit delete rows;
		create temp table if not exists delta (batch_id bigint, at timestamptz, facet_id int, n bigint) on commit delete rows;
		create temp table if not exists news (indicator_id uuid, facet_id int) on commit delete rows;
		${things.PREPARE}`);
}

/**
 * Commits chunks in one transaction: observations, the cells that count them, the sightings that they are, objects with
 * their claims, quarantine, deliveries, sources, and the log. Rows are inserted in the order of their keys, so that two
 * processes that commit the same reports wait for each other instead of deadlocking. The log's numbers are taken last,
 * under the lock of `log_head`.
 */
export async function commit(sql: Sql, chunks: Chunk[]): Promise<Result> {
	const rows = chunks.some((c) => c.rows);
	const lots = chunks.filter((c) => c.things.length);
	return sql.begin(async (tx) => {
		const accepted = new Map<number, Map<string, number>>();
		const count = (batch: number, kind: string, n: number) => {
			const kinds = accepted.get(batch) ?? new Map<string, number>();
			accepted.set(batch, kinds.set(kind, n));
		};
		const steps: Promise<unknown>[] = [];
		let news = 0;
		if (rows) {
			await fence.share(tx);
			await copy(
				tx,
				`stage (${COLUMNS})`,
				chunks.map((c) => c.text)
			);
			const fresh = insert(tx, chunks);
			steps.push(
				fresh,
				tx`delete from delta where facet_id in (select id from facets where class = 'test')`,
				tx`insert into cells_minute (at, facet_id, n) select at, facet_id, sum(n) from delta where at >= (select value::timestamptz from meta where key = 'minutes_from') group by 1, 2 order by 1, 2
					on conflict (at, facet_id) do update set n = cells_minute.n + excluded.n`,
				tx`insert into cells_hour (at, facet_id, n) select date_trunc('hour', at), facet_id, sum(n) from delta group by 1, 2 order by 1, 2
					on conflict (at, facet_id) do update set n = cells_hour.n + excluded.n`,
				tx`insert into cells_day (at, facet_id, n) select date_trunc('day', at), facet_id, sum(n) from delta group by 1, 2 order by 1, 2
					on conflict (at, facet_id) do update set n = cells_day.n + excluded.n`,
				fresh.then((batches) => {
					for (const r of batches) {
						count(r.batch, OBSERVATION, r.n);
						news = r.news;
					}
				})
			);
		}
		const faults = chunks
			.flatMap((c) =>
				c.faults.map((f) => ({ ...f, batch: c.batch, source: c.source, format: c.format, again: c.again ?? false }))
			)
			.sort((a, b) => (a.digest < b.digest ? -1 : 1));
		if (faults.length) steps.push(hold(tx, faults));
		await Promise.all(steps);
		const taken = lots.length ? await things.take(tx, lots) : undefined;
		for (const { batch, kind, n } of taken?.accepted ?? []) count(batch, kind, n);
		const entries = {
			indicators: news ? await sighting.news(tx) : [],
			advisories: taken?.advisories.length ? await advisory.of(tx, taken.advisories) : []
		};
		let seq = await close(tx, chunks, accepted);
		if (entries.indicators.length) seq = await append(tx, 'indicator', { indicators: entries.indicators });
		if (entries.advisories.length) seq = await append(tx, 'advisory', { advisories: entries.advisories });
		return { seq, accepted };
	}) as Promise<Result>;
}

/**
 * The rows that are new, what they add to which cell, and the sightings that they are: of the indicators that were known
 * to whoever read the reports, and of those that have come since. `news` is how often one of them was seen in a sector
 * and province for the first time: what stood in `sightings` before is all that this statement sees of it.
 */
function insert(tx: Tx, chunks: Chunk[]) {
	const hits = chunks.flatMap((c) => c.hits);
	const since = chunks.map((c) => c.since).reduce((a, b) => (BigInt(a) < BigInt(b) ? a : b));
	return tx<{ batch: number; n: number; news: number }[]>`
		with fresh as (
			insert into observations (${tx.unsafe(COLUMNS)}) select ${tx.unsafe(COLUMNS)} from stage order by observed_at, id
			on conflict do nothing returning batch_id, observed_at, id, facet_id, source_id, constituent_id, source_ip, destination_ip, fqdn, url, carried
		), counted as (
			insert into delta select batch_id, date_trunc('minute', observed_at), facet_id, count(*) from fresh group by 1, 2, 3 returning batch_id, n
		), recent as (
			select id, value, case when kind in ('ipv4-addr', 'ipv6-addr') and value like '%/%' then value::inet end as network from indicators where xid >= ${since}::text::xid8 and kind = any(${[...CARRIED]})
		), carried as (
			select f.*, v.value from fresh f cross join lateral (select host(f.source_ip) union all select host(f.destination_ip) union all select f.fqdn union all select f.url union all select unnest(f.carried)) v (value)
		), seen as (
			select h.indicator as indicator_id, f.observed_at, f.id, f.facet_id, f.source_id, f.constituent_id
			from unnest(${hits.map((h) => h.at)}::text[], ${hits.map((h) => h.id)}::uuid[], ${hits.map((h) => h.indicator)}::uuid[]) as h (at, id, indicator)
				join fresh f on f.observed_at = h.at::timestamptz and f.id = h.id join indicators i on i.id = h.indicator
			union
			select r.id, f.observed_at, f.id, f.facet_id, f.source_id, f.constituent_id
			from recent r join carried f on f.value = r.value
			union
			select r.id, f.observed_at, f.id, f.facet_id, f.source_id, f.constituent_id
			from recent r join fresh f on r.network is not null and (f.source_ip <<= r.network or f.destination_ip <<= r.network)
		), sighted as (
			insert into sightings (indicator_id, observed_at, observation_id, facet_id, source_id, constituent_id) select * from seen order by 1, 2, 3
			on conflict do nothing returning indicator_id, facet_id
		), first as (
			insert into news select distinct on (s.indicator_id, f.sector, f.province, f.tlp) s.indicator_id, s.facet_id from sighted s join facets f on f.id = s.facet_id and f.class <> 'test'
			where (select true from sightings o join facets g on g.id = o.facet_id where o.indicator_id = s.indicator_id and g.sector = f.sector and g.province = f.province and g.tlp <= f.tlp and g.class <> 'test' limit 1) is null
			order by s.indicator_id, f.sector, f.province, f.tlp, s.facet_id returning 1
		)
		select batch_id as batch, sum(n)::bigint as n, (select count(*) from first) as news from counted group by 1`;
}

type Held = Chunk['faults'][number] & { batch: number; source: number; format: string; again: boolean };

/** Puts records in quarantine; one that is there already is counted once more. */
function hold(tx: Tx, all: Held[]) {
	const times = new Map<string, number>();
	const name = (f: Held) => `${f.source} ${f.digest}`;
	for (const f of all) times.set(name(f), (times.get(name(f)) ?? 0) + (f.again ? 0 : 1));
	const faults = [...new Map(all.map((f) => [name(f), f])).values()];
	const column = <T>(of: (f: Held) => T) => faults.map(of);
	return tx`
		insert into quarantine (source_id, batch_id, times, format, line, path, code, reason, tlp, digest, raw)
		select source, batch, times, format, line, path, code, reason, tlp, digest, decode(raw, 'hex') from unnest(
			${column((f) => f.source)}::int[], ${column((f) => f.batch)}::bigint[], ${column((f) => times.get(name(f))!)}::int[], ${column((f) => f.format)}::text[], ${column((f) => f.line)}::int[],
			${column((f) => text(f.fault.path))}::text[], ${column((f) => f.fault.code)}::text[], ${column((f) => text(f.fault.reason))}::text[],
			${column((f) => f.tlp)}::smallint[], ${column((f) => f.digest)}::uuid[], ${column((f) => f.raw.toString('hex'))}::text[])
			as q (source, batch, times, format, line, path, code, reason, tlp, digest, raw)
		on conflict (source_id, digest) do update set times = quarantine.times + excluded.times, last_at = case when excluded.times > 0 then now() else quarantine.last_at end, batch_id = excluded.batch_id, line = excluded.line,
			path = excluded.path, code = excluded.code, reason = excluded.reason, tlp = excluded.tlp`;
}

/** All of them, whatever kind. */
export const total = (kinds: ReadonlyMap<string, number> | undefined): number =>
	[...(kinds ?? [])].reduce((sum, [, n]) => sum + n, 0);

/** Characters of a file's name that are kept. */
const LONGEST_NAME = 300;

const text = (s: string): string => s.replaceAll('\0', '\ufffd');

/** Writes the deliveries and the sources' counters, then the log entry. */
async function close(tx: Tx, chunks: Chunk[], accepted: Result['accepted']): Promise<number> {
	const batches = new Map<
		number,
		{
			source: number;
			received: string | null;
			filename: string | null;
			rows: number;
			quarantined: number;
			ignored: number;
			again: boolean;
		}
	>();
	for (const c of chunks) {
		const b = batches.get(c.batch) ?? {
			source: c.source,
			received: c.again ? '-infinity' : (c.received?.toISOString() ?? null),
			filename: c.filename === undefined ? null : text(c.filename.slice(0, LONGEST_NAME)),
			rows: 0,
			quarantined: 0,
			ignored: 0,
			again: c.again ?? false
		};
		b.rows += c.rows + c.things.length;
		b.quarantined += c.again ? 0 : c.faults.length;
		b.ignored += c.ignored;
		batches.set(c.batch, b);
	}
	const list = [...batches]
		.sort((a, b) => a[0] - b[0])
		.map(([id, b]) => ({ id, ...b, accepted: total(accepted.get(id)) }))
		.map((b) => ({ ...b, duplicates: b.again ? 0 : b.rows - b.accepted }));
	const [row] = await tx<{ seq: number }[]>`
		with came as (
			select * from unnest(${list.map((b) => b.id)}::bigint[], ${list.map((b) => b.source)}::int[], ${list.map((b) => b.accepted)}::int[],
				${list.map((b) => b.duplicates)}::int[], ${list.map((b) => b.quarantined)}::int[], ${list.map((b) => b.ignored)}::int[], ${list.map((b) => b.received)}::text[], ${list.map((b) => b.filename)}::text[])
				as c (id, source_id, accepted, duplicates, quarantined, ignored, received, filename)
		), delivered as (
			insert into batches (id, source_id, filename, accepted, duplicates, quarantined, ignored) select id, source_id, filename, accepted, duplicates, quarantined, ignored from came
			on conflict (id) do update set accepted = batches.accepted + excluded.accepted, duplicates = batches.duplicates + excluded.duplicates,
				quarantined = batches.quarantined + excluded.quarantined, ignored = batches.ignored + excluded.ignored
		), locked as (
			select id from sources where id in (select source_id from came) order by id for update
		), fed as (
			update sources s set last_at = greatest(s.last_at, c.received), accepted = s.accepted + c.accepted, duplicates = s.duplicates + c.duplicates,
				quarantined = s.quarantined + c.quarantined, ignored = s.ignored + c.ignored,
				last_error = case when c.quarantined > 0 and c.accepted + c.duplicates = 0 then 'nothing in the last delivery could be read' else s.last_error end,
				last_error_at = case when c.quarantined > 0 and c.accepted + c.duplicates = 0 then now() else s.last_error_at end
			from (select source_id, max(coalesce(received::timestamptz, now())) as received, sum(accepted) as accepted, sum(duplicates) as duplicates, sum(quarantined) as quarantined, sum(ignored) as ignored from came group by 1) c, locked
			where s.id = c.source_id and locked.id = s.id returning s.slug, s.last_at
		), entry as (
			select json_build_object(
				'cells', (select coalesce(json_agg(json_build_array(extract(epoch from at)::bigint, facet_id, n, source_id)), '[]') from (select d.at, d.facet_id, c.source_id, sum(d.n) as n from delta d join came c on c.id = d.batch_id group by 1, 2, 3) d),
				'sources', (select json_agg(json_build_array(slug, floor(extract(epoch from last_at)))) from fed)) as payload
		), head as (
			update log_head set seq = seq + 1 where one and (select payload is not null from entry) returning seq
		), written as (
			insert into log (seq, at, kind, payload) select seq, clock_timestamp(), 'cells', payload from head, entry returning seq
		)
		select seq, pg_notify('watchfloor_log', seq::text) from written`;
	return row!.seq;
}

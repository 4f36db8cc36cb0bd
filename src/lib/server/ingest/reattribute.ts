import { DAY, HOUR } from '$lib/core/clock';
import type { Client, Tx } from '../store/client';
import * as assets from '../store/constituent/assets';
import type { Facet, Facets } from '../store/facet';
import { append } from '../store/log';
import type { Reference } from '../store/reference';
import type { Attribution } from './attribution';
import { fingerprint } from './check';
import { load } from './constituents';
import type { Report } from './format';
import { FORMATS } from './formats';
import { NOWHERE, type Geo } from './geo';
import { place } from './place';

/** Number of the advisory lock of one step: two runs take turns, so that they cannot wait for each other's rows. */
export const PLACING = 7_407_004;
/** Observations, and bytes of their records, of one step at the most. */
const ROWS = 5000;
const BYTES = 32 * 1024 * 1024;
/** Seconds before the start in which a delivery may still have been placed by the constituents of before. */
const LATE = 600;

/** Times are epoch seconds; `to` is the moment after the last. */
export type Range = { from?: number; to?: number };
export type Progress = {
	/** observations read, moved to another place or constituent, and left as they were because their record cannot be read again */
	looked: number;
	moved: number;
	left: number;
	/** observed time of the last one that is done: where a run that was stopped goes on */
	at: number | null;
};
/** `changed`: the constituents have changed since the run began; another run is needed. */
export type Done = Progress & { complete: boolean; changed: boolean };
export type Options = { geo?: Geo; rows?: number; signal?: AbortSignal; onProgress?: (progress: Progress) => void };

type Row = {
	at: string;
	seconds: number;
	id: string;
	facet: number;
	rule: string;
	constituent: number | null;
	source: number;
	format: string;
	raw: string;
};
type Move = { at: string; id: string; was: number; facet: number; rule: string; constituent: number | null };
type Key = { at: string; id: string };

/** Observations that a range holds, about: for a bar. */
export async function size({ sql }: Client, { from = 0, to }: Range): Promise<number> {
	const [row] = await sql<
		{ n: number }[]
	>`select coalesce(sum(n), 0)::bigint as n from cells_hour where at >= to_timestamp(${from}) ${to === undefined ? sql`` : sql`and at < to_timestamp(${to})`}`;
	return row!.n;
}

/**
 * Places observations of a range again, as the constituents are now, and moves the cells that count them. What was
 * observed, its marking and its severity stay. Each step is one transaction and one log entry that takes from old cells
 * what it gives to new ones, so that screens follow and every count stays exact at every moment. Reports may come in
 * meanwhile. A run that was stopped loses nothing: a later one finds done what is done.
 */
export async function run(
	client: Client,
	reference: Reference,
	facets: Facets,
	range: Range,
	options: Options = {}
): Promise<Done> {
	const [clock] = await client.sql<{ now: string }[]>`select now()::text as now`;
	const { attribution, version } = await load(client.sql);
	await facets.refresh();
	const work = {
		client,
		reference,
		facets,
		attribution,
		geo: options.geo ?? NOWHERE,
		usual: new Map<number, string>()
	};
	const progress: Progress = { looked: 0, moved: 0, left: 0, at: null };
	const done = async (complete: boolean): Promise<Done> => ({
		...progress,
		complete,
		changed: (await assets.version(client.sql)) !== version
	});
	// Deliveries under way at the start may have been placed as before: those are looked at once more in the end.
	for (const late of [null, clock!.now]) {
		let after: Key | null = null;
		for (;;) {
			if (options.signal?.aborted) return done(false);
			const rows: Row[] = await page(client, range, after, late, options.rows ?? ROWS);
			if (!rows.length) break;
			const { moves, left } = await judge(work, rows);
			const moved = moves.length ? await move(work, moves) : 0;
			const last: Row = rows.at(-1)!;
			after = { at: last.at, id: last.id };
			progress.moved += moved;
			if (late === null) {
				progress.looked += rows.length;
				progress.left += left;
				progress.at = last.seconds;
			}
			options.onProgress?.(progress);
		}
	}
	return done(true);
}

/** The next observations in the order of their keys: as many as a step may hold. */
async function page(
	{ sql }: Client,
	{ from, to }: Range,
	after: Key | null,
	late: string | null,
	limit: number
): Promise<Row[]> {
	const where = sql`true
		${from === undefined ? sql`` : sql`and o.observed_at >= to_timestamp(${from})`} ${to === undefined ? sql`` : sql`and o.observed_at < to_timestamp(${to})`}
		${after ? sql`and o.observed_at >= ${after.at}::text::timestamptz and (o.observed_at, o.id) > (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
		${late ? sql`and o.batch_id = any(array(select id from batches where received_at >= ${late}::text::timestamptz - make_interval(secs => ${LATE})))` : sql``}`;
	return (await sql.begin(async (tx) => {
		await tx`set local statement_timeout = 0`;
		const sizes = await tx<
			{ at: string; id: string; bytes: number }[]
		>`select o.observed_at::text as at, o.id, octet_length(o.raw) as bytes from observations o where ${where} order by o.observed_at, o.id limit ${limit}`;
		let bytes = 0;
		const last = sizes.filter((s, i) => (bytes += s.bytes) <= BYTES || i === 0).at(-1);
		if (!last) return [];
		return tx<Row[]>`
			select o.observed_at::text as at, extract(epoch from o.observed_at)::float8 as seconds, o.id, o.facet_id as facet, o.rule, o.constituent_id as constituent, o.source_id as source, s.format, o.raw
			from observations o join sources s on s.id = o.source_id
			where ${where} and (o.observed_at, o.id) <= (${last.at}::text::timestamptz, ${last.id}::uuid) order by o.observed_at, o.id limit ${limit}`;
	})) as Row[];
}

type Work = {
	client: Client;
	reference: Reference;
	facets: Facets;
	attribution: Attribution;
	geo: Geo;
	/** the format that the last record of a source was in */ usual: Map<number, string>;
};

/** Which of them belong elsewhere now. */
async function judge(work: Work, rows: Row[]): Promise<{ moves: Move[]; left: number }> {
	const { facets, reference, attribution, geo } = work;
	await facets.need(rows.map((r) => r.facet));
	let left = 0;
	const placed: { row: Row; facet: Omit<Facet, 'id'>; rule: string; constituent: number | null }[] = [];
	for (const row of rows) {
		const { id: _, ...was } = facets.byId.get(row.facet)!;
		const report = again(work, row);
		const where = report && place(report, was.type, reference, attribution, geo);
		if (!where || 'path' in where) {
			left++;
			continue;
		}
		const { province, sector, direction, rule, constituent } = where;
		const same = province === was.province && sector === was.sector && direction === was.direction;
		if (!same || rule !== row.rule || constituent !== row.constituent)
			placed.push({ row, facet: { ...was, province, sector, direction }, rule, constituent });
	}
	await facets.add(placed.map((p) => p.facet));
	const moves = placed.map(({ row, facet, rule, constituent }) => ({
		at: row.at,
		id: row.id,
		was: row.facet,
		facet: facets.find(facet)!,
		rule,
		constituent
	}));
	return { moves, left };
}

/**
 * The report of a record, as it was read when it came. A delivery may have been in another format than its source's:
 * the fingerprint tells which reading is the right one.
 */
function again({ usual }: Work, row: Row): Report | undefined {
	const raw = Buffer.from(row.raw);
	for (const name of new Set([usual.get(row.source) ?? row.format, row.format, ...FORMATS.keys()])) {
		const report = attempt(name, raw);
		if (!report || fingerprint(row.source, report) !== row.id) continue;
		usual.set(row.source, name);
		return report;
	}
	return undefined;
}

function attempt(name: string, raw: Buffer): Report | undefined {
	try {
		const item = FORMATS.get(name)?.one(raw);
		return item?.kind === 'report' ? item.report : undefined;
	} catch {
		return undefined; // not this format's
	}
}

/** One step: the rows, the cells that they leave and enter, and one log entry. Answers how many rows there were to move. */
async function move({ client, facets }: Work, moves: Move[]): Promise<number> {
	return (await client.sql.begin(async (tx) => {
		await tx`set local statement_timeout = 0`;
		await tx`select pg_advisory_xact_lock(${PLACING})`;
		const column = <T>(of: (m: Move) => T) => moves.map(of);
		const moved = await tx<{ minute: number; was: number; facet: number; source: number }[]>`
			update observations o set facet_id = n.facet, rule = n.rule, constituent_id = n.constituent
			from unnest(${column((m) => m.at)}::text[], ${column((m) => m.id)}::uuid[], ${column((m) => m.was)}::int[], ${column((m) => m.facet)}::int[], ${column((m) => m.rule)}::text[], ${column((m) => m.constituent)}::int[])
				as n (at, id, was, facet, rule, constituent)
			where o.observed_at = n.at::timestamptz and o.id = n.id and o.facet_id = n.was and o.observed_at between ${moves[0]!.at}::text::timestamptz and ${moves.at(-1)!.at}::text::timestamptz
			returning extract(epoch from date_trunc('minute', o.observed_at))::bigint as minute, n.was, n.facet, o.source_id as source`;
		await tx`
			update sightings s set facet_id = o.facet_id, constituent_id = o.constituent_id
			from unnest(${column((m) => m.at)}::text[], ${column((m) => m.id)}::uuid[]) as n (at, id) join observations o on o.observed_at = n.at::timestamptz and o.id = n.id
			where s.observed_at = o.observed_at and s.observation_id = o.id and o.observed_at between ${moves[0]!.at}::text::timestamptz and ${moves.at(-1)!.at}::text::timestamptz`;
		const told = new Sums();
		const minutes = new Sums();
		const hours = new Sums();
		const days = new Sums();
		for (const { minute, was, facet, source } of moved) {
			if (was === facet || facets.byId.get(facet)!.class === 'test') continue;
			for (const [id, n] of [
				[was, -1],
				[facet, 1]
			] as const) {
				told.add(minute, id, n, source);
				minutes.add(minute, id, n);
				hours.add(minute - (minute % HOUR), id, n);
				days.add(minute - (minute % DAY), id, n);
			}
		}
		// Of two sources, one may lose what the other gains: the cells are as before, and still each has changed.
		const cells = told.take();
		if (cells.length) {
			await count(tx, 'cells_minute', minutes.take());
			await count(tx, 'cells_hour', hours.take());
			await count(tx, 'cells_day', days.take());
			await append(tx, 'cells', { cells });
		}
		return moved.length;
	})) as number;
}

/** Adds to cells, in the order of their keys, as ingest does, so that neither waits for the other in a circle. Empty ones go. */
async function count(
	tx: Tx,
	table: 'cells_minute' | 'cells_hour' | 'cells_day',
	cells: [number, number, number, number][]
): Promise<void> {
	if (!cells.length) return;
	const given = tx`unnest(${cells.map((c) => c[0])}::bigint[], ${cells.map((c) => c[1])}::int[], ${cells.map((c) => c[2])}::bigint[]) as g (at, facet_id, n)`;
	const kept =
		table === 'cells_minute'
			? tx`where to_timestamp(at) >= (select value::timestamptz from meta where key = 'minutes_from')`
			: tx``;
	await tx`insert into ${tx(table)} as c (at, facet_id, n) select to_timestamp(at), facet_id, n from ${given} ${kept} order by 1, 2 on conflict (at, facet_id) do update set n = c.n + excluded.n`;
	await tx`delete from ${tx(table)} c using ${given} where c.at = to_timestamp(g.at) and c.facet_id = g.facet_id and c.n = 0`;
}

/** Counts by time, facet and source (0: of all); those that come to nothing are left out. */
class Sums {
	readonly #cells = new Map<string, [number, number, number, number]>();

	add(at: number, facet: number, n: number, source = 0): void {
		const key = `${at} ${facet} ${source}`;
		const cell = this.#cells.get(key);
		if (cell) cell[2] += n;
		else this.#cells.set(key, [at, facet, n, source]);
	}

	take(): [number, number, number, number][] {
		return [...this.#cells.values()].filter((c) => c[2] !== 0);
	}
}

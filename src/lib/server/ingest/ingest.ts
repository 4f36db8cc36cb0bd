import { hash } from 'node:crypto';
import { busy, forbidden, invalid, missing, Problem } from '$lib/core/error';
import { TLPS, parse, rank } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Config } from '../ops/config';
import type { Log } from '../ops/log';
import type { Metrics } from '../ops/metrics';
import type { Client } from '../store/client';
import type { Facets } from '../store/facet';
import { months, Partitions } from '../store/partition';
import type { Mode } from '../store/migrate';
import * as object from '../store/object';
import * as quarantine from '../store/quarantine';
import type { Reference } from '../store/reference';
import { Known } from '../store/warninglist';
import { check, type Checked, type Origin } from './check';
import { total as sum, type Chunk, type Result } from './commit';
import { Constituents } from './constituents';
import { utf8 } from './encoding';
import type { Fault, Format, Item } from './format';
import { FORMATS } from './formats';
import { NOWHERE, type Geo } from './geo';
import { Queue } from './queue';
import { encode } from './row';
import { keep } from './thing';
import { Watch } from './watch';

export type Delivery = {
	batch: number;
	accepted: number;
	duplicates: number;
	quarantined: number;
	ignored: number;
	seq: number;
	kinds: Record<string, number>;
};
/** `filename`: the name of the file that it was, for a format that reads something from it. `received`: when an exercise says that it was delivered; only an exercise may say so. */
export type Body = {
	bytes: AsyncIterable<Uint8Array>;
	contentType: string;
	format?: string;
	filename?: string;
	received?: Date;
};
type From = Origin & { slug: string; format: string };

/** Records and bytes of a chunk at the most: small enough to share a commit, large enough to cost little. */
const CHUNK = { records: 2000, bytes: 4 * 1024 * 1024 };
/** Transactions at once: one is copied while PostgreSQL inserts the other. */
const WRITERS = 2;
const RED = TLPS.length - 1;

/** Takes deliveries: parse → classify → place → fingerprint → commit. Whatever it answers is in the database. */
export class Ingest {
	readonly #queue: Queue;
	readonly #partitions: Partitions;
	/** whose assets reports are placed by */
	readonly constituents: Constituents;
	/** which values are indicators */
	readonly watch: Watch;
	/** which values are known to be good */
	readonly #known = new Known();
	#batches: number[] = [];
	#underway = 0;
	#closed = false;

	constructor(
		readonly client: Client,
		readonly reference: Reference,
		readonly facets: Facets,
		readonly config: Config,
		readonly log: Log,
		readonly metrics: Metrics,
		readonly mode: Mode,
		readonly geo: Geo = NOWHERE
	) {
		this.#partitions = new Partitions(client.sql);
		this.constituents = new Constituents(client.sql, log);
		this.constituents
			.ready()
			.catch(
				(e: unknown) =>
					this.#closed || log.warn({ err: e }, 'the constituents could not be read; tried again with the next delivery')
			);
		this.watch = new Watch(client.sql, log);
		this.watch
			.ready()
			.catch(
				(e: unknown) =>
					this.#closed || log.warn({ err: e }, 'the indicators could not be read; tried again with the next delivery')
			);
		this.#queue = new Queue(
			() => client.open(1, 120),
			WRITERS,
			{ rows: config.WATCHFLOOR_BATCH_ROWS, bytes: config.WATCHFLOOR_MAX_QUEUE },
			log,
			metrics
		);
	}

	/**
	 * Takes one body of a source and answers after its commit. A body larger than a chunk is committed in several
	 * transactions; sent again after a break, what was there already counts as duplicates.
	 * @throws Problem `unknown_format` 415, `busy` 429, `broken_envelope` 400, `too_large` 413
	 */
	async deliver(source: number, body: Body, onProgress?: (records: number) => void): Promise<Delivery> {
		if (this.#closed)
			throw new Problem('stopping', 503, 'The server is stopping. Send again in a moment.', { retryAfter: 2 });
		const from = await this.#source(source);
		const name = body.format ?? from.format;
		const format = FORMATS.get(name);
		if (!format)
			throw new Problem(
				'unknown_format',
				415,
				`The format "${name.slice(0, 40)}" is not known; known are ${[...FORMATS.keys()].join(', ')}.`
			);
		this.#queue.admit();
		if (this.#underway >= this.config.WATCHFLOOR_MAX_DELIVERIES)
			throw busy('Too many deliveries are under way. Send again in a moment; nothing of this request was taken.', 1);
		this.#underway++;
		try {
			return await this.#take(from, name, format, body, onProgress);
		} finally {
			this.#underway--;
		}
	}

	async #take(
		from: From,
		name: string,
		format: Format,
		body: Body,
		onProgress?: (records: number) => void
	): Promise<Delivery> {
		const total: Delivery = {
			batch: await this.#batch(),
			accepted: 0,
			duplicates: 0,
			quarantined: 0,
			ignored: 0,
			seq: 0,
			kinds: {}
		};
		const commits: Promise<void>[] = [];
		const put = async (items: Item[]) => {
			const chunk = await this.#chunk(items, from, name, total.batch);
			if (this.mode === 'exercise') chunk.received = body.received;
			chunk.filename = body.filename;
			const { committed } = await this.#queue.push(chunk);
			commits.push(committed.then((result) => count(total, chunk, result)));
			commits.at(-1)!.catch(() => {});
			onProgress?.(items.length);
		};
		let failure: unknown;
		let held: Item[] = [];
		let bytes = 0;
		try {
			for await (const items of format.read(
				utf8(body.bytes),
				body.contentType,
				{ record: this.config.WATCHFLOOR_MAX_RECORD, document: this.config.WATCHFLOOR_MAX_DOCUMENT },
				body.filename
			)) {
				for (const item of items) {
					held.push(item);
					bytes += item.kind === 'ignored' ? 0 : item.raw.length;
					if (held.length < CHUNK.records && bytes < CHUNK.bytes) continue;
					await put(held);
					held = [];
					bytes = 0;
				}
			}
		} catch (e) {
			failure = e;
		}
		try {
			// What came before a break is taken too.
			if (held.length) await put(held);
			if (!commits.length && !failure) await put([]);
		} catch (e) {
			failure ??= e;
		}
		await Promise.all(commits);
		for (const result of ['accepted', 'duplicates', 'quarantined', 'ignored'] as const)
			this.metrics.reports.inc({ result }, total[result]);
		if (failure) throw withCounts(failure, total);
		return total;
	}

	/**
	 * Tries one record of quarantine again, after a fix. If it can be read now, it leaves quarantine in the end.
	 * @throws Problem 404 when it is not there for this viewer
	 */
	async retry(
		viewer: Viewer,
		id: number
	): Promise<{ id: number; result: 'accepted' | 'duplicate' | 'quarantined'; reason?: string }> {
		if (!may(viewer, 'quarantine.retry')) throw forbidden();
		const record = await quarantine.raw(this.client, viewer, id);
		const format = FORMATS.get(record.format);
		if (!format) throw invalid(`The format ${record.format} is not known any more.`);
		const from = await this.#source(record.sourceId);
		const items = (await format.all?.(record.raw)) ?? [format.one(record.raw)];
		const chunk: Chunk = {
			...(await this.#chunk(
				items.map((item) => ({ ...item, line: record.line })),
				from,
				record.format,
				await this.#batch()
			)),
			again: true
		};
		const { accepted } = await (await this.#queue.push(chunk)).committed;
		// What of a document still cannot be read is in quarantine by itself now.
		const fault = chunk.faults[0]?.fault;
		if (fault && chunk.faults.length === items.length) return { id, result: 'quarantined', reason: fault.reason };
		await quarantine.release(this.client, viewer, id);
		return { id, result: sum(accepted.get(chunk.batch)) ? 'accepted' : 'duplicate' };
	}

	/** Takes no more, and finishes what it has. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#queue.close();
		await this.constituents.close();
		await this.watch.close();
	}

	async #source(id: number): Promise<From> {
		const [row] = await this.client.sql<From[]>`select id, slug, format, tlp from sources where id = ${id}`;
		if (!row) throw missing('The source');
		return row;
	}

	async #batch(): Promise<number> {
		if (!this.#batches.length) {
			const [row] = await this.client.sql<{ id: number }[]>`select nextval('batch_id') as id`;
			this.#batches = Array.from({ length: 64 }, (_, i) => row!.id + 63 - i);
		}
		return this.#batches.pop()!;
	}

	async #chunk(items: Item[], from: From, format: string, batch: number): Promise<Chunk> {
		await Promise.all([this.constituents.ready(), this.watch.ready()]);
		const { attribution } = this.constituents;
		const chunk: Chunk = {
			batch,
			source: from.id,
			format,
			rows: 0,
			text: Buffer.alloc(0),
			hits: [],
			since: this.watch.since,
			things: [],
			faults: [],
			ignored: 0,
			bytes: 1024
		};
		const marked = await object.markings(
			this.client.sql,
			from.id,
			items.flatMap((i) => (i.kind === 'thing' ? (i.thing.markings ?? []) : []))
		);
		const now = Date.now();
		const good: { checked: Checked; raw: string; facet?: number }[] = [];
		for (const item of items) {
			if (item.kind === 'ignored') chunk.ignored++;
			else if (item.kind === 'fault') this.#fault(chunk, item.line, item.raw, item.fault);
			else if (item.kind === 'thing') {
				const kept = keep(item.thing, item.raw, from, this.reference, marked, this.#known);
				if ('path' in kept) this.#fault(chunk, item.line, Buffer.from(item.raw), kept);
				else {
					chunk.things.push(kept);
					chunk.bytes += item.raw.length + 200 * kept.claims.length;
				}
			} else {
				const checked = check(
					item.report,
					from,
					this.reference,
					now,
					this.config.WATCHFLOOR_KEEP_OBSERVATIONS,
					attribution,
					this.geo
				);
				if ('path' in checked) this.#fault(chunk, item.line, Buffer.from(item.raw), checked);
				else good.push({ checked, raw: item.raw });
			}
		}
		const unknown = good.filter((g) => (g.facet = this.facets.find(g.checked.facet)) === undefined);
		if (unknown.length) await this.facets.add(unknown.map((g) => g.checked.facet));
		await this.#partitions.ensure(months(good.map((g) => g.checked.report.observed)));
		let text = '';
		for (const { checked, raw, facet } of good) {
			text += encode(checked, facet ?? this.facets.find(checked.facet)!, from.id, batch, raw);
			if (this.watch.size)
				for (const indicator of this.watch.hits([...checked.addresses, ...checked.others]))
					chunk.hits.push({ at: new Date(checked.report.observed).toISOString(), id: checked.id, indicator });
		}
		chunk.rows = good.length;
		chunk.text = Buffer.from(text);
		chunk.bytes += chunk.text.length;
		return chunk;
	}

	#fault(chunk: Chunk, line: number, raw: Buffer, fault: Fault): void {
		const label = fault.tlp === undefined ? undefined : parse(fault.tlp);
		const h = hash('sha256', raw, 'hex');
		chunk.faults.push({ line, raw, digest: h.slice(0, 32), tlp: label ? rank(label) : RED, fault });
		chunk.bytes += raw.length;
	}
}

/** Several chunks of one delivery may share a commit, whose counts of accepted ones are for all of them: the first takes them. */
function count(total: Delivery, chunk: Chunk, { seq, accepted }: Result): void {
	const kinds = accepted.get(chunk.batch) ?? new Map<string, number>();
	accepted.delete(chunk.batch);
	const n = sum(kinds);
	total.accepted += n;
	total.duplicates += chunk.rows + chunk.things.length - n;
	total.quarantined += chunk.faults.length;
	total.ignored += chunk.ignored;
	total.seq = Math.max(total.seq, seq);
	const all = new Map(Object.entries(total.kinds));
	for (const [kind, k] of kinds) all.set(kind, (all.get(kind) ?? 0) + k);
	total.kinds = Object.fromEntries(all);
}

/** A failure in the middle of a body says what had been taken before it. */
function withCounts(e: unknown, total: Delivery): unknown {
	if (!(e instanceof Problem)) return e;
	return new Problem(e.code, e.status, e.message, { ...e.detail, ...total });
}

import { busy } from '$lib/core/error';
import type { Log } from '../ops/log';
import type { Metrics } from '../ops/metrics';
import type { Sql } from '../store/client';
import { commit, prepare, type Chunk, type Result } from './commit';

/** A connection of its own, with the temporary tables of `prepare`. */
type Writer = { sql: Sql; prepared: boolean; running: Promise<void> | undefined };
type Waiting = { chunk: Chunk; done: (result: Result) => void; failed: (e: unknown) => void };
export type Settings = { /** reports of one transaction */ rows: number; /** that may wait */ bytes: number };

/** Bytes of one transaction, roughly. */
const GROUP = 16 * 1024 * 1024;
/** Times that a transaction is tried again after a deadlock or a lost connection. */
const TRIES = 5;

/**
 * Group commit: chunks of all deliveries wait in one line, and whatever waits when the writer is free is committed
 * together. Each writer has one transaction at a time; while PostgreSQL works on it, the next reports are parsed and the
 * next writer copies.
 */
export class Queue {
	#waiting: Waiting[] = [];
	#bytes = 0;
	#room: (() => void)[] = [];
	readonly #writers: Writer[];

	/** @param open makes a pool of one connection */
	constructor(
		readonly open: () => Sql,
		writers: number,
		readonly settings: Settings,
		readonly log: Log,
		readonly metrics: Metrics
	) {
		this.#writers = Array.from({ length: writers }, () => ({ sql: open(), prepared: false, running: undefined }));
	}

	/** @throws Problem `busy` (429) when so much waits that a new delivery should come back later. */
	admit(): void {
		if (this.#bytes >= this.settings.bytes)
			throw busy(
				'Too many reports are waiting for their commit. Send again in a moment; nothing of this request was taken.',
				1
			);
	}

	/** Waits until there is room, takes the chunk, and answers a promise of its commit. */
	async push(chunk: Chunk): Promise<{ committed: Promise<Result> }> {
		while (this.#bytes >= this.settings.bytes) await new Promise<void>((free) => this.#room.push(free));
		this.#hold(chunk.bytes);
		const committed = new Promise<Result>((done, failed) => this.#waiting.push({ chunk, done, failed }));
		committed.catch(() => {}); // whoever pushed awaits it later
		const idle = this.#writers.find((w) => !w.running);
		if (idle) idle.running = this.#run(idle);
		return { committed };
	}

	/** Resolves when nothing waits any more. */
	async drained(): Promise<void> {
		for (let busy; (busy = this.#writers.find((w) => w.running !== undefined));) await busy.running;
	}

	/** Finishes what waits, then ends the connections. */
	async close(): Promise<void> {
		await this.drained();
		await Promise.all(this.#writers.map((w) => w.sql.end({ timeout: 5 })));
	}

	#hold(bytes: number): void {
		this.#bytes += bytes;
		this.metrics.queue.set(this.#bytes);
	}

	async #run(writer: Writer): Promise<void> {
		await Promise.resolve(); // let all that arrived in this turn of the loop come along
		while (this.#waiting.length) {
			const group: Waiting[] = [];
			for (
				let rows = 0, bytes = 0;
				this.#waiting.length &&
				(!group.length || (rows + weight(this.#waiting[0]!.chunk) <= this.settings.rows && bytes < GROUP));
			) {
				const next = this.#waiting.shift()!;
				rows += weight(next.chunk);
				bytes += next.chunk.bytes;
				group.push(next);
			}
			await this.#settle(writer, group);
			this.#hold(-group.reduce((sum, w) => sum + w.chunk.bytes, 0));
			const room = this.#room;
			this.#room = [];
			for (const free of room) free();
		}
		// In one step with finding nothing: whoever got room just now must find nobody running, and run.
		writer.running = undefined;
	}

	async #settle(writer: Writer, group: Waiting[]): Promise<void> {
		const from = performance.now();
		try {
			const result = await this.#attempt(
				writer,
				group.map((w) => w.chunk)
			);
			const rows = group.reduce((sum, w) => sum + weight(w.chunk), 0);
			this.metrics.commits.observe((performance.now() - from) / 1000);
			this.metrics.commitRows.observe(rows);
			for (const w of group) w.done(result);
		} catch (e) {
			// What one delivery brought must not fail the others: commit each for itself.
			if (group.length > 1 && isData(e)) for (const w of group) await this.#settle(writer, [w]);
			else {
				this.log.error({ err: e, chunks: group.length }, 'reports could not be committed');
				for (const w of group) w.failed(e);
			}
		}
	}

	async #attempt(writer: Writer, chunks: Chunk[]): Promise<Result> {
		for (let tried = 1; ; tried++) {
			try {
				if (!writer.prepared) await prepare(writer.sql);
				writer.prepared = true;
				return await commit(writer.sql, chunks);
			} catch (e) {
				if (!isConflict(e)) this.#renew(writer);
				this.metrics.queries.inc({ code: codeOf(e) });
				if (tried >= TRIES || isData(e)) throw e;
				this.log.warn({ err: e, tried }, 'commit of reports is tried again');
				await new Promise((wait) => setTimeout(wait, 100 * 2 ** tried * (0.5 + Math.random() / 2)));
			}
		}
	}

	/**
	 * After a break in the middle of a transaction, the driver lets what was left of it (a rollback, an error) reach
	 * whoever uses the connection next, or waits for ever: so nobody does.
	 */
	#renew(writer: Writer): void {
		void writer.sql.end({ timeout: 0 }).catch(() => {});
		writer.sql = this.open();
		writer.prepared = false;
	}
}

const weight = ({ rows, things }: Chunk): number => rows + things.length;
const codeOf = (e: unknown): string => (e instanceof Error && 'code' in e ? String(e.code) : 'unknown');
/** SQLSTATE classes 22 (data), 23 (integrity) and 54 (limits): the same rows would fail again. */
const isData = (e: unknown): boolean => /^(2[23]|54)/.test(codeOf(e));
/** What the database refused over a connection that is as it was: data, or a deadlock (class 40). */
const isConflict = (e: unknown): boolean => isData(e) || /^40/.test(codeOf(e));

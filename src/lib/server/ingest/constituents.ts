import type { Log } from '../ops/log';
import type { Sql } from '../store/client';
import * as assets from '../store/constituent/assets';
import { Builder, NOBODY, type Attribution, type Owner } from './attribution';

/** Milliseconds between looks that nobody asked for: a notification may be lost with its connection. */
const LOOK = 60_000;

/** Whose asset is what, as of one moment, and the number of the constituents then. */
export async function load(sql: Sql): Promise<{ attribution: Attribution; version: number }> {
	const builder = new Builder();
	let owners: Owner[] = [];
	const version = await assets.read(sql, (all) => {
		owners = [...all];
		const places = new Map(owners.map((o, i) => [o.id, i]));
		return (rows) => {
			for (const { kind, value, constituent } of rows) builder.add({ kind, value, owner: places.get(constituent)! });
		};
	});
	return { attribution: builder.done(owners), version };
}

/**
 * Keeps an attribution as the database has it. A change is read beside the work: reports are placed by what was known
 * before until the new index stands, and no report waits for it. Only the first one is waited for.
 */
export class Constituents {
	#attribution: Attribution = NOBODY;
	#version = -1;
	#started: Promise<void> | undefined;
	#running: Promise<void> | undefined;
	#next: Promise<void> | undefined;
	#timer: NodeJS.Timeout | undefined;
	#unlisten: (() => Promise<void>) | undefined;
	#closed = false;

	constructor(
		readonly sql: Sql,
		readonly log: Log
	) {}

	get attribution(): Attribution {
		return this.#attribution;
	}

	/** Resolves when the constituents have been read once, and are followed. */
	ready(): Promise<void> {
		this.#started ??= this.#start().catch((e: unknown) => {
			this.#started = undefined;
			throw e;
		});
		return this.#started;
	}

	/** Resolves when all that was committed before the call is known here. */
	refresh(): Promise<void> {
		// A read that has begun may have missed the change: who asks now waits for the next one, together with all others.
		return (this.#next ??= (this.#running ?? Promise.resolve()).then(
			() => this.#run(),
			() => this.#run()
		));
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearInterval(this.#timer);
		await this.#started?.catch(() => {});
		await this.#running?.catch(() => {});
		await this.#unlisten?.().catch(() => {});
	}

	async #start(): Promise<void> {
		const { unlisten } = await this.sql.listen(
			assets.CHANNEL,
			() => this.#wake(),
			() => this.#wake()
		);
		this.#unlisten = unlisten;
		await this.refresh();
		this.#timer ??= setInterval(() => this.#wake(), LOOK).unref();
		if (this.#closed) clearInterval(this.#timer);
	}

	#run(): Promise<void> {
		this.#next = undefined;
		return (this.#running = this.#look().finally(() => (this.#running = undefined)));
	}

	async #look(): Promise<void> {
		if (this.#closed || (await assets.version(this.sql)) === this.#version) return;
		const began = performance.now();
		const { attribution, version } = await load(this.sql);
		this.#attribution = attribution;
		this.#version = version;
		this.log.info(
			{ assets: attribution.size, constituents: attribution.owners.length, ms: Math.round(performance.now() - began) },
			'constituents are read'
		);
	}

	#wake(): void {
		if (!this.#closed)
			this.refresh().catch(
				(e: unknown) =>
					this.#closed ||
					this.log.warn({ err: e }, 'changed constituents could not be read; reports are placed by those known before')
			);
	}
}

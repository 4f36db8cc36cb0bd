import type { Config } from '../ops/config';
import type { Log } from '../ops/log';
import type { Client } from '../store/client';
import * as fetches from '../store/fetch';
import type { Ingest } from '../ingest/ingest';
import { Gate } from './gate';
import { run, type Ground, type Outcome } from './run';
import { seal } from './seal';

export { KINDS } from './kinds';
export { seal } from './seal';
export * as setup from './setup';
export type { Outcome } from './run';

/** Milliseconds between two looks whether something is due. */
const LOOK = 2000;

/** What a process needs to fetch. @param key the one that also signs sessions */
export const ground = (client: Client, ingest: Ingest, config: Config, key: string, log: Log): Ground => ({
	sql: client.sql,
	ingest,
	gate: new Gate(config.WATCHFLOOR_FETCH_ALLOW),
	limits: {
		size: config.WATCHFLOOR_FETCH_SIZE,
		document: Math.min(config.WATCHFLOOR_MAX_DOCUMENT, config.WATCHFLOOR_FETCH_SIZE),
		connect: config.WATCHFLOOR_FETCH_CONNECT,
		idle: config.WATCHFLOOR_FETCH_IDLE,
		time: config.WATCHFLOOR_FETCH_TIME
	},
	seal: seal(key),
	log
});

/** Fetches one source now, whether it is due or not. @throws Problem `conflict` while it is being fetched, `not_found` */
export async function now(ground: Ground, source: number, signal: AbortSignal): Promise<Outcome> {
	const taken = await fetches.take(ground.sql, source);
	return run(ground, taken!, signal);
}

/**
 * Fetches what is due, some sources at once and each of them by one process at a time. Stopped, it gives back what it
 * has begun; whoever starts next goes on from the last commit.
 */
export class Rounds {
	readonly #stop = new AbortController();
	readonly #running = new Set<Promise<unknown>>();
	#timer: NodeJS.Timeout | undefined;
	#looking: Promise<void> | undefined;
	#away = false;

	/** @param most sources at once */
	constructor(
		readonly ground: Ground,
		readonly most: number,
		readonly every = LOOK
	) {}

	start(): void {
		this.#timer = setInterval(() => this.#wake(), this.every);
		this.#wake();
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#stop.abort(new DOMException('The server is stopping.', 'AbortError'));
		await this.#looking;
		await Promise.all(this.#running);
	}

	#wake(): void {
		this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
	}

	async #look(): Promise<void> {
		const { sql, log } = this.ground;
		try {
			while (this.#running.size < this.most && !this.#stop.signal.aborted) {
				const taken = await fetches.take(sql);
				this.#away = false;
				if (!taken) return;
				const running: Promise<unknown> = run(this.ground, taken, this.#stop.signal)
					.catch((e: unknown) => {
						if (!this.#stop.signal.aborted) log.error({ source: taken.slug, err: e }, 'a fetch could not be ended');
					})
					.finally(() => this.#running.delete(running));
				this.#running.add(running);
			}
		} catch (e) {
			// Once, not with every look while the database is away.
			if (!this.#stop.signal.aborted && !this.#away)
				log.warn({ err: e }, 'what is to be fetched could not be read; tried again');
			this.#away = true;
		}
	}
}

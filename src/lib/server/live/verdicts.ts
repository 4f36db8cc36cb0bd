import type { Log } from '../ops/log';
import type { Sql } from '../store/client';
import * as judgement from '../store/judgement';
import type { Judgement } from './usual';

/** Milliseconds between looks, should a notification be lost. */
const LOOK = 60_000;

/** Follows what is judged: reads the latest whenever it is told of one. Latest wins: none has to be seen. */
export class Verdicts {
	#timer: NodeJS.Timeout | undefined;
	#unlisten: (() => Promise<void>) | undefined;
	#reading: Promise<void> | undefined;
	#again = false;

	constructor(
		readonly sql: Sql,
		readonly take: (latest: Judgement) => void,
		readonly log: Log
	) {}

	async start(): Promise<void> {
		await this.#look();
		this.#timer = setInterval(() => void this.#look(), LOOK);
		const { unlisten } = await this.sql.listen(
			judgement.CHANNEL,
			() => void this.#look(),
			() => void this.#look()
		);
		this.#unlisten = unlisten;
	}

	async stop(): Promise<void> {
		clearInterval(this.#timer);
		await this.#unlisten?.().catch(() => {});
		await this.#reading;
	}

	#look(): Promise<void> {
		this.#again = true;
		return (this.#reading ??= this.#read().finally(() => (this.#reading = undefined)));
	}

	async #read(): Promise<void> {
		while (this.#again) {
			this.#again = false;
			try {
				this.take(await judgement.latest(this.sql));
			} catch (e) {
				this.log.warn({ err: e }, 'what was judged could not be read; it is tried again');
			}
		}
	}
}

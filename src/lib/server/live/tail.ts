import type { Log } from '../ops/log';
import type { Sql } from '../store/client';
import type { Facets } from '../store/facet';
import { after, CHANNEL, type Entry } from '../store/log';

/** Entries of one read at the most. */
const PAGE = 200;
const POLL = 1000;

/**
 * Reads the log as it grows. A notification only wakes it; a lost one costs a poll interval. Entries are handed on in
 * order, each once.
 */
export class Tail {
	#reading = false;
	#again = false;
	#stopped = false;
	#timer: NodeJS.Timeout | undefined;
	#unlisten: (() => Promise<void>) | undefined;
	/** when the log was last read without an error, milliseconds since 1970 */
	readAt = Date.now();

	constructor(
		readonly sql: Sql,
		readonly facets: Facets,
		public seq: number,
		readonly take: (entries: Entry[]) => void,
		readonly log: Log
	) {}

	async start(): Promise<void> {
		this.#timer = setInterval(() => void this.wake(), POLL);
		const { unlisten } = await this.sql.listen(
			CHANNEL,
			() => void this.wake(),
			() => void this.wake()
		);
		this.#unlisten = unlisten;
	}

	async wake(): Promise<void> {
		this.#again = true;
		if (this.#reading || this.#stopped) return;
		this.#reading = true;
		try {
			while (this.#again && !this.#stopped) {
				this.#again = false;
				const entries = await after(this.sql, this.seq, PAGE);
				this.readAt = Date.now();
				if (!entries.length) continue;
				await this.facets.need(
					entries.flatMap(({ payload: { cells = [], indicators = [] } }) => [
						...cells.map((c) => c[1]),
						...indicators.map((s) => s.facet)
					])
				);
				if (this.#stopped) return;
				this.seq = entries.at(-1)!.seq;
				this.take(entries);
				if (entries.length === PAGE) this.#again = true;
			}
		} catch (e) {
			this.log.warn({ err: e }, 'the log could not be read; it is tried again');
		} finally {
			this.#reading = false;
		}
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		clearInterval(this.#timer);
		await this.#unlisten?.().catch(() => {});
	}
}

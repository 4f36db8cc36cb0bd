import type { Sql } from './client';

type Settings = {
	/** on which changes are told */
	channel: string;
	/** milliseconds between looks that nobody asked for: a notification is lost with its connection */
	every: number;
	/** brings what is followed up to date */
	look: () => Promise<void>;
	/** hears of looks that failed and that nobody waits for */
	failed: (e: unknown) => void;
};

/**
 * Follows something in the database. Looks never overlap: who asks while one is under way waits for the next, together
 * with all others, because the one that has begun may have missed the change.
 */
export class Follow {
	#started: Promise<void> | undefined;
	#running: Promise<void> | undefined;
	#next: Promise<void> | undefined;
	#timer: NodeJS.Timeout | undefined;
	#unlisten: (() => Promise<void>) | undefined;
	#closed = false;

	constructor(
		readonly sql: Sql,
		readonly settings: Settings
	) {}

	/** Resolves when it has been looked once, and is followed; tried again when that failed. */
	ready(): Promise<void> {
		this.#started ??= this.#start().catch((e: unknown) => {
			this.#started = undefined;
			throw e;
		});
		return this.#started;
	}

	/** Resolves when all that was committed before the call is known. */
	refresh(): Promise<void> {
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
		if (!this.#unlisten) {
			const wake = () => this.#wake();
			const { unlisten } = await this.sql.listen(this.settings.channel, wake, wake);
			this.#unlisten = unlisten;
		}
		await this.refresh();
		if (!this.#closed) this.#timer ??= setInterval(() => this.#wake(), this.settings.every).unref();
	}

	#run(): Promise<void> {
		this.#next = undefined;
		const look = this.#closed ? Promise.resolve() : this.settings.look();
		return (this.#running = look.finally(() => (this.#running = undefined)));
	}

	#wake(): void {
		if (!this.#closed) this.refresh().catch((e: unknown) => this.#closed || this.settings.failed(e));
	}
}

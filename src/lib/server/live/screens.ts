import type { Told } from '$lib/core/screen';
import type { Log } from '../ops/log';
import type { Sql } from '../store/client';
import { Follow } from '../store/follow';
import * as screen from '../store/screen';

const LOOK = 60_000;

/** How each wall screen is set, in memory; `tell` hears of each that was set anew. */
export class Screens {
	#told = new Map<string, Told>();
	readonly #follow: Follow;

	constructor(
		readonly sql: Sql,
		readonly tell: (name: string, told: Told) => void,
		log: Log
	) {
		this.#follow = new Follow(sql, {
			channel: screen.CHANNEL,
			every: LOOK,
			look: () => this.#look(),
			failed: (e) => log.warn({ err: e }, 'how screens are set could not be read; it is tried again')
		});
	}

	get(name: string): Told | undefined {
		return this.#told.get(name);
	}
	ready = (): Promise<void> => this.#follow.ready();
	close = (): Promise<void> => this.#follow.close();

	async #look(): Promise<void> {
		const before = this.#told;
		this.#told = new Map((await screen.all(this.sql)).map(({ name, told }) => [name, told]));
		for (const [name, told] of this.#told) if (before.get(name)?.version !== told.version) this.tell(name, told);
	}
}

import type { Log } from '../ops/log';
import type { Sql } from '../store/client';
import { Follow } from '../store/follow';
import * as assets from '../store/constituent/assets';
import { Builder, NOBODY, type Attribution, type Owner } from './attribution';

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
	readonly #follow: Follow;

	constructor(
		readonly sql: Sql,
		readonly log: Log
	) {
		this.#follow = new Follow(sql, {
			channel: assets.CHANNEL,
			every: LOOK,
			look: () => this.#look(),
			failed: (e) =>
				log.warn({ err: e }, 'changed constituents could not be read; reports are placed by those known before')
		});
	}

	get attribution(): Attribution {
		return this.#attribution;
	}

	/** Resolves when the constituents have been read once, and are followed. */
	ready(): Promise<void> {
		return this.#follow.ready();
	}

	/** Resolves when all that was committed before the call is known here. */
	refresh(): Promise<void> {
		return this.#follow.refresh();
	}

	close(): Promise<void> {
		return this.#follow.close();
	}

	async #look(): Promise<void> {
		if ((await assets.version(this.sql)) === this.#version) return;
		const began = performance.now();
		const { attribution, version } = await load(this.sql);
		this.#attribution = attribution;
		this.#version = version;
		this.log.info(
			{ assets: attribution.size, constituents: attribution.owners.length, ms: Math.round(performance.now() - began) },
			'constituents are read'
		);
	}
}

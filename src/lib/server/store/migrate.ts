import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { join } from 'node:path';
import { Problem } from '$lib/core/error';
import { folder } from '../ops/root';
import type { Client } from './client';
import * as seed from './seed';

/** Number of the advisory lock under which processes that start together migrate one after another. */
const LOCK = 7_407_001;

/** What a database is for; it is marked when it is made, for ever. */
export type Mode = 'exercise' | 'real';

/**
 * Brings the database to the present schema and fills empty reference tables. Safe to call from several processes at
 * once.
 * @param wanted the mode it must have; undefined takes any, and a new one is real
 * @throws Problem `mode` when the database has the other mode
 */
export async function run(client: Client, wanted?: Mode): Promise<Mode> {
	const lock = client.open(1, 600);
	try {
		await lock`select pg_advisory_lock(${LOCK})`;
		await migrate(client.db, { migrationsFolder: join(folder(), 'drizzle') });
		await seed.run(client.db);
		await client.sql`insert into meta (key, value) values ('mode', ${wanted ?? 'real'}) on conflict do nothing`;
		const [row] = await client.sql<{ value: Mode }[]>`select value from meta where key = 'mode'`;
		const mode = row!.value;
		if (wanted && mode !== wanted)
			throw new Problem(
				'mode',
				500,
				`This database holds ${mode === 'real' ? 'real data; an exercise' : 'an exercise; real data'} needs one of its own: another WATCHFLOOR_DATA or DATABASE_URL.`
			);
		return mode;
	} finally {
		await lock.end({ timeout: 1 });
	}
}

import { Writable } from 'node:stream';
import pino from 'pino';
import { now, setup, type Outcome } from '../../src/lib/server/fetch';
import { Gate } from '../../src/lib/server/fetch/gate';
import type { Ground } from '../../src/lib/server/fetch/run';
import { seal } from '../../src/lib/server/fetch/seal';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import * as source from '../../src/lib/server/store/source';
import type { Stage } from './stage';

/** What a process needs to fetch from loopback, its log kept in `said`. */
export function ground(stage: Stage, ingest: Pick<Ingest, 'deliver'>, more: Partial<Ground> = {}) {
	const said: string[] = [];
	const log = pino(
		{ level: 'trace' },
		new Writable({
			write(chunk: Buffer, _, done) {
				said.push(chunk.toString());
				done();
			}
		})
	);
	const it: Ground = {
		sql: stage.client.sql,
		ingest,
		gate: new Gate('127.0.0.1'),
		limits: { size: 20_000_000, document: 20_000_000, connect: 5, idle: 5, time: 30 },
		seal: seal('k'.repeat(40)),
		log,
		...more
	};
	return { ...it, said };
}

let made = 0;
/** A source that is fetched from; answers its number. */
export async function fetching(
	stage: Stage,
	base: Ground,
	format: string,
	input: setup.Input,
	slug = `fetched-${made++}`
): Promise<number> {
	const plan = setup.plan(input, format);
	const id = await source.add(stage.client, 'cli', { slug, format, tlp: 'green', cadence: 3600 });
	await setup.set(stage.client, 'cli', id, plan, base.seal);
	return id;
}

export const fetch = (base: Ground, id: number): Promise<Outcome> => now(base, id, new AbortController().signal);

export const row = async (stage: Stage, id: number) =>
	(
		await stage.client.sql<
			{
				cursor: Record<string, string> | null;
				failures: number;
				due: number;
				error: string | null;
				last: Date | null;
				lease: string | null;
			}[]
		>`select f.cursor, f.failures, extract(epoch from f.next_at - now())::float8 as due, s.last_error as error, s.last_at as last, f.lease from fetches f join sources s on s.id = f.source_id where s.id = ${id}`
	)[0]!;

/** How many objects of a source are held: distinct versions. */
export const held = async (stage: Stage, id: number): Promise<number> =>
	(await stage.client.sql<{ n: number }[]>`select count(*) as n from objects where source_id = ${id}`)[0]!.n;

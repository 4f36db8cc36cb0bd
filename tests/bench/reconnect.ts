import postgres from 'postgres';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixed, whole, type Figure } from './figure';
import type { Options } from './main';
import * as machine from './machine';
import type { Poster } from './poster';
import type { Viewers } from './viewer';
import * as worker from './worker';

/** Clients come back over this many milliseconds. */
const WITHIN = 5000;
const PATIENCE = 10_000;

/**
 * All clients lose their connection at once and come back within five seconds, to four audiences, while reports come
 * in. Statements are counted in PostgreSQL's own log, beside an equally long time in which nobody comes.
 */
export async function run(options: Options): Promise<Figure[]> {
	const clients = options.clients ?? (options.quick ? 100 : 2000);
	const server = await machine.open({}, options.flags);
	const [poster, viewers] = [worker.open<Poster>('poster'), worker.open<Viewers>('viewer')];
	try {
		const to = { port: server.port, source: 'bench', token: await server.source('bench') };
		const tokens: string[] = [];
		for (const clearance of ['clear', 'green', 'amber', 'red'])
			tokens.push(await server.token(`wall-${clearance}`, clearance, 'wall'));
		// A day of history, so that a snapshot weighs what it does in use.
		await poster.ask('prepare', options.quick ? 5000 : 60_000, { seed: 7, until: Date.now() / 1000, span: 86_400 });
		await poster.ask('post', to, { sizes: [5000], parallel: 2 });
		const crowd = { clients, within: WITHIN, patience: PATIENCE };
		const first = await viewers.ask('come', server.port, tokens, crowd);
		if (first.live !== clients)
			throw new Error(`Only ${first.live} of ${clients} clients came: ${JSON.stringify(first.ended)}`);

		const admin = postgres(server.url('postgres', 'postgres'), { max: 1, onnotice: () => {} });
		await admin.unsafe("alter system set log_statement = 'all'");
		await admin`select pg_reload_conf()`;
		await sleep(1500);
		const quiet = await statements(server.data, () => sleep(WITHIN + 2000));
		let back = first;
		const loud = await statements(server.data, async () => {
			const until = Date.now() + WITHIN + 2000;
			await viewers.ask('leave');
			back = await viewers.ask('come', server.port, tokens, crowd);
			await sleep(Math.max(0, until - Date.now()));
		});
		await admin.unsafe('alter system reset log_statement');
		await admin.end();
		const each = Math.max(0, loud.count / loud.seconds - quiet.count / quiet.seconds) * (loud.seconds / clients);
		return [
			{
				part: 'reconnect',
				what: `statements for each of ${whole(clients)} clients that come back within 5 s`,
				figure: fixed(each, 3),
				floor: `${fixed(quiet.count / quiet.seconds)}/s with nobody, ${fixed(loud.count / loud.seconds)}/s meanwhile`,
				budget: '0',
				met: each < 0.01,
				numbers: { quiet, loud }
			},
			{
				part: 'reconnect',
				what: `from a client's connect to its first frame; ${whole(back.live)} of ${whole(clients)} are live`,
				figure: `p50 ${fixed(back.p50, 0)}, p95 ${fixed(back.p95, 0)}, last ${fixed(back.last, 0)} ms`,
				budget: 'all within 10 s',
				met: back.live === clients && back.last <= 10_000,
				numbers: back
			},
			{
				part: 'memory',
				what: `memory of the server after ${whole(clients)} clients came back`,
				figure: `${whole(server.memory().now)} MiB, at most ${whole(server.memory().peak)}`
			}
		];
	} finally {
		await Promise.all([poster.close(), viewers.close()]);
		await server.close();
	}
}

/** Statements that PostgreSQL logs during some work. */
async function statements(data: string, work: () => Promise<void>): Promise<{ count: number; seconds: number }> {
	const file = openSync(join(data, 'postgres.log'), 'r');
	try {
		const from = fstatSync(file).size;
		const begun = performance.now();
		await work();
		const text = Buffer.alloc(fstatSync(file).size - from);
		readSync(file, text, 0, text.length, from);
		const seconds = (performance.now() - begun) / 1000;
		return { count: text.toString().match(/LOG: {2}(statement|execute)/g)?.length ?? 0, seconds };
	} finally {
		closeSync(file);
	}
}

import { createServer } from 'node:net';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../lib/core/error';
import type { Viewer } from '../lib/core/viewer';
import * as token from '../lib/server/access/token';
import * as app from '../lib/server/app';
import * as source from '../lib/server/store/source';
import { Ledger } from './ledger';
import { SOURCES } from './source';
import * as stream from './stream';

export type Play = { seed: number; days: number; rate: number; base?: string };
type Keys = { sources: { slug: string; token: string }[]; analyst: string; green: string };

const PLAYER: Viewer = { id: 'cli', name: 'exercise', role: 'admin', clearance: 'red', sectors: null, provinces: null };

/** Serves an exercise in a data directory of its own, and plays it, until it is stopped. */
export async function run(play: Play): Promise<void> {
	process.env.WATCHFLOOR_EXERCISE = '1';
	process.env.WATCHFLOOR_DATA ||= '.demo';
	process.env.WATCHFLOOR_LOG_LEVEL ||= 'warn';
	process.env.PORT ||= (await free(3000)) ? '3000' : String(await port());
	const keys = await prepare();
	await import(new URL('./main.js', import.meta.url).href);
	const base = address();
	console.log(`
  An exercise: every report in it is invented.

  The wall, live:       ${base}/login?next=/wall#${keys.analyst}
  As an analyst:        ${base}/login?next=/posture#${keys.analyst}
  The same, TLP:GREEN:  ${base}/login?next=/wall#${keys.green}
`);
	await perform(keys, { ...play, base });
}

/** Plays an exercise to a server that runs elsewhere on the same database. */
export async function play(o: Play): Promise<void> {
	await perform(await prepare(), { ...o, base: o.base ?? address() });
}

async function perform(keys: Keys & { data: string }, o: Play & { base: string }): Promise<void> {
	const stop = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
	const ledger = new Ledger(join(keys.data, 'truth.jsonl'), o.rate);
	await stream.run({
		...keys,
		...o,
		onTruth: (found) => ledger.write(found),
		signal: stop.signal,
		log: (message) => console.error(message),
		onProgress: report()
	});
}

/** Says on a terminal how far the history has come, one line for each part. */
function report(): (p: stream.Progress) => void {
	let said = '';
	return (p) => {
		const line =
			p.phase === 'recent'
				? 'Sending the last day …'
				: p.phase === 'live' || p.phase === 'history'
					? 'The picture is live; older history follows behind it.'
					: '';
		if (line && line !== said) console.error((said = line));
	};
}

/** Adds the invented sources and the tokens of an exercise, once a database; the tokens are kept for the next start. */
async function prepare(): Promise<Keys & { data: string }> {
	const base = await app.open(process.env, 'exercise');
	try {
		const data = base.config.WATCHFLOOR_DATA;
		const file = join(data, 'exercise.tokens');
		if (existsSync(file)) return { ...(JSON.parse(readFileSync(file, 'utf8')) as Keys), data };
		const there = new Set((await source.list(base.client, PLAYER)).map((s) => s.slug));
		for (const { slug, name, format, tlp, cadence } of SOURCES)
			if (!there.has(slug)) await source.add(base.client, PLAYER.id, { slug, name, format, tlp, cadence });
		const names = new Set((await token.list(base.client, PLAYER)).map((t) => t.name));
		const program = async (name: string, clearance: 'red' | 'green') =>
			(
				await token.add(base.client, PLAYER, {
					name: names.has(name) ? `${name} ${names.size}` : name,
					role: 'analyst',
					clearance
				})
			).token;
		const keys: Keys = {
			sources: [],
			analyst: await program('Exercise', 'red'),
			green: await program('Exercise GREEN', 'green')
		};
		for (const { slug } of SOURCES)
			keys.sources.push({ slug, token: (await token.forSource(base.client, PLAYER, { source: slug })).token });
		writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
		chmodSync(file, 0o600);
		return { ...keys, data };
	} finally {
		await base.close();
	}
}

function address(): string {
	const { ORIGIN, HOST = '127.0.0.1', PORT = '3000' } = process.env;
	return ORIGIN || `http://${HOST}:${PORT}`;
}

const free = (port: number): Promise<boolean> =>
	new Promise((done) => {
		const server = createServer();
		server.once('error', () => done(false));
		server.listen(port, process.env.HOST || '127.0.0.1', () => server.close(() => done(true)));
	});

const port = (): Promise<number> =>
	new Promise((done, failed) => {
		const server = createServer();
		server.once('error', failed);
		server.listen(0, process.env.HOST || '127.0.0.1', () => {
			const at = server.address();
			server.close(() =>
				at && typeof at === 'object'
					? done(at.port)
					: failed(new Problem('port', 500, 'No free port was found; set PORT.'))
			);
		});
	});

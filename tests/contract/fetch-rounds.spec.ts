import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Rounds, setup } from '../../src/lib/server/fetch';
import { pause, run } from '../../src/lib/server/fetch/run';
import { seal } from '../../src/lib/server/fetch/seal';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { refusal } from '../../src/lib/server/fetch/words';
import { Problem } from '../../src/lib/core/error';
import * as log from '../../src/lib/server/store/log';
import * as fetches from '../../src/lib/server/store/fetch';
import { connect } from '../../src/lib/server/store/client';
import { fetch, fetching, ground, row } from './fetching';
import { site, type Site } from './site';
import type { Viewer } from '../../src/lib/core/viewer';
import * as source from '../../src/lib/server/store/source';
import { ndjson, open, report, until, viewer, type Stage } from './stage';

const SECRET = 'correct-horse-battery-staple';
let stage: Stage;
let ingest: Ingest;
let server: Site;
let rounds: Rounds[] = [];

beforeAll(async () => {
	stage = await open();
	ingest = stage.intake(stage.client);
});
afterAll(() => stage.close());
beforeEach(async () => void (server = await site()));
afterEach(async () => {
	for (const r of rounds) await r.close();
	rounds = [];
	await stage.client.sql`update fetches set next_at = now() + interval '1 day'`;
	await server.close();
});

const list = (base: ReturnType<typeof ground>, path = '/list.jsonl', more: Partial<setup.Input> = {}) =>
	fetching(stage, base, 'intelmq', { kind: 'http', url: server.origin + path, ...more });
const round = (base: ReturnType<typeof ground>, most = 4) => {
	const r = new Rounds(base, most, 20);
	rounds.push(r);
	r.start();
	return r;
};

describe('the rounds', () => {
	it('of two processes on one database fetch what is due once', async () => {
		for (let i = 0; i < 12; i++)
			server.pages.set(`/${i}`, async (_, res) => {
				await new Promise((wait) => setTimeout(wait, 100));
				res.end(ndjson([report()]));
			});
		const base = ground(stage, ingest);
		const ids: number[] = [];
		for (let i = 0; i < 12; i++) ids.push(await list(base, `/${i}`));
		const others = [connect(stage.client.url, 2, 30), connect(stage.client.url, 2, 30)];
		for (const own of others) round(ground(stage, stage.intake(stage.client), { sql: own.sql }));
		await until(async () => (await Promise.all(ids.map((id) => row(stage, id)))).every((r) => r.last && !r.lease));
		await new Promise((wait) => setTimeout(wait, 200));
		expect(server.asked.map((a) => a.path).sort()).toEqual(ids.map((_, i) => `/${i}`).sort());
		for (const r of rounds.splice(0)) await r.close();
		for (const own of others) await own.close();
	});

	it('come back by the cadence of the source, and sooner after a failure, a little later each time', async () => {
		let status = 500;
		server.pages.set('/list.jsonl', (_, res) =>
			status === 200 ? ndjson([report()]) : void res.writeHead(status).end()
		);
		const base = ground(stage, ingest);
		const id = await list(base);
		const dues: number[] = [];
		for (let i = 0; i < 3; i++) {
			expect(await fetch(base, id)).toMatchObject({ failed: true });
			dues.push((await row(stage, id)).due);
		}
		expect(await row(stage, id)).toMatchObject({
			failures: 3,
			error: expect.stringContaining('answered 500') as string,
			last: null
		});
		expect(dues[0]).toBeLessThan(40);
		expect(dues[2]).toBeGreaterThan(85);
		status = 200;
		expect(await fetch(base, id)).toMatchObject({ failed: false, accepted: 1 });
		const after = await row(stage, id);
		expect(after).toMatchObject({ failures: 0, error: null });
		expect(after.due).toBeGreaterThan(3500);
	});

	it('fetch several at once, and never more than is allowed', async () => {
		let at = 0;
		let most = 0;
		for (let i = 0; i < 6; i++)
			server.pages.set(`/${i}`, async (_, res) => {
				most = Math.max(most, ++at);
				await new Promise((wait) => setTimeout(wait, 150));
				at--;
				res.end(ndjson([report()]));
			});
		const base = ground(stage, ingest);
		const ids: number[] = [];
		for (let i = 0; i < 6; i++) ids.push(await list(base, `/${i}`));
		round(base, 2);
		await until(async () => (await Promise.all(ids.map((id) => row(stage, id)))).every((r) => r.last));
		expect(most).toBe(2);
	});

	it('that are stopped give back what they had, and it is no failure', async () => {
		server.pages.set('/list.jsonl', (_, res) => void res.write('{'));
		const base = ground(stage, ingest);
		const id = await list(base);
		const r = round(base);
		await until(() => server.asked.length);
		await r.close();
		expect(await row(stage, id)).toMatchObject({ lease: null, failures: 0, error: null });
		expect((await row(stage, id)).due).toBeLessThanOrEqual(0);
	});

	it('take over from a process that died, when its lease is over', async () => {
		server.pages.set('/list.jsonl', () => ndjson([report()]));
		const base = ground(stage, ingest);
		const id = await list(base);
		expect(await fetches.take(stage.client.sql, id)).toBeDefined();
		await expect(fetch(base, id)).rejects.toMatchObject({ code: 'conflict' });
		await stage.client.sql`update fetches set leased_until = now() - interval '1 second' where source_id = ${id}`;
		round(base);
		await until(async () => (await row(stage, id)).last);
	});

	it('write nothing any more when somebody else has taken the source', async () => {
		server.pages.set('/list.jsonl', (_, res) => {
			res.setHeader('etag', '"mine"');
			return ndjson([report()]);
		});
		const stolen = {
			deliver: async (...args: Parameters<Ingest['deliver']>) => {
				const delivery = await ingest.deliver(...args);
				await stage.client.sql`update fetches set lease = gen_random_uuid() where source_id = ${args[0]}`;
				return delivery;
			}
		};
		const base = ground(stage, stolen);
		const id = await list(base);
		expect(await fetch(base, id)).toMatchObject({ failed: true, error: 'Another process fetches this source now.' });
		const r = await row(stage, id);
		expect(r).toMatchObject({ cursor: null, error: null });
		expect(r.lease).not.toBeNull();
	});

	it('bring a body again that was committed when the process died before it could say so: it counts once', async () => {
		const text = ndjson([report(), report()]);
		server.pages.set('/list.jsonl', () => text);
		const dying = {
			deliver: async (...args: Parameters<Ingest['deliver']>) => {
				await ingest.deliver(...args);
				throw new Error('killed');
			}
		};
		const base = ground(stage, dying);
		const id = await list(base);
		expect(await fetch(base, id)).toMatchObject({
			failed: true,
			error: expect.stringContaining('on our side') as string
		});
		expect(await fetch(ground(stage, ingest), id)).toMatchObject({ failed: false, accepted: 0, duplicates: 2 });
		const [n] = await stage.client.sql<{ n: number }[]>`select count(*) as n from observations where source_id = ${id}`;
		expect(n!.n).toBe(2);
	});

	it('tell the screens: that a source was heard of, and that it was not', async () => {
		let ok = true;
		server.pages.set('/list.jsonl', (_, res) => (ok ? '' : void res.writeHead(404).end()));
		const base = ground(stage, ingest);
		const id = await list(base, undefined);
		const before = await log.head(stage.client.sql);
		await fetch(base, id);
		ok = false;
		await fetch(base, id);
		const entries = (await log.after(stage.client.sql, before, 100)).filter((e) => e.kind === 'source');
		expect(entries).toHaveLength(2);
		expect(entries[0]!.payload.source!.last).toBeGreaterThan(Date.now() / 1000 - 60);
		expect(entries[1]!.payload.source!.last).toBe(entries[0]!.payload.source!.last);
	});
});

describe('the list of sources', () => {
	it('says where each is fetched from without its query, when next, and what it brings of late', async () => {
		server.pages.set('/list.jsonl', () => ndjson([report(), report(), report()]));
		const base = ground(stage, ingest);
		const id = await list(base, `/list.jsonl?key=${SECRET}`);
		await fetch(base, id);
		const [{ slug }] = await stage.client.sql<[{ slug: string }]>`select slug from sources where id = ${id}`;
		const of = async (who: Viewer) => (await source.list(stage.client, who)).find((s) => s.slug === slug)!;
		const seen = await of(viewer());
		expect(seen.fetch).toMatchObject({
			kind: 'http',
			from: `127.0.0.1:${server.port}/list.jsonl`,
			running: false,
			failures: 0
		});
		expect(seen.fetch!.next - seen.fetch!.success!).toBeGreaterThan(3500);
		expect(JSON.stringify(seen)).not.toContain(SECRET);
		const rates = async (who: Viewer) => (await source.rates(stage.client, who)).find((r) => r.slug === slug);
		expect(await rates(viewer())).toMatchObject({ day: 3, week: 3, fresh: expect.any(Number) as number });
		// what it counts is of every marking
		expect(await rates(viewer({ clearance: 'green' }))).toBeUndefined();
		const sensor = await stage.source();
		const [{ slug: own }] = await stage.client.sql<[{ slug: string }]>`select slug from sources where id = ${sensor}`;
		expect((await source.list(stage.client, viewer())).find((s) => s.slug === own)!.fetch).toBeNull();
	});

	it('has no word of a source any more that is not fetched from', async () => {
		const base = ground(stage, ingest);
		const id = await list(base, '/nowhere');
		await fetch(base, id);
		await fetches.unset(stage.client.sql, 'cli', id);
		await expect(fetch(base, id)).rejects.toMatchObject({ code: 'not_found' });
		const [left] = await stage.client.sql`select 1 from sources where id = ${id} and last_error is null`;
		expect(left).toBeDefined();
	});
});

describe('the wait after a failure', () => {
	const failed = new Problem('fetch', 502, 'x');
	it('doubles, ends at an hour, and differs by chance', () => {
		const waits = Array.from({ length: 12 }, (_, failures) => pause({ failures }, failed, () => 0.5));
		expect(waits.slice(0, 4)).toEqual([30, 60, 120, 240]);
		expect(waits.at(-1)).toBe(3600);
		expect(pause({ failures: 1000 }, failed, () => 1)).toBe(4500);
		expect(pause({ failures: 0 }, failed, () => 0)).toBeLessThan(pause({ failures: 0 }, failed, () => 1));
	});
	it('is never shorter than the server asks for', () => {
		expect(pause({ failures: 0 }, refusal(new URL('https://x.example/'), 429, 600))).toBe(600);
		expect(pause({ failures: 9 }, refusal(new URL('https://x.example/'), 429, 600))).toBeGreaterThan(600);
	});
});

describe('a secret', () => {
	it('is in no log, no error, no setting and no record of what was done, whatever the server makes of it', async () => {
		const base = ground(stage, ingest);
		const all: string[] = [];
		server.pages.set(
			'/401',
			(req, res) =>
				void res
					.writeHead(401, { 'www-authenticate': String(req.headers.authorization) })
					.end(String(req.headers.authorization))
		);
		server.pages.set(
			'/away',
			(_, res) => void res.writeHead(302, { location: `http://10.0.0.1/${SECRET}?key=${SECRET}` }).end()
		);
		server.pages.set(`/${SECRET}`, (_, res) => void res.writeHead(404).end());
		server.pages.set(
			'/q',
			(_, res, url) => void res.writeHead(302, { location: `/x/${url.searchParams.get('key')}` }).end()
		);
		server.pages.set(
			'/basic',
			(req, res) =>
				void res.writeHead(302, { location: `/x/${encodeURIComponent(String(req.headers.authorization))}` }).end()
		);
		server.pages.set('/odd', (_, res) => void res.writeHead(302, { location: `/${SECRET}` }).end());
		server.pages.set('/body', () => `{"password": "${SECRET}"`);
		for (const path of ['/401', '/away', '/odd', '/body', '/nowhere', '/basic', `/q?key=${SECRET}`]) {
			const id = await list(base, path, { secret: SECRET, user: 'cert' });
			const outcome = await fetch(base, id);
			all.push(JSON.stringify(outcome), JSON.stringify(await row(stage, id)));
		}
		const broken = { deliver: () => Promise.reject(new TypeError(`cannot read ${SECRET}`)) };
		server.pages.set('/good', () => 'x');
		const id = await list(base, '/good', { secret: SECRET });
		const own = ground(stage, broken);
		all.push(JSON.stringify(await fetch(own, id)));
		const kept = await stage.client.sql`select settings::text, cursor::text from fetches`;
		const audit = await stage.client.sql`select detail::text from audit`;
		const text = [...base.said, ...own.said, ...all, JSON.stringify(kept), JSON.stringify(audit)].join('\n');
		expect(base.said.length).toBeGreaterThan(5);
		expect(text).not.toContain(SECRET);
		expect(text).not.toContain(Buffer.from(`cert:${SECRET}`).toString('base64'));
		const sealed = await stage.client.sql<{ sealed: Buffer }[]>`select sealed from fetches where sealed is not null`;
		for (const s of sealed) expect(s.sealed.toString('latin1')).not.toContain(SECRET);
	});

	it('opens for its own source, under its own key, and untouched', () => {
		const one = seal('a'.repeat(40));
		const sealed = one.close({ secret: SECRET }, 7);
		expect(one.open(sealed, 7)).toEqual({ secret: SECRET });
		expect(one.close({ secret: SECRET }, 7).equals(sealed)).toBe(false);
		expect(() => one.open(sealed, 8)).toThrow('WATCHFLOOR_SECRET');
		expect(() => seal('b'.repeat(40)).open(sealed, 7)).toThrow('WATCHFLOOR_SECRET');
		for (const at of [0, 12, sealed.length - 1]) {
			const touched = Buffer.from(sealed);
			touched[at]! ^= 1;
			expect(() => one.open(touched, 7)).toThrow('WATCHFLOOR_SECRET');
		}
	});

	it('that was sealed under another key is an error in words', async () => {
		const base = ground(stage, ingest);
		const id = await list(base, '/x', { secret: SECRET });
		const moved = ground(stage, ingest, { seal: seal('z'.repeat(40)) });
		expect((await fetch(moved, id)).error).toContain('another WATCHFLOOR_SECRET');
	});
});

describe('what a source is to be fetched from', () => {
	it.each<[string, setup.Input, string]>([
		['another kind', { kind: 'ftp', url: 'https://x.example/' }, 'kind is one of'],
		['no address', { kind: 'http' }, 'begins with https://'],
		['another protocol', { kind: 'http', url: 'file:///etc/passwd' }, 'begins with https://'],
		['a password in the address', { kind: 'http', url: 'https://a:hunter2@x.example/' }, 'password out of it'],
		[
			'a header that means something else',
			{ kind: 'http', url: 'https://x.example/', header: 'Host', secret: 'x' },
			'who asks'
		],
		['a secret of two lines', { kind: 'http', url: 'https://x.example/', secret: 'hunter2\r\nx: y' }, 'one line'],
		['a secret that no header can hold', { kind: 'http', url: 'https://x.example/', secret: 'hunter2 پاک' }, 'ASCII'],
		['a user without a secret', { kind: 'http', url: 'https://x.example/', user: 'cert' }, 'needs a secret'],
		['a collection of a file', { kind: 'http', url: 'https://x.example/', collection: 'x' }, 'knows no collection'],
		['a folder by half its path', { kind: 'folder', path: 'drop' }, 'whole path'],
		['another format', { kind: 'taxii', url: 'https://x.example/' }, 'in the format stix']
	])('is refused with %s', (_, input, words) => {
		const plan = () => setup.plan(input, 'intelmq');
		expect(plan).toThrow(words);
		expect(plan).not.toThrow('hunter2');
	});

	it('is run by nobody whose kind is not known any more', async () => {
		const base = ground(stage, ingest);
		const id = await list(base);
		const taken = (await fetches.take(stage.client.sql, id))!;
		const outcome = await run(base, { ...taken, kind: 'gopher' }, new AbortController().signal);
		expect(outcome).toMatchObject({ failed: true, error: expect.stringContaining('gopher') as string });
	});
});

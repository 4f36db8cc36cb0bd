import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { fetch, fetching, ground, row } from './fetching';
import { site, type Site } from './site';
import { ndjson, open, report, type Stage } from './stage';

/** What sources do that is no fault, and what they do to be a nuisance. */
let stage: Stage;
let ingest: Ingest;
let server: Site;

beforeAll(async () => {
	stage = await open();
	ingest = stage.intake(stage.client);
});
afterAll(() => stage.close());
beforeEach(async () => void (server = await site()));
afterEach(() => server.close());
const paths = () => server.asked.map((a) => a.path);

/** Takes every body as it is: here it is about what is asked for. */
const taker = () => {
	const names: string[] = [];
	const deliver: Ingest['deliver'] = async (_, body) => {
		for await (const _ of body.bytes);
		names.push(body.filename ?? '');
		return { batch: 0, accepted: 1, duplicates: 0, quarantined: 0, ignored: 0, seq: 0, kinds: {} };
	};
	return { deliver, names };
};

describe('a provider of CSAF', () => {
	const folder = (list: string[]) => server.pages.set('/csaf/white/index.txt', () => list.join('\n'));
	const from = () => `${server.origin}/csaf/white/`;

	it('whose listing tells no times is asked by what it said of each document', async () => {
		const sent = { etag: '"1"' };
		server.pages.set('/csaf/white/a.json', (req, res) => {
			if (req.headers['if-none-match'] === sent.etag) return void res.writeHead(304).end();
			res.setHeader('etag', sent.etag);
			return {};
		});
		server.pages.set('/csaf/white/b.json', () => ({}));
		folder(['a.json', 'b.json']);
		const base = ground(stage, taker());
		const id = await fetching(stage, base, 'csaf', { kind: 'csaf', url: from() });
		expect(await fetch(base, id)).toMatchObject({ bodies: 2, error: null });
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, error: null });
		sent.etag = '"2"';
		expect(await fetch(base, id)).toMatchObject({ bodies: 1, error: null });
		expect(paths().filter((p) => p.endsWith('b.json'))).toHaveLength(1);
	});

	it('may have documents whose long addresses differ at their end only', async () => {
		const long = `${'x'.repeat(600)}/`;
		for (const name of ['a', 'b']) server.pages.set(`/csaf/white/${long}${name}.json`, () => ({}));
		folder([`${long}a.json`, `${long}b.json`]);
		const base = ground(stage, taker());
		const id = await fetching(stage, base, 'csaf', { kind: 'csaf', url: from() });
		expect(await fetch(base, id)).toMatchObject({ bodies: 2, error: null });
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, error: null });
	});

	it('brings what its other feeds list when one of them is gone, and says so', async () => {
		server.pages.set('/provider-metadata.json', () => ({
			distributions: [
				{
					rolie: {
						feeds: ['gone', 'there'].map((f) => ({ tlp_label: 'WHITE', url: `${server.origin}/${f}.json` }))
					}
				}
			]
		}));
		const entry = { updated: '2024-09-01T00:00:00Z', content: { src: `${server.origin}/doc.json` } };
		server.pages.set('/there.json', () => ({ feed: { entry: [entry] } }));
		server.pages.set('/doc.json', () => ({}));
		const base = ground(stage, taker());
		const id = await fetching(stage, base, 'csaf', { kind: 'csaf', url: `${server.origin}/provider-metadata.json` });
		expect(await fetch(base, id)).toMatchObject({
			bodies: 1,
			failed: false,
			error: expect.stringContaining('/gone.json') as string
		});
		server.pages.delete('/there.json');
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, failed: true });
	});
});

describe('a feed of MISP', () => {
	it('may write the names of its events in capitals', async () => {
		const name = '5E9C1D2A-0000-4000-8000-00000000000A';
		server.pages.set('/manifest.json', () => ({ [name]: { timestamp: '1' } }));
		server.pages.set(`/${name}.json`, () => ({}));
		const base = ground(stage, taker());
		const id = await fetching(stage, base, 'misp', { kind: 'misp', url: server.origin });
		expect(await fetch(base, id)).toMatchObject({ bodies: 1, error: null });
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, error: null });
	});

	it('that lists hundreds of events which are not there is told in one line', async () => {
		const uuid = (n: number) => `5e9c1d2a-0000-4000-8000-${String(n).padStart(12, '0')}`;
		server.pages.set('/manifest.json', () =>
			Object.fromEntries(Array.from({ length: 300 }, (_, n) => [uuid(n), { timestamp: n }]))
		);
		const base = ground(stage, taker());
		const id = await fetching(stage, base, 'misp', { kind: 'misp', url: server.origin });
		const { error, failed } = await fetch(base, id);
		expect(failed).toBe(false);
		expect(error).toBe(
			`The server answered 404 (not found) for ${server.origin}/${uuid(0)}.json. And 299 more like it.`
		);
	});
});

it('a server of TAXII whose word for its next page fits into no address is told, and not remembered', async () => {
	const path = '/api1/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/objects/';
	server.pages.set(path, () => ({ more: true, next: 'n'.repeat(100_000), objects: [{ id: 'x' }] }));
	const base = ground(stage, taker());
	const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: server.origin + path });
	expect(await fetch(base, id)).toMatchObject({ failed: true, error: expect.stringContaining('4000') as string });
	expect((await row(stage, id)).cursor).toBeNull();
});

it('a server that speaks no HTTP is told as that', async () => {
	server.pages.set('/x', (req) => void req.socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
	const base = ground(stage, taker());
	const id = await fetching(stage, base, 'intelmq', { kind: 'http', url: `${server.origin}/x` });
	expect((await fetch(base, id)).error).toContain('speaks no HTTP');
});

it('the key in an address, and what says who asks, are in no error when a server writes them back', async () => {
	const key = 'open sesame/éclair';
	const basic = Buffer.from('cert:pass word').toString('base64');
	const back = [key, encodeURIComponent(key), encodeURI(key), basic, 'pass%20word'];
	const base = ground(stage, taker());
	for (const [n, text] of back.entries()) {
		server.pages.set(`/${n}`, (_, res) => void res.writeHead(302, { location: `http://10.0.0.1/${text}` }).end());
		server.pages.set(
			`/there${n}`,
			(_, res) => void res.writeHead(302, { location: new URL(`/${text}`, server.origin).pathname }).end()
		);
		for (const path of [`/${n}`, `/there${n}`]) {
			const url = `${server.origin}${path}?format=json&key=${encodeURIComponent(key)}`;
			const id = await fetching(stage, base, 'intelmq', { kind: 'http', url, user: 'cert', secret: 'pass word' });
			const { error } = await fetch(base, id);
			for (const word of ['sesame', basic, 'pass%20word', 'pass word']) expect(error).not.toContain(word);
			expect(error).toMatch(/^The server answered 404|inner network|failed/);
		}
	}
	expect(base.said.length).toBeGreaterThanOrEqual(10);
	expect(base.said.join('\n')).not.toMatch(/sesame|pass(%20| )word/);
	expect(base.said.join('\n')).not.toContain(basic);
});

describe('a watched folder', () => {
	let dir: string;
	beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'watchfloor-edge-'))));
	afterEach(() => rmSync(dir, { recursive: true, force: true }));

	it('takes a file whose time lies in the future, and one whose path is very long', async () => {
		writeFileSync(join(dir, 'ahead.jsonl'), ndjson([report()]));
		utimesSync(join(dir, 'ahead.jsonl'), new Date('2090-01-01'), new Date('2090-01-01'));
		const deep = join(dir, ...Array.from({ length: 7 }, (_, n) => `${n}`.repeat(240)));
		mkdirSync(deep, { recursive: true });
		for (const name of ['a', 'b']) writeFileSync(join(deep, `${name}.jsonl`), ndjson([report()]));
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'intelmq', { kind: 'folder', path: dir, settle: 1 });
		await new Promise((done) => setTimeout(done, 1100));
		expect(await fetch(base, id)).toMatchObject({ accepted: 3, failed: false, error: null });
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, failed: false });
	});
});

import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { bytesOf, entries, missing } from './corpus';
import { fetch, fetching, ground, held, row } from './fetching';
import { certificate, site, type Site } from './site';
import { open, type Stage } from './stage';

let stage: Stage;
let ingest: Ingest;
let server: Site;

beforeAll(async () => {
	stage = await open({ WATCHFLOOR_KEEP_OBSERVATIONS: '30y' });
	ingest = stage.intake(stage.client);
});
afterAll(() => stage.close());
beforeEach(async () => void (server = await site()));
afterEach(() => server.close());
const paths = () => server.asked.splice(0).map((a) => a.path);

describe('a feed of MISP', () => {
	const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
	const event = (n: number, timestamp: number, values: string[]) => ({
		Event: {
			uuid: uuid(n),
			info: `event ${n}`,
			date: '2026-11-01',
			timestamp: String(timestamp),
			analysis: '2',
			threat_level_id: '2',
			distribution: '3',
			Attribute: values.map((value, i) => ({
				uuid: `${uuid(n).slice(0, 24)}${String(n * 1000 + i).padStart(12, '0')}`,
				type: 'domain',
				category: 'Network activity',
				to_ids: true,
				value,
				timestamp: String(timestamp)
			}))
		}
	});
	const list = (stamps: Record<string, number>) =>
		server.pages.set('/feed/manifest.json', () =>
			Object.fromEntries(Object.entries(stamps).map(([n, t]) => [uuid(Number(n)), { info: 'x', timestamp: String(t) }]))
		);
	const put = (n: number, timestamp: number, values: string[]) =>
		server.pages.set(`/feed/${uuid(n)}.json`, () => event(n, timestamp, values));

	it('is fetched event by event: those that are new or changed, and no other', async () => {
		list({ 1: 100, 2: 200 });
		put(1, 100, ['one.example']);
		put(2, 200, ['two.example']);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'misp', { kind: 'misp', url: `${server.origin}/feed/` });
		expect(await fetch(base, id)).toMatchObject({ accepted: 4, bodies: 2, failed: false });
		expect(paths()).toEqual(['/feed/manifest.json', `/feed/${uuid(1)}.json`, `/feed/${uuid(2)}.json`]);
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, failed: false });
		expect(paths()).toEqual(['/feed/manifest.json']);
		list({ 1: 300, 2: 200, 3: 250 });
		put(1, 300, ['one.example', 'more.example']);
		put(3, 250, ['three.example']);
		await fetch(base, id);
		// the oldest change first
		expect(paths()).toEqual(['/feed/manifest.json', `/feed/${uuid(3)}.json`, `/feed/${uuid(1)}.json`]);
	});

	it('brings the others when some that it lists are not there, says so, and asks for them again', async () => {
		list({ 1: 100, 2: 200, 3: 300 });
		put(2, 200, ['two.example']);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'misp', { kind: 'misp', url: `${server.origin}/feed/manifest.json` });
		expect(await fetch(base, id)).toMatchObject({
			bodies: 1,
			failed: false,
			error: `The server answered 404 (not found) for ${server.origin}/feed/${uuid(1)}.json. And 1 more like it.`
		});
		expect(await row(stage, id)).toMatchObject({ failures: 0, error: expect.stringContaining('404') as string });
		put(1, 100, ['one.example']);
		put(3, 300, ['three.example']);
		expect(await fetch(base, id)).toMatchObject({ bodies: 2, error: null });
		expect(await row(stage, id)).toMatchObject({ error: null });
	});

	it('goes on with the events that are left when it broke off among them', async () => {
		list({ 1: 100, 2: 200, 3: 300 });
		put(1, 100, ['one.example']);
		server.pages.set(`/feed/${uuid(2)}.json`, (_, res) => void res.writeHead(500).end());
		put(3, 300, ['three.example']);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'misp', { kind: 'misp', url: `${server.origin}/feed/` });
		expect(await fetch(base, id)).toMatchObject({ bodies: 1, failed: true });
		put(2, 200, ['two.example']);
		paths();
		expect(await fetch(base, id)).toMatchObject({ bodies: 2, failed: false });
		expect(paths()).toEqual(['/feed/manifest.json', `/feed/${uuid(2)}.json`, `/feed/${uuid(3)}.json`]);
	});

	it('asks for the manifest with its tag, but not before all of it was there', async () => {
		let etag = '"a"';
		const tags: unknown[] = [];
		server.pages.set('/feed/manifest.json', (req, res) => {
			tags.push(req.headers['if-none-match']);
			res.setHeader('etag', etag);
			if (req.headers['if-none-match'] === etag) return void res.writeHead(304).end();
			return { [uuid(1)]: { timestamp: '100' }, [uuid(2)]: { timestamp: '100' }, constructor: { timestamp: 1 } };
		});
		put(1, 100, ['one.example']);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'misp', { kind: 'misp', url: `${server.origin}/feed/` });
		await fetch(base, id);
		put(2, 100, ['two.example']);
		await fetch(base, id);
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, failed: false, error: null });
		expect(tags).toEqual([undefined, undefined, '"a"']);
		etag = '"b"';
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, failed: false });
	});

	it('may be a single event', async () => {
		server.pages.set('/one.json', () => event(9, 100, ['nine.example']));
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'misp', { kind: 'misp', url: `${server.origin}/one.json` });
		expect(await fetch(base, id)).toMatchObject({ accepted: 2 });
	});

	it.skipIf(missing)('comes whole from the corpus', async () => {
		for (const { file } of entries('misp/feed-crowdsec', /\.json$/))
			server.pages.set(`/feed/${basename(file)}`, () => bytesOf(file));
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'misp', { kind: 'misp', url: `${server.origin}/feed` });
		// 559 attributes and three events
		expect(await fetch(base, id)).toMatchObject({
			accepted: 562,
			quarantined: 0,
			bodies: 3,
			failed: false,
			error: null
		});
	});
});

describe.skipIf(missing)('a provider of CSAF', () => {
	const DOCUMENTS = missing
		? []
		: entries('csaf/cisa/OT/white/2024', /\.json$/)
				.map((e) => e.file)
				.slice(0, 4);
	const at = (n: number) => `/csaf/white/2024/${basename(DOCUMENTS[n]!)}`;
	const metadata = (distributions: unknown) =>
		server.pages.set('/.well-known/csaf/provider-metadata.json', () => ({
			metadata_version: '2.0',
			canonical_url: 'https://x',
			distributions
		}));
	const provider = () => `${server.origin}/.well-known/csaf/provider-metadata.json`;
	beforeEach(() => DOCUMENTS.forEach((file, n) => server.pages.set(at(n), () => bytesOf(file))));

	it('is fetched by its directory: what is new or changed, the oldest change first', async () => {
		const rows = [
			`"2024/${basename(DOCUMENTS[0]!)}","2024-09-02T06:00:00Z"`,
			`csaf/white/2024/${basename(DOCUMENTS[1]!)},2024-09-01T06:00:00.000000Z`
		];
		server.pages.set('/csaf/white/changes.csv', () => rows.join('\n'));
		metadata([{ directory_url: `${server.origin}/csaf/white` }]);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'csaf', { kind: 'csaf', url: provider() });
		expect(await fetch(base, id)).toMatchObject({ accepted: 2, bodies: 2, failed: false, error: null });
		expect(paths().slice(-2)).toEqual([at(1), at(0)]);
		rows[0] = rows[0]!.replace('09-02', '10-02');
		rows.push(
			`2024/${basename(DOCUMENTS[2]!)},2024-09-03T00:00:00Z`,
			'2024/gone.json,2024-01-01T00:00:00Z',
			'../../secret.json,2024-01-01T00:00:00Z'
		);
		const outcome = await fetch(base, id);
		expect(outcome).toMatchObject({
			accepted: 1,
			duplicates: 1,
			failed: false,
			error: expect.stringContaining('1 more') as string
		});
		expect(paths().slice(-3)).toEqual(['/csaf/white/2024/gone.json', at(2), at(0)]);
	});

	it('is fetched by index.txt where there is no changes.csv', async () => {
		server.pages.set('/csaf/white/index.txt', () =>
			DOCUMENTS.slice(0, 2)
				.map((d) => `2024/${basename(d)}`)
				.join('\r\n')
		);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'csaf', { kind: 'csaf', url: `${server.origin}/csaf/white/` });
		expect(await fetch(base, id)).toMatchObject({ accepted: 2 });
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, failed: false });
	});

	it('is fetched by its feeds, and what is not for everybody only by who has a secret', async () => {
		const feed = (n: number) => ({
			feed: {
				entry: [
					{ id: `d${n}`, updated: '2024-09-01T00:00:00Z', content: { src: `${server.origin}${at(n)}` } },
					{ id: 'odd', link: 'x' }
				]
			}
		});
		server.pages.set('/white.json', () => feed(0));
		server.pages.set('/amber.json', () => feed(3));
		metadata([
			{
				rolie: {
					feeds: [
						{ tlp_label: 'WHITE', url: `${server.origin}/white.json` },
						{ tlp_label: 'AMBER', url: `${server.origin}/amber.json` }
					]
				}
			},
			{ directory_url: `${server.origin}/nowhere/` }
		]);
		const base = ground(stage, ingest);
		const open = await fetching(stage, base, 'csaf', { kind: 'csaf', url: provider() });
		expect(await fetch(base, open)).toMatchObject({ accepted: 1, failed: false });
		const known = await fetching(stage, base, 'csaf', { kind: 'csaf', url: provider(), secret: 'x'.repeat(20) });
		expect(await fetch(base, known)).toMatchObject({ accepted: 2, failed: false });
	});

	it('that names nothing to fetch is an error in words', async () => {
		metadata([{ rolie: { feeds: [{ tlp_label: 'RED', url: `${server.origin}/red.json` }] } }]);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'csaf', { kind: 'csaf', url: provider() });
		expect((await fetch(base, id)).error).toContain('names no feed and no directory of CSAF for everybody');
	});
});

describe('a file over HTTP', () => {
	const line = (n: number) =>
		JSON.stringify({
			'time.source': '2026-11-01T00:00:00Z',
			'classification.type': 'phishing',
			'source.ip': '198.51.100.7',
			'event_description.text': `file ${n}`,
			'extra.tlp': 'green'
		});

	it('is taken when it has changed, and says so when it has not', async () => {
		let lines = [line(1), line(2)];
		server.pages.set('/list.jsonl', (req, res) => {
			const etag = `"${lines.length}"`;
			res.setHeader('etag', etag);
			return req.headers['if-none-match'] === etag ? void res.writeHead(304).end() : lines.join('\n');
		});
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'intelmq', { kind: 'http', url: `${server.origin}/list.jsonl?key=k1` });
		expect(await fetch(base, id)).toMatchObject({ accepted: 2, bodies: 1 });
		expect(await fetch(base, id)).toMatchObject({ accepted: 0, bodies: 0, failed: false });
		lines = [...lines, line(3)];
		expect(await fetch(base, id)).toMatchObject({ accepted: 1, duplicates: 2 });
		expect(server.asked.map((a) => a.search)).toEqual(['?key=k1', '?key=k1', '?key=k1']);
	});

	it('may be packed with gzip, and its name tells a format what it is', async () => {
		const csv = '"timestamp","ip","port","asn","geo"\n"2026-11-01 00:00:00","198.51.100.9","5555","64500","PK"\n';
		server.pages.set('/download', (_, res) => {
			res
				.setHeader('content-type', 'application/gzip')
				.setHeader('content-disposition', 'attachment; filename="2026-11-01-scan_adb-pakistan-geo.csv.gz"');
			return gzipSync(csv);
		});
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'shadowserver', { kind: 'http', url: `${server.origin}/download` });
		expect(await fetch(base, id)).toMatchObject({ accepted: 1, quarantined: 0 });
		const [seen] = await stage.client.sql<{ raw: string }[]>`select raw from observations where source_id = ${id}`;
		expect(JSON.parse(seen!.raw)).toMatchObject({ _report: 'scan_adb' });
	});

	it('is not taken as done when it broke off: it is asked for whole again', async () => {
		const whole = [line(11), line(12), ''].join('\n');
		let broken = true;
		server.pages.set('/list.jsonl', (_, res) => {
			res.setHeader('etag', '"1"').setHeader('content-length', whole.length);
			if (!broken) return whole;
			res.write(whole.slice(0, line(11).length + 1));
			setTimeout(() => res.destroy(), 50);
		});
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'intelmq', { kind: 'http', url: `${server.origin}/list.jsonl` });
		expect(await fetch(base, id)).toMatchObject({ failed: true, error: expect.stringContaining('failed') as string });
		expect((await row(stage, id)).cursor).toBeNull();
		broken = false;
		expect(await fetch(base, id)).toMatchObject({ failed: false, error: null });
		const [n] = await stage.client.sql<{ n: number }[]>`select count(*) as n from observations where source_id = ${id}`;
		expect(n!.n).toBe(2);
	});

	it.skipIf(missing)('comes over TLS: the catalogue of known exploited vulnerabilities', async () => {
		const secure = certificate();
		const safe = await site(secure);
		safe.pages.set('/kev.json', () => bytesOf('kev/known_exploited_vulnerabilities.json'));
		try {
			const base = ground(stage, ingest, { ca: secure.cert });
			const id = await fetching(stage, base, 'kev', { kind: 'http', url: `${safe.origin}/kev.json` });
			const outcome = await fetch(base, id);
			expect(outcome).toMatchObject({ failed: false, quarantined: 0, error: null });
			expect(outcome.accepted).toBe(await held(stage, id));
			expect(outcome.accepted).toBeGreaterThan(1000);
		} finally {
			await safe.close();
		}
	});
});

import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../src/lib/core/viewer';
import { NOWHERE, type Geo } from '../src/lib/server/ingest/geo';
import { Ingest } from '../src/lib/server/ingest/ingest';
import * as reattribute from '../src/lib/server/ingest/reattribute';
import { Framer, snapshot } from '../src/lib/server/live/audience';
import { Memory } from '../src/lib/server/live/memory';
import { read } from '../src/lib/server/ops/config';
import * as logs from '../src/lib/server/ops/log';
import * as metrics from '../src/lib/server/ops/metrics';
import type { Client } from '../src/lib/server/store/client';
import * as constituent from '../src/lib/server/store/constituent';
import { Facets } from '../src/lib/server/store/facet';
import * as log from '../src/lib/server/store/log';
import { load, type Reference } from '../src/lib/server/store/reference';
import * as source from '../src/lib/server/store/source';
import * as verify from '../src/lib/server/store/verify';
import { database } from './database';

/** Reports that came before the constituents changed end where they would have been counted from the start. */

let client: Client;
let reference: Reference;
let facets: Facets;
let ingest: Ingest;
let dir: string;
let made = 0;
const admin: Viewer = { id: 'cli', name: 'spec', role: 'admin', clearance: 'red', sectors: null, provinces: null };

beforeAll(async () => {
	dir = mkdtempSync(join(tmpdir(), 'watchfloor-reattribute-'));
	client = await database();
	reference = await load(client.db);
	facets = new Facets(client.sql);
	ingest = intake();
});
afterAll(async () => {
	await ingest.close();
	await client.close();
	rmSync(dir, { recursive: true, force: true });
});

const intake = (geo: Geo = NOWHERE) =>
	new Ingest(
		client,
		reference,
		facets,
		read({ WATCHFLOOR_DATA: dir }),
		logs.open('silent'),
		metrics.open(),
		'real',
		geo
	);
const feed = () =>
	source.add(client, 'spec', { slug: `feed-${made++}`, format: 'intelmq', tlp: 'green', cadence: 3600 });
const deliver = (id: number, reports: object[], by = ingest) =>
	by.deliver(id, {
		bytes: (async function* () {
			yield Buffer.from(reports.map((r) => JSON.stringify(r)).join('\n'));
		})(),
		contentType: 'application/x-ndjson'
	});
const know = async (table: string) => {
	await client.sql`delete from constituents`;
	const answer = await constituent.importCsv(
		client,
		admin,
		reference,
		`organisation,sector,province,assets\n${table}\n`,
		{ size: 1 << 20, rows: 1000 }
	);
	expect(answer.imported).toBe(true);
	await ingest.constituents.refresh();
};
const again = (range: reattribute.Range = {}, options: reattribute.Options = {}) =>
	reattribute.run(client, reference, facets, range, options);
/** Where the reports of a source stand, by what they are apart from the source. */
const places = (id: number) => client.sql<
	{
		raw: string;
		province: string;
		sector: string;
		direction: string;
		class: string;
		severity: string;
		tlp: number;
		rule: string;
		constituent: string | null;
	}[]
>`
	select o.raw, f.province, f.sector, f.direction, f.class, f.severity, f.tlp, o.rule, c.organisation as constituent
	from observations o join facets f on f.id = o.facet_id left join constituents c on c.id = o.constituent_id where o.source_id = ${id} order by o.raw`;

const minute = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const ip = fc.constantFrom(
	'10.1.1.1',
	'10.1.2.2',
	'10.2.0.9',
	'192.0.2.1',
	'2001:db8::1',
	'2001:db8:1::1',
	'::ffff:10.1.1.1'
);
const end = (side: string) =>
	fc.record(
		{
			[`${side}.ip`]: ip,
			[`${side}.asn`]: fc.constantFrom(64500, 64501, 64502),
			[`${side}.fqdn`]: fc.constantFrom('www.a.pk', 'a.pk', 'b.a.pk', 'example.com'),
			[`${side}.geolocation.cc`]: fc.constantFrom('PK', 'US')
		},
		{ requiredKeys: [] }
	);
const report = fc
	.tuple(
		fc.record({
			'time.source': fc.integer({ min: -600, max: 55 }).map((m) => new Date(minute + m * 60_000).toISOString()),
			'classification.type': fc.constantFrom(
				'scanner',
				'infected-system',
				'ddos',
				'phishing',
				'vulnerable-system',
				'test'
			)
		}),
		end('source'),
		end('destination'),
		fc.record(
			{
				'extra.sector': fc.constantFrom('banking', 'nonsense'),
				'extra.province': fc.constantFrom('PK-SD', 'Punjab'),
				'extra.tlp': fc.constantFrom('green', 'red')
			},
			{ requiredKeys: [] }
		)
	)
	.map((parts): object => Object.assign({}, ...parts) as object);
const assets = fc.subarray(
	[
		'10.0.0.0/8',
		'10.1.0.0/16',
		'10.1.1.0/24',
		'10.1.1.1',
		'192.0.2.0/24',
		'2001:db8::/32',
		'2001:db8:1::/48',
		'AS64500',
		'AS64501',
		'a.pk',
		'b.a.pk',
		'example.com'
	],
	{ maxLength: 5 }
);
const table = fc
	.array(fc.tuple(fc.constantFrom('', 'telecom', 'health'), fc.constantFrom('', 'PK-KP', 'PK-BA'), assets), {
		maxLength: 4
	})
	.map((rows) =>
		rows.map(([sector, province, list], i) => `org ${i},${sector},${province},${list.join(' ')}`).join('\n')
	);

describe('after a change of the constituents', () => {
	afterEach(() => client.sql`truncate observations, sightings, cells_minute, cells_hour, cells_day`);

	it('every report and every count is as if it had come later, and screens that followed have the same', async () => {
		await fc.assert(
			fc.asyncProperty(
				table,
				table,
				fc.array(report, { minLength: 1, maxLength: 60 }),
				fc.integer({ min: 1, max: 20 }),
				async (before, after, reports, rows) => {
					const [first, second] = [await feed(), await feed()];
					await know(before);
					await deliver(first, reports);
					const memory = new Memory();
					await memory.load(client.sql);
					await facets.refresh();
					const sight = {
						clearance: 'green' as const,
						sectors: ['telecom', 'banking', 'unattributed'],
						provinces: null
					};
					const screen = new Map<string, number>();
					const fold = (cells: { cells?: unknown[][]; hours?: unknown[][] }) => {
						for (const c of [...(cells.cells ?? []), ...(cells.hours ?? [])]) {
							const key = c.slice(1, 6).join(' ');
							screen.set(key, (screen.get(key) ?? 0) + Number(c[6]));
						}
					};
					fold(snapshot(memory, sight, facets.byId));

					await know(after);
					const done = await again({}, { rows });
					expect(done).toMatchObject({ complete: true, changed: false, left: 0 });
					expect((await verify.run(client.sql)).differences).toEqual([]);

					const framer = new Framer(sight, facets.byId, memory);
					const entries = await log.after(client.sql, memory.seq, 10_000);
					await facets.need(entries.flatMap((e) => (e.payload.cells ?? []).map((c) => c[1])));
					for (const e of entries) fold(framer.frame(e.seq - 1, e.seq, e.at, [memory.apply(e)]));
					const now = new Memory();
					await now.load(client.sql);
					const fresh = snapshot(now, sight, facets.byId);
					const followed = [...screen].filter(([, n]) => n !== 0).sort();
					screen.clear();
					fold(fresh);
					expect(followed).toEqual([...screen].filter(([, n]) => n !== 0).sort());

					await deliver(second, reports);
					expect([...(await places(first))]).toEqual([...(await places(second))]);
					expect(await again()).toMatchObject({ moved: 0 });
					expect((await verify.run(client.sql)).differences).toEqual([]);
				}
			),
			{ numRuns: 25 }
		);
	});

	it('only the range moves, and a run that was stopped goes on where it was', async () => {
		await know('');
		const id = await feed();
		const at = (i: number) => minute + i * 60_000;
		await deliver(
			id,
			Array.from({ length: 50 }, (_, i) => ({
				'time.source': new Date(at(i)).toISOString(),
				'classification.type': 'phishing',
				'source.fqdn': `x${i}.a.pk`
			}))
		);
		await know('A,health,PK-KP,a.pk');
		const sectors = async () => (await places(id)).filter((p) => p.sector === 'health').length;
		expect(await again({ from: at(10) / 1000, to: at(20) / 1000 })).toMatchObject({ complete: true });
		expect(await sectors()).toBe(10);
		const stop = new AbortController();
		const part = await again(
			{ from: at(20) / 1000, to: at(50) / 1000 },
			{ rows: 7, signal: stop.signal, onProgress: ({ moved }) => moved >= 14 && stop.abort() }
		);
		expect(part).toMatchObject({ complete: false });
		expect(await sectors()).toBe(10 + part.moved);
		expect((await verify.run(client.sql)).differences).toEqual([]);
		expect(await again({ from: part.at!, to: at(50) / 1000 })).toMatchObject({ complete: true });
		expect(await sectors()).toBe(40);
	});

	it('a geographic database that comes or goes moves what it places, and nothing else', async () => {
		await know('A,telecom,,10.1.0.0/16\nB,health,PK-KP,10.2.0.0/16');
		const geo: Geo = {
			fill: (end) => (end.ip === undefined ? end : { ...end, country: end.country ?? 'PK' }),
			province: ({ ip }) => (ip === undefined || ip === '10.9.0.2' ? undefined : 'PK-BA')
		};
		const reports = [
			{ 'source.ip': '10.1.1.1' },
			{ 'source.ip': '10.2.0.9' },
			{ 'source.ip': '10.9.0.1' },
			{ 'source.ip': '10.9.0.2' },
			{ 'source.ip': '10.9.0.3', 'extra.province': 'Punjab' },
			{ 'source.ip': '10.9.0.4', 'extra.sector': 'banking' },
			{ 'source.fqdn': 'a.example' }
		].map((r) => ({ 'time.source': new Date(minute).toISOString(), 'classification.type': 'infected-system', ...r }));
		const [first, second] = [await feed(), await feed()];
		const stand = async (id: number) =>
			(await places(id)).map((p) => `${p.province} ${p.sector} ${p.rule} ${p.direction}`).sort();
		await deliver(first, reports);
		const before = await stand(first);
		expect(before).toContain('unlocated unattributed none unknown');

		expect(await again({}, { geo })).toMatchObject({ complete: true, left: 0, moved: 5 });
		expect(await stand(first)).toEqual(
			[
				'PK-BA telecom prefix+geo outbound',
				'PK-KP health prefix outbound',
				'PK-BA unattributed geo outbound',
				'unlocated unattributed none outbound',
				'PK-PB unattributed stated outbound',
				'PK-BA banking stated+geo outbound',
				'unlocated unattributed none unknown'
			].sort()
		);
		expect((await verify.run(client.sql)).differences).toEqual([]);
		const placed = intake(geo);
		await deliver(second, reports, placed);
		await placed.close();
		expect([...(await places(first))]).toEqual([...(await places(second))]);

		expect(await again()).toMatchObject({ complete: true, moved: 10 });
		expect(await stand(first)).toEqual(before);
		expect((await verify.run(client.sql)).differences).toEqual([]);
	});

	it('a record that cannot be read any more stays where it is, and says so', async () => {
		const id = await feed();
		await know('');
		await deliver(id, [{ 'time.source': new Date(minute).toISOString(), 'source.fqdn': 'unreadable.a.pk' }]);
		await client.sql`update observations set raw = '{"spoilt": true}' where source_id = ${id}`;
		await know('A,health,PK-KP,a.pk');
		expect((await again()).left).toBe(1);
		expect(await places(id)).toMatchObject([{ sector: 'unattributed', rule: 'none' }]);
	});

	it('reports that come in meanwhile, and another run, lose and double nothing', async () => {
		await know('A,health,PK-KP,a.pk');
		const id = await feed();
		const reports = (from: number) =>
			Array.from({ length: 300 }, (_, i) => ({
				'time.source': new Date(minute + ((i * 7) % 120) * 60_000 - 7_200_000).toISOString(),
				'classification.type': 'phishing',
				'source.fqdn': `x${from + i}.a.pk`
			}));
		await deliver(id, reports(0));
		await know('B,telecom,PK-BA,a.pk');
		const work = [again({}, { rows: 20 }), again({}, { rows: 33 })];
		for (let i = 1; i < 10; i++) await deliver(id, reports(i * 300));
		for (const done of await Promise.all(work)) expect(done).toMatchObject({ complete: true, left: 0 });
		expect((await verify.run(client.sql)).differences).toEqual([]);
		const all = await places(id);
		expect(all).toHaveLength(3000);
		expect(new Set(all.map((p) => `${p.sector} ${p.province} ${p.rule} ${p.constituent}`))).toEqual(
			new Set(['telecom PK-BA domain B'])
		);
	});
});

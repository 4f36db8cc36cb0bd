import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BY, type By } from '../../src/lib/core/dimension';
import { rank, TLPS } from '../../src/lib/core/tlp';
import type { Viewer } from '../../src/lib/core/viewer';
import * as log from '../../src/lib/server/ops/log';
import * as aggregate from '../../src/lib/server/store/aggregate';
import * as incident from '../../src/lib/server/store/incident';
import * as observation from '../../src/lib/server/store/observation';
import { Partitions } from '../../src/lib/server/store/partition';
import { Retention } from '../../src/lib/server/store/retention';
import * as source from '../../src/lib/server/store/source';
import * as verify from '../../src/lib/server/store/verify';
import { deliver, open, report, viewer, type Stage } from './stage';

const DAY = 86_400;
const now = Math.floor(Date.now() / 1000);
let stage: Stage;
let sources: { id: number; slug: string }[];

/** Observations as they are, for counting by hand. */
type Seen = {
	at: number;
	source: string;
	province: string;
	sector: string;
	class: string;
	type: string;
	severity: string;
	direction: string;
	tlp: number;
	summary: string;
};
let seen: Seen[];

beforeAll(async () => {
	stage = await open({ WATCHFLOOR_KEEP_MINUTES: '2d', WATCHFLOOR_KEEP_OBSERVATIONS: '60d' });
	sources = await Promise.all(['one', 'two'].map(async (slug) => ({ id: await stage.source('green', slug), slug })));
	const pick = <T>(list: readonly T[], i: number) => list[i % list.length]!;
	for (const [k, { id }] of sources.entries())
		await deliver(
			stage.intake(),
			id,
			Array.from({ length: 1500 }, (_, i) =>
				report(0, {
					// Many in few minutes, on the edges of minutes and hours, and some long ago.
					'time.source': new Date(
						(now - pick([0, 59, 60, 3599, 3600, 3601, 7200, 90_000, 2 * DAY, 3 * DAY, 20 * DAY], i) - (i % 97)) * 1000 +
							pick([0, 1, 999], i)
					).toISOString(),
					'classification.type': pick(['phishing', 'c2-server', 'scanner', 'test', 'brute-force'], i * 7 + k),
					'extra.province': pick(['PK-PB', 'PK-SD', undefined, 'kpk'], i * 3),
					'extra.sector': pick(['telecom', 'health', undefined], i * 5),
					'extra.tlp': pick(TLPS, i * 11),
					'extra.severity': pick(['low', 'critical', undefined], i),
					'source.geolocation.cc': pick(['PK', 'US', undefined], i),
					'destination.geolocation.cc': pick(['PK', undefined], i)
				})
			)
		);
	seen = [
		...(await stage.client.sql<
			Seen[]
		>`select extract(epoch from o.observed_at)::float8 as at, s.slug as source, f.province, f.sector, f.class, f.type, f.severity, f.direction, f.tlp, o.summary
		from observations o join facets f on f.id = o.facet_id join sources s on s.id = o.source_id`)
	];
	expect(seen).toHaveLength(3000);
});
afterAll(() => stage.close());

const sight = fc.record({
	clearance: fc.constantFrom(...TLPS),
	sectors: fc.constantFrom<string[] | null>(null, ['telecom'], ['telecom', 'health'], []),
	provinces: fc.constantFrom<string[] | null>(null, ['PK-SD'], ['PK-PB', 'PK-KP'])
});
const visible = (who: Pick<Viewer, 'clearance' | 'sectors' | 'provinces'>) => (o: Seen) =>
	o.class !== 'test' &&
	o.tlp <= rank(who.clearance) &&
	(!who.sectors || who.sectors.includes(o.sector)) &&
	(!who.provinces || who.provinces.includes(o.province));
const edge = fc.oneof(
	fc.integer({ min: now - 4 * DAY, max: now + 60 }),
	fc.integer({ min: now - 3 * 3600, max: now + 60 }),
	fc.constantFrom(0, 1, 2, 24, 25, 49, 72).map((h) => Math.floor(now / 3600) * 3600 - h * 3600),
	fc.constant(now - 30 * DAY)
);

describe('counts', () => {
	const filter = fc.record(
		{
			province: fc.constantFrom('PK-SD', 'unlocated'),
			class: fc.constantFrom('fraud', 'test'),
			severity: fc.constant('critical'),
			direction: fc.constant('inbound'),
			source: fc.constant('one'),
			q: fc.constantFrom('report 1', '198.51.100.7', '100%', 'report_')
		},
		{ requiredKeys: [] }
	);
	const question = fc.record({
		who: sight,
		by: fc.uniqueArray(fc.constantFrom(...BY), { minLength: 1, maxLength: 3 }),
		a: edge,
		b: edge,
		filter
	});

	async function same(q: {
		who: Pick<Viewer, 'clearance' | 'sectors' | 'provinces'>;
		by: By[];
		a: number;
		b: number;
		filter: Record<string, string | undefined>;
	}) {
		const [from, to] = [Math.min(q.a, q.b), Math.max(q.a, q.b) + 1];
		const got = await aggregate.run(stage.client, viewer(q.who), { by: q.by, from, to, ...q.filter });
		const [first, last] = [Math.floor(from / 60) * 60, Math.ceil(to / 60) * 60];
		expect([got.from, got.to]).toEqual([first, last]);
		const unit = { hour: 3600, minute: 60 };
		const iso = (t: number, by: 'hour' | 'minute') =>
			new Date(Math.floor(t / unit[by]) * unit[by] * 1000).toISOString().replace('.000', '');
		const text = (o: Seen) => !q.filter.q || (q.filter.q === '198.51.100.7' ? true : o.summary.includes(q.filter.q));
		const match = (o: Seen) =>
			['province', 'class', 'severity', 'direction', 'source'].every(
				(k) => q.filter[k] === undefined || o[k as keyof Seen] === q.filter[k]
			);
		const counts = new Map<string, number>();
		for (const o of seen.filter(visible(q.who)).filter((o) => o.at >= first && o.at < last && match(o) && text(o))) {
			const k = q.by.map((by) => (by === 'hour' || by === 'minute' ? iso(o.at, by) : o[by])).join(' ');
			counts.set(k, (counts.get(k) ?? 0) + 1);
		}
		expect(Object.fromEntries(got.cells.map((c) => [q.by.map((by) => c[by]).join(' '), c.count]))).toEqual(
			Object.fromEntries(counts)
		);
		expect(got.total).toBe([...counts.values()].reduce((a, b) => a + b, 0));
	}

	it('are those of a list of all observations, for any range, viewer, filter and dimensions', async () => {
		await fc.assert(fc.asyncProperty(question, same), { numRuns: 300 });
	});

	it('stay what they are when the minutes and the log are cleaned up', async () => {
		const retention = new Retention(stage.client.sql, stage.config, log.open('silent'));
		await retention.run();
		const [kept] = await stage.client.sql<
			{ n: number; old: number }[]
		>`select count(*)::int as n, count(*) filter (where at < now() - interval '49 hours')::int as old from cells_minute`;
		expect(kept!.n).toBeGreaterThan(0);
		expect(kept!.old).toBe(0);
		await fc.assert(fc.asyncProperty(question, same), { numRuns: 300 });
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
		// A report that comes late for a minute that is not kept any more counts all the same.
		await deliver(stage.intake(), sources[0]!.id, [
			report(0, { 'time.source': new Date((now - 3 * DAY) * 1000).toISOString(), 'classification.type': 'ddos' })
		]);
		const got = await aggregate.run(stage.client, viewer(), {
			by: ['minute'],
			from: now - 3 * DAY,
			to: now - 3 * DAY + 60,
			type: 'ddos'
		});
		expect(got.total).toBe(1);
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
		seen.push(
			...(await stage.client.sql<
				Seen[]
			>`select extract(epoch from o.observed_at)::float8 as at, s.slug as source, f.province, f.sector, f.class, f.type, f.severity, f.direction, f.tlp, o.summary
			from observations o join facets f on f.id = o.facet_id join sources s on s.id = o.source_id where f.type = 'ddos'`)
		);
	});

	it('of nothing, and of a range that ends before it starts', async () => {
		expect(await aggregate.run(stage.client, viewer(), { by: ['province'], from: 0, to: 60 })).toMatchObject({
			total: 0,
			cells: []
		});
		await expect(aggregate.run(stage.client, viewer(), { by: ['province'], from: 60, to: 0 })).rejects.toMatchObject({
			code: 'invalid'
		});
	});

	it('that were changed by hand are found by verify, with both numbers', async () => {
		await stage.client
			.sql`update cells_minute set n = n + 3 where (at, facet_id) in (select at, facet_id from cells_minute order by at desc, facet_id limit 1)`;
		const { differences } = await verify.run(stage.client.sql);
		expect(differences).toHaveLength(1);
		expect(differences[0]!.cell - differences[0]!.counted).toBe(3);
		await stage.client
			.sql`update cells_minute set n = n - 3 where (at, facet_id) in (select at, facet_id from cells_minute order by at desc, facet_id limit 1)`;
	});
});

describe('pages of observations', () => {
	it('hold each that the viewer may see once, the newest first, whatever their size', async () => {
		await fc.assert(
			fc.asyncProperty(sight, fc.constantFrom(7, 100, 500), async (who, limit) => {
				const found: observation.Observation[] = [];
				for (let cursor: string | undefined; ;) {
					const page = await observation.list(stage.client, viewer(who), { limit, cursor });
					found.push(...page.observations);
					if (!page.next) break;
					expect(page.observations).toHaveLength(limit);
					cursor = page.next;
				}
				expect(new Set(found.map((o) => o.id)).size).toBe(found.length);
				expect(found.map((o) => o.observed)).toEqual(found.map((o) => o.observed).sort((a, b) => b - a));
				expect(found.length).toBe(seen.filter(visible(who)).length);
			}),
			{ numRuns: 12 }
		);
	});

	it.each([
		'',
		'x',
		'WzFd',
		Buffer.from('["a","b"]').toString('base64url'),
		Buffer.from('[1,2]').toString('base64url')
	])('do not start from a made-up place: %j', async (cursor) => {
		const answer = await observation.list(stage.client, viewer(), { cursor }).then(
			(page) => page.observations.length > 0 && cursor === '',
			(e: { status?: number }) => e.status === 400
		);
		expect(answer).toBe(true);
	});

	it('are for analysts and above', async () => {
		await expect(observation.list(stage.client, viewer({ role: 'executive' }))).rejects.toMatchObject({ status: 403 });
	});
});

describe('cases', () => {
	const make = (more: object = {}, who = viewer()) =>
		incident.open(stage.client, who, { title: 'Case', type: 'phishing', ...more }, stage.rules);
	const change = (id: string, version: number, more: object, who = viewer()) =>
		incident.change(stage.client, who, id, version, more, stage.rules);

	it('changed by two people at once are changed by one, and the other is told', async () => {
		const { id } = await make();
		const got = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => change(id, 1, { title: `Changed ${i}` })));
		expect(got.filter((g) => g.status === 'fulfilled')).toHaveLength(1);
		for (const g of got)
			if (g.status === 'rejected') expect(g.reason).toMatchObject({ status: 412, code: 'precondition_failed' });
		const { incident: after, history } = await incident.get(stage.client, viewer(), id);
		expect(after.version).toBe(2);
		expect(history.map((h) => h.version)).toEqual([1, 2]);
	});

	it('are not changed by someone who read an old version, even to what they are already', async () => {
		const { id } = await make();
		await change(id, 1, { status: 'triage' });
		await expect(change(id, 1, { status: 'triage' })).rejects.toMatchObject({ status: 412, detail: { version: 2 } });
		await expect(change(id, 3, { title: 'From the future' })).rejects.toMatchObject({ status: 412 });
		expect(await change(id, 2, { status: 'triage' })).toMatchObject({ version: 2 });
	});

	it('get numbers without a gap or a repeat, however many are opened at once', async () => {
		const made = await Promise.all(Array.from({ length: 20 }, () => make({ opened: '2025-05-05T00:00:00Z' })));
		expect(made.map((i) => i.id).sort()).toEqual(
			Array.from({ length: 20 }, (_, i) => `NCT-2025-${String(i + 1).padStart(4, '0')}`)
		);
	});

	it('are written only by who may, and only to where they are seen', async () => {
		await expect(make({}, viewer({ role: 'executive' }))).rejects.toMatchObject({ status: 403 });
		await expect(make({ tlp: 'red' }, viewer({ clearance: 'green' }))).rejects.toMatchObject({ status: 403 });
		await expect(make({ sector: 'health' }, viewer({ sectors: ['telecom'] }))).rejects.toMatchObject({ status: 403 });
		const { id } = await make({ tlp: 'green', sector: 'telecom' });
		await expect(change(id, 1, { tlp: 'red' }, viewer({ clearance: 'amber' }))).rejects.toMatchObject({ status: 403 });
		await change(id, 1, { tlp: 'red' });
		await expect(change(id, 2, { title: 'x' }, viewer({ clearance: 'amber' }))).rejects.toMatchObject({ status: 404 });
		await expect(incident.get(stage.client, viewer({ clearance: 'amber' }), id)).rejects.toMatchObject({ status: 404 });
	});

	it('say what is wrong with them, and where', async () => {
		await expect(make({ type: 'burglars' })).rejects.toMatchObject({ code: 'invalid', detail: { path: 'type' } });
		await expect(make({ province: 'PK-XX' })).rejects.toMatchObject({ detail: { path: 'province' } });
		await expect(make({ team: 'nobody' })).rejects.toMatchObject({ detail: { path: 'team' } });
		expect(await make({ province: 'nwfp', sector: 'Banks' })).toMatchObject({ province: 'PK-KP', sector: 'banking' });
	});

	it('are closed at a time, and not any more when they are opened again', async () => {
		const { id } = await make();
		const closed = await change(id, 1, { status: 'closed', note: 'done' });
		expect(closed.closed).toBeGreaterThan(0);
		expect((await change(id, 2, { status: 'recover' })).closed).toBeNull();
		expect((await incident.get(stage.client, viewer(), id)).history.map((h) => h.change)).toMatchObject([
			{ status: 'new' },
			{ status: 'closed', note: 'done' },
			{ status: 'recover' }
		]);
	});

	it('are listed in pages, each once, and only those that may be seen', async () => {
		const ids = async (who: Viewer, limit: number) => {
			const out: string[] = [];
			for (let cursor: string | undefined; ;) {
				const page = await incident.list(stage.client, who, { limit, cursor });
				out.push(...page.incidents.map((i) => i.id));
				if (!page.next) return out;
				cursor = page.next;
			}
		};
		const all = await ids(viewer(), 1000);
		expect(await ids(viewer(), 3)).toEqual(all);
		const rows = await stage.client.sql<
			{ id: string; tlp: number; sector: string | null }[]
		>`select id, tlp, sector from incidents`;
		expect((await ids(viewer({ clearance: 'green' }), 4)).sort()).toEqual(
			rows
				.filter((r) => r.tlp <= 1)
				.map((r) => r.id)
				.sort()
		);
		expect((await ids(viewer({ sectors: ['banking'] }), 4)).sort()).toEqual(
			rows
				.filter((r) => r.sector === 'banking')
				.map((r) => r.id)
				.sort()
		);
	});
});

describe('what is kept for good', () => {
	it.each(['incident_events', 'audit'])('%s can be added to only', async (table) => {
		const sql = stage.client.sql;
		expect((await sql`select 1 from ${sql(table)} limit 1`).length).toBe(1);
		await expect(sql`update ${sql(table)} set at = now()`).rejects.toThrow(/append-only/);
		await expect(sql`delete from ${sql(table)}`).rejects.toThrow(/append-only/);
	});

	it('says who added a source', async () => {
		expect(await stage.client.sql`select actor, action from audit where subject = 'one'`).toEqual([
			{ actor: 'cli', action: 'source.add' }
		]);
		await expect(
			source.add(stage.client, 'cli', { slug: 'one', format: 'intelmq', tlp: 'green', cadence: 60 })
		).rejects.toMatchObject({ code: 'conflict' });
		await expect(
			source.add(stage.client, 'cli', { slug: 'No Slug', format: 'intelmq', tlp: 'green', cadence: 60 })
		).rejects.toMatchObject({ code: 'invalid' });
	});

	it('counters of sources are for those who may see everything that they count', async () => {
		const of = async (who: Parameters<typeof viewer>[0]) =>
			(await source.list(stage.client, viewer(who))).find((s) => s.slug === 'one')?.accepted;
		expect([await of({}), await of({ clearance: 'amber' }), await of({ sectors: ['telecom'] })]).toEqual([
			1501,
			null,
			null
		]);
	});
});

describe('months of observations', () => {
	it('are made by several at once, and dropped whole when their last day is too old', async () => {
		const many = Array.from({ length: 4 }, () => new Partitions(stage.client.sql));
		await Promise.all(many.map((p) => p.ensure(['2019-12', '2020-01', '2020-02'])));
		const there = async () =>
			(
				await stage.client.sql<
					{ name: string }[]
				>`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'observations'::regclass and c.relname < 'observations_2021' order by 1`
			).map((r) => r.name);
		expect(await there()).toEqual(['observations_2019_12', 'observations_2020_01', 'observations_2020_02']);
		expect(await many[0]!.drop(Date.parse('2020-01-31T23:59:59Z'))).toEqual(['observations_2019_12']);
		expect(await many[0]!.drop(Date.parse('2020-02-01T00:00:00Z'))).toEqual(['observations_2020_01']);
		await many[0]!.ensure(['2020-01']);
		expect(await there()).toEqual(['observations_2020_01', 'observations_2020_02']);
	});
});

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR } from '../../src/lib/core/clock';
import { rank, TLPS } from '../../src/lib/core/tlp';
import * as aggregate from '../../src/lib/server/store/aggregate';
import * as observation from '../../src/lib/server/store/observation';
import * as slice from '../../src/lib/server/store/slice';
import * as usual from '../../src/lib/server/store/usual';
import { body, deliver, ndjson, open, report, viewer, type Stage } from './stage';

const DAY = 86_400;
const now = Math.floor(Date.now() / 60_000) * 60;
let stage: Stage;
let sources: { id: number; slug: string }[];

const pick = <T>(list: readonly T[], i: number) => list[i % list.length]!;
/** Reports of every kind and marking over three weeks, most of them of the last hours. */
const some = (n: number, k = 0) =>
	Array.from({ length: n }, (_, i) =>
		report(0, {
			'time.source': new Date(
				(now - pick([0, 61, 3599, 3600, 7200, 30_000, 90_000, 3 * DAY, 20 * DAY], i) - (i % 97)) * 1000 +
					pick([0, 1, 999], i)
			).toISOString(),
			'classification.type': pick(['phishing', 'c2-server', 'scanner', 'test', 'brute-force'], i * 7 + k),
			'extra.province': pick(['PK-PB', 'PK-SD', undefined, 'kpk'], i * 3),
			'extra.sector': pick(['telecom', 'health', undefined], i * 5),
			'extra.tlp': pick(TLPS, i * 11),
			'extra.severity': pick(['low', 'critical', undefined], i)
		})
	);

beforeAll(async () => {
	stage = await open();
	sources = await Promise.all(['one', 'two'].map(async (slug) => ({ id: await stage.source('green', slug), slug })));
	for (const [k, { id }] of sources.entries()) await deliver(stage.intake(), id, some(600, k));
});
afterAll(() => stage.close());

const sight = fc.record({
	clearance: fc.constantFrom(...TLPS),
	sectors: fc.constantFrom<string[] | null>(null, ['telecom'], ['telecom', 'health'], []),
	provinces: fc.constantFrom<string[] | null>(null, ['PK-SD'], ['PK-PB', 'PK-KP'])
});
const minute = fc.oneof(
	fc.integer({ min: now / 60 - 5 * 1440, max: now / 60 + 1 }).map((m) => m * 60),
	fc.constantFrom(0, 1, 2, 24, 25, 49, 72).map((h) => Math.floor(now / HOUR) * HOUR - h * HOUR),
	fc.constant(now - 30 * DAY)
);
const part = fc
	.record({
		a: minute,
		b: minute,
		facets: fc.record(
			{
				province: fc.constantFrom('PK-SD', 'unlocated'),
				sector: fc.constant('telecom'),
				class: fc.constantFrom('fraud', 'test'),
				severity: fc.constant('critical'),
				source: fc.constantFrom('one', 'two'),
				q: fc.constantFrom('report 1', '198.51.100.7', '100%')
			},
			{ requiredKeys: [] }
		)
	})
	.map(({ a, b, facets }): observation.Slice & { from: number; to: number } => ({
		from: Math.min(a, b),
		to: Math.max(a, b) + 60,
		...facets
	}));

type Who = Parameters<typeof viewer>[0];
async function down(who: Who, query: observation.Query): Promise<observation.Observation[]> {
	const out: observation.Observation[] = [];
	for (let cursor: string | undefined; ;) {
		const page = await observation.list(stage.client, viewer(who), { limit: 170, ...query, cursor });
		out.push(...page.observations);
		if (!page.next) return out;
		cursor = page.next;
	}
}
/** From the oldest one up. */
async function up(who: Who, query: observation.Query, from: string): Promise<observation.Observation[]> {
	const out: observation.Observation[] = [];
	for (let newer = from; ;) {
		const page = await observation.list(stage.client, viewer(who), { limit: 170, ...query, newer });
		out.unshift(...page.observations);
		newer = page.previous!;
		if (!page.more) return out;
	}
}
const sum = (list: { count: number }[]) => list.reduce((n, s) => n + s.count, 0);

async function agree(who: Who, q: observation.Slice & { from: number; to: number }) {
	const drawn = await slice.draw(stage.client, viewer(who), q, now);
	const rows = await down(who, q);
	const { total } = await aggregate.run(stage.client, viewer(who), { ...q, by: ['province'] });
	expect([drawn.total, total]).toEqual([rows.length, rows.length]);
	const parts = { ...drawn.by, source: drawn.source! };
	for (const [name, shares] of Object.entries(parts)) {
		expect([name, sum(shares)]).toEqual([name, rows.length]);
		for (const { key, count } of shares)
			expect([key, count]).toEqual([key, rows.filter((o) => o[name as keyof observation.Observation] === key).length]);
	}
	for (const [unit, cells] of [
		[drawn.unit, drawn.course],
		[drawn.heat.unit, drawn.heat.cells.map(([at, , n]) => [at, n])]
	] as [number, [number, number][]][]) {
		expect(cells.reduce((n, c) => n + c[1], 0)).toBe(rows.length);
		for (const [at] of cells) expect(at % unit).toBe(0);
	}
	for (const [at, n] of drawn.course)
		expect(rows.filter((o) => Math.floor(o.observed / drawn.unit) * drawn.unit === at).length).toBe(n);
	const last = rows.at(-1);
	if (last) {
		const { previous } = await observation.list(stage.client, viewer(who), { ...q, at: last.observed, limit: 1 });
		const above = await up(who, q, previous!);
		expect(above.map((o) => o.id)).toEqual(rows.slice(0, -1).map((o) => o.id));
	}
}

describe('a slice', () => {
	it('has the same number in every division, in time, in aggregates and in its pages both ways, for any viewer', async () => {
		await fc.assert(
			fc.asyncProperty(sight, part, (who, q) => agree(who, q)),
			{ numRuns: 120 }
		);
	});

	it('has them also where its sources are counted by the hour, up to what the log has told since', async () => {
		await usual.build(stage.client.sql, now - 10 * DAY);
		await deliver(stage.intake(), sources[0]!.id, some(90, 3));
		await fc.assert(
			fc.asyncProperty(sight, part, (who, q) => agree(who, q)),
			{ numRuns: 120 }
		);
	});

	it('that is too long to search is answered with what makes it fast', async () => {
		const q = { q: 'nothing of that kind', from: 0 };
		for (const work of [
			() => observation.list(stage.client, viewer(), q, 0.001),
			() => slice.draw(stage.client, viewer(), q, now, 0.001)
		])
			await expect(work()).rejects.toMatchObject({
				status: 503,
				code: 'too_slow',
				message: expect.stringMatching(/narrow the time or name a sector/) as string
			});
	});

	it('of a backward range is refused, and one without times is the last 24 hours', async () => {
		await expect(slice.draw(stage.client, viewer(), { from: 60, to: 0 }, now)).rejects.toMatchObject({
			code: 'invalid'
		});
		expect(slice.range({}, now + 1)).toEqual({ from: now + 60 - DAY, to: now + 60 });
	});
});

describe('pages', () => {
	it('hold each once, both ways, while others come in', async () => {
		const before = new Set((await down({}, {})).map((o) => o.id));
		const intake = stage.intake();
		let over = false;
		const coming = (async () => {
			for (let i = 0; i < 12; i++) await deliver(intake, sources[i % 2]!.id, some(40, i));
			over = true;
		})();
		do {
			const found = (await down({}, { limit: 37 })).map((o) => o.id);
			expect(new Set(found).size).toBe(found.length);
			expect([...before].every((id) => found.includes(id))).toBe(true);
			const oldest = (await observation.list(stage.client, viewer(), { at: now - 19 * DAY, limit: 1 })).previous!;
			const above = (await up({}, { limit: 41 }, oldest)).map((o) => o.id);
			expect(new Set(above).size).toBe(above.length);
		} while (!over);
		await coming;
	});

	it('begin at a moment, and lead on to what comes later', async () => {
		const page = await observation.list(stage.client, viewer(), { at: now - DAY, limit: 5 });
		expect(page.observations[0]!.observed).toBeLessThanOrEqual(now - DAY);
		expect(page.more).toBe(true);
		const top = await observation.list(stage.client, viewer(), { limit: 1 });
		expect((await observation.list(stage.client, viewer(), { newer: top.previous! })).observations).toEqual([]);
		const at = top.observations[0]!.observed;
		await deliver(stage.intake(), sources[0]!.id, [
			report(0, { 'time.source': new Date(at * 1000 + 1).toISOString(), 'extra.tlp': 'green' })
		]);
		const later = await observation.list(stage.client, viewer(), { newer: top.previous! });
		expect(later.observations).toHaveLength(1);
		expect(later.more).toBe(false);
	});
});

describe('one observation', () => {
	it('tells its record, delivery and rule, and is not there for who may not see it', async () => {
		for (const o of (await down({}, {})).slice(0, 60)) {
			const found = await observation.get(stage.client, viewer(), o.id, Math.floor(o.observed * 1000) / 1000);
			expect(found).toMatchObject({
				...o,
				delivery: { batch: o.batch, source: o.source, format: 'intelmq', filename: null }
			});
			expect(found.placed).toMatch(/report says|nothing says/);
			expect(await observation.get(stage.client, viewer(), o.id)).toEqual(found);
			for (const who of [{ clearance: 'green' as const }, { sectors: ['health'] }]) {
				const may = (who.clearance ? rank(o.tlp) <= 1 : true) && (who.sectors ? o.sector === 'health' : true);
				const got = observation.get(stage.client, viewer(who), o.id);
				if (may) expect((await got).delivery!.counts).toBeNull();
				else await expect(got).rejects.toMatchObject({ status: 404 });
			}
		}
		await stage.intake().deliver(sources[0]!.id, {
			bytes: body(ndjson([report(0, { 'event_description.text': 'of a file' })])),
			contentType: 'application/x-ndjson',
			filename: 'night\0.json'
		});
		const { id } = (await observation.list(stage.client, viewer(), { q: 'of a file' })).observations[0]!;
		expect((await observation.get(stage.client, viewer(), id)).delivery!.filename).toBe('night\ufffd.json');
		for (const id of ['x', '00000000-0000-0000-0000-000000000000'])
			await expect(observation.get(stage.client, viewer(), id)).rejects.toMatchObject({ status: 404 });
		await expect(observation.get(stage.client, viewer({ role: 'wall' }), 'x')).rejects.toMatchObject({ status: 403 });
	});
});

describe('what came since', () => {
	it('is told by the log for who may see it, also what came late, and read for a text', async () => {
		const start = await observation.newer(stage.client, viewer(), {}, { at: now + 3600 });
		await deliver(stage.intake(), sources[1]!.id, [
			report(0, { 'extra.tlp': 'amber', 'extra.sector': 'health', 'event_description.text': 'a needle' }),
			report(300, { 'extra.tlp': 'green', 'extra.sector': 'telecom' }),
			report(1, { 'extra.tlp': 'green', 'classification.type': 'test' })
		]);
		const count = async (who: Who, q: observation.Slice = {}) =>
			(await observation.newer(stage.client, viewer(who), q, { seq: start.seq, at: now - 60 })).count;
		expect(await count({})).toBe(2);
		expect(await count({ clearance: 'green' })).toBe(1);
		expect(await count({ sectors: ['health'] })).toBe(1);
		expect(await count({}, { source: 'one' })).toBe(0);
		expect(await count({}, { to: now - 4 * HOUR })).toBe(1);
		expect(await count({}, { q: 'needle' })).toBe(1);
		expect(await count({ clearance: 'green' }, { q: 'needle' })).toBe(0);
		expect(await observation.newer(stage.client, viewer(), {}, { at: now - 30 * DAY })).toMatchObject({
			count: 100,
			more: true
		});
	});
});

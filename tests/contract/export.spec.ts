import { parse as table } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { label, rank, TLPS, type Tlp } from '../../src/lib/core/tlp';
import { stix } from '../../src/lib/server/ingest/formats/stix';
import * as boundary from '../../src/lib/server/ops/boundary';
import * as exporting from '../../src/lib/server/share/export';
import { uuid5 } from '../../src/lib/server/share/export/stix';
import * as observation from '../../src/lib/server/store/observation';
import * as slice from '../../src/lib/server/store/slice';
import { body, deliver, open, report, viewer, type Stage } from './stage';

const now = Math.floor(Date.now() / 1000);
let stage: Stage;
const pick = <T>(list: readonly T[], i: number) => list[i % list.length]!;
type Who = Parameters<typeof viewer>[0];

beforeAll(async () => {
	stage = await open();
	await deliver(
		stage.intake(),
		await stage.source('green', 'one'),
		Array.from({ length: 1900 }, (_, i) =>
			report(0, {
				'time.source': new Date((now - i * 7) * 1000).toISOString(),
				'classification.type': pick(['phishing', 'c2-server', 'scanner', 'test'], i * 7),
				'extra.province': pick(['PK-PB', 'PK-SD', undefined], i * 3),
				'extra.sector': pick(['telecom', 'health', undefined], i * 5),
				'extra.tlp': pick(TLPS, i * 11),
				'source.ip': pick(['198.51.100.7', '2001:db8::7', undefined], i),
				'source.fqdn': pick([undefined, 'bad.example', 'evil.example.pk'], i),
				'source.url': pick([undefined, undefined, `http://bad.example/${i}`], i),
				'source.asn': pick([undefined, 64500], i),
				'malware.name': pick(['=cmd|calc', '+1', '-2', '@x', '\tx', 'mirai'], i),
				'event_description.text': pick(['=HYPERLINK("x")', 'two\nlines, "quoted"', '</script>', `plain ${i}`], i)
			})
		)
	);
});
afterAll(() => stage.close());

const settings = (more: Partial<exporting.Settings> = {}): exporting.Settings => ({
	exercise: false,
	most: 1_000_000,
	patience: 30,
	boundary: () => boundary.load(stage.config),
	provinces: stage.reference.provinces,
	...more
});
async function made(who: Who, format: exporting.Format, q: observation.Slice = {}, more = {}) {
	const out = await exporting.open(stage.client, viewer(who), format, q, settings(more));
	let text = '';
	for await (const part of out.body) text += part;
	return { ...out, text };
}
async function listed(who: Who, q: observation.Slice = {}) {
	const out: observation.Observation[] = [];
	for (let cursor: string | undefined; ;) {
		const page = await observation.list(stage.client, viewer(who), { ...q, cursor, limit: 400 });
		out.push(...page.observations);
		if (!page.next) return out;
		cursor = page.next;
	}
}
const rows = (text: string) => table(text, { columns: true }) as Record<string, string>[];
type Object_ = { type: string; id: string; object_marking_refs?: string[]; labels?: string[] } & Record<
	string,
	unknown
>;
const objects = (text: string) => (JSON.parse(text) as { objects: Object_[] }).objects;

const sights: Who[] = [
	{},
	{ clearance: 'green' },
	{ clearance: 'clear' },
	{ sectors: ['health'] },
	{ provinces: ['PK-SD'], clearance: 'amber' },
	{ sectors: [] }
];

describe('an export', () => {
	it.each(sights)(
		'holds what is listed, in its order, in every format, and nothing that %o may not see',
		async (who) => {
			for (const q of [{}, { sector: 'health' }, { source: 'one', from: now - 3600, to: now - 600 }, { q: 'plain' }]) {
				const all = await listed(who, q);
				const ids = all.map((o) => o.id);
				const [csv, json, lines, bundle, map] = await Promise.all(
					(['csv', 'json', 'jsonl', 'stix', 'geojson'] as const).map((f) => made(who, f, q))
				);
				expect(rows(csv!.text).map((r) => r.id)).toEqual(ids);
				expect(rows(csv!.text).map((r) => r.tlp)).toEqual(all.map((o) => label(o.tlp)));
				const whole = JSON.parse(json!.text) as { observations: { id: string }[]; rows: number; cut: boolean };
				expect(whole.observations.map((o) => o.id)).toEqual(ids);
				expect(whole).toMatchObject({ rows: ids.length, cut: false, marking: label(viewer(who).clearance) });
				const each = lines!.text
					.trimEnd()
					.split('\n')
					.map((l) => JSON.parse(l) as { id?: string });
				expect(each.slice(1, -1).map((o) => o.id)).toEqual(ids);
				expect(each.at(-1)).toEqual({ end: true, rows: ids.length, cut: false });
				expect(objects(bundle!.text).filter((o) => o.type === 'observed-data')).toHaveLength(ids.length);
				const drawn = await slice.draw(stage.client, viewer(who), q, now + 1);
				const features = JSON.parse(map!.text) as { total: number; features: { properties: { count: number } }[] };
				expect(features.features.reduce((n, f) => n + f.properties.count, 0)).toBe(features.total);
				expect(features.total).toBe(drawn.total);
				// The names of files, and every label inside, are no stricter than the clearance.
				const stricter = TLPS.slice(rank(viewer(who).clearance) + 1).map((t) => `"${label(t)}"`);
				for (const { text, name } of [csv!, json!, lines!, map!]) {
					expect(name).toContain(label(viewer(who).clearance).replace(':', '-'));
					for (const word of stricter) expect(text).not.toContain(word);
				}
			}
		}
	);

	it('is for analysts and above', async () => {
		for (const role of ['wall', 'executive'] as const)
			await expect(made({ role }, 'csv')).rejects.toMatchObject({ status: 403 });
	});

	it('starts no formula in a spreadsheet', async () => {
		const { text } = await made({}, 'csv');
		const cells = (table(text) as string[][]).flat();
		expect(cells.filter((c) => /^[=+\-@\t\r]/.test(c))).toEqual([]);
		expect(cells.filter((c) => c.startsWith("'=HYPERLINK")).length).toBeGreaterThan(100);
	});

	it('that is cut says so, and has the newest', async () => {
		const all = (await listed({})).map((o) => o.id);
		for (const most of [5, 1000, 1001]) {
			const csv = rows((await made({}, 'csv', {}, { most })).text);
			expect(csv.slice(0, -1).map((r) => r.id)).toEqual(all.slice(0, most));
			expect(csv.at(-1)!.summary).toMatch(/This export was cut/);
			const json = JSON.parse((await made({}, 'json', {}, { most })).text) as {
				rows: number;
				cut: boolean;
				note: string;
			};
			expect(json).toMatchObject({ rows: most, cut: true, note: expect.stringMatching(/was cut/) as string });
			expect((await made({}, 'jsonl', {}, { most })).text).toMatch(/"cut":true,"note":"This export was cut[^\n]*\n$/);
			expect(objects((await made({}, 'stix', {}, { most })).text).at(-1)!.content).toMatch(/This export was cut/);
		}
		expect((await made({}, 'csv', {}, { most: all.length })).text).not.toMatch(/was cut/);
	});

	it('of an exercise says so in its name and in each row', async () => {
		const of = (format: exporting.Format) => made({}, format, {}, { exercise: true, most: 50 });
		for (const format of exporting.FORMATS) expect((await of(format)).name).toMatch(/^EXERCISE-watchfloor-/);
		expect(
			new Set(
				rows((await of('csv')).text)
					.slice(0, -1)
					.map((r) => r.exercise)
			)
		).toEqual(new Set(['EXERCISE']));
		const { observations } = JSON.parse((await of('json')).text) as { observations: { exercise: boolean }[] };
		expect(observations.every((o) => o.exercise)).toBe(true);
		const seen = objects((await of('stix')).text).filter((o) => o.type === 'observed-data');
		expect(seen.every((o) => o.labels!.includes('exercise'))).toBe(true);
		expect((await of('geojson')).text).toContain('"exercise":true');
	});

	it('stands in the audit with who, what, how many, and whether it was taken to the end', async () => {
		await made({ id: 'user:someone' }, 'csv', { sector: 'health', from: now - 3600 });
		const out = await exporting.open(stage.client, viewer({ id: 'user:other' }), 'json', {}, settings());
		for await (const _ of out.body) break;
		const kept = await stage.client.sql<
			{ actor: string; action: string; detail: Record<string, unknown> }[]
		>`select actor, action, detail from audit where actor in ('user:someone', 'user:other') order by id`;
		expect(kept.map((k) => [k.actor, k.action])).toEqual([
			['user:someone', 'observation.export.begin'],
			['user:someone', 'observation.export'],
			['user:other', 'observation.export.begin'],
			['user:other', 'observation.export']
		]);
		expect(kept[1]!.detail).toMatchObject({ format: 'csv', marking: 'TLP:RED', cut: false, whole: true });
		expect(kept[1]!.detail.slice).toMatch(/^from=.*&sector=health$/);
		expect(kept[1]!.detail.rows).toBeGreaterThan(0);
		expect(kept[3]!.detail.whole).toBe(false);
	});

	it('that would search for too long is refused before it begins', async () => {
		await expect(
			exporting.open(stage.client, viewer(), 'csv', { q: 'zzz' }, settings({ patience: 0.001 }))
		).rejects.toMatchObject({ code: 'too_slow' });
	});
});

describe('a bundle', () => {
	it('is read by our own reader without a problem, with the markings that it was written with', async () => {
		for (const exercise of [false, true]) {
			const { text } = await made({}, 'stix', {}, { exercise });
			const limits = { record: 1e6, document: 1e9 };
			const items = [];
			for await (const lot of stix.read(body(text, 4096), 'application/json', limits)) items.push(...lot);
			expect(items.filter((i) => i.kind !== 'thing')).toEqual([]);
			expect(items).toHaveLength(objects(text).length);
			const labels = new Map(
				objects(text)
					.filter((o) => o.type === 'marking-definition')
					.map((o) => [o.id, o.name])
			);
			expect(labels.size).toBe(5);
			for (const [i, object] of objects(text).entries()) {
				const [ref] = object.object_marking_refs ?? [];
				const item = items[i]!;
				if (ref && item.kind === 'thing') expect(label(item.thing.tlp as unknown as Tlp)).toBe(labels.get(ref));
			}
		}
	});

	it('names each observable once by the id that everybody gives it, and the same observation always the same', async () => {
		// An example of the specification's own ids, and what Python's uuid.uuid5 makes.
		expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'python.org')).toBe('886313e1-3b8a-5372-9b90-0c9aee199e5d');
		const all = objects((await made({}, 'stix')).text);
		const ids = all.map((o) => o.id);
		expect(new Set(ids).size).toBe(ids.length);
		const known = new Set(ids);
		for (const o of all.filter((x) => x.type === 'observed-data')) {
			expect((o.object_refs as string[]).length).toBeGreaterThan(0);
			expect((o.object_refs as string[]).every((id) => known.has(id))).toBe(true);
		}
		const seen = (list: Object_[]) =>
			list.filter((o) => !['note', 'bundle'].includes(o.type)).map((o) => JSON.stringify(o));
		expect(seen(objects((await made({}, 'stix')).text))).toEqual(seen(all));
		expect(new Set(all.map((o) => o.type))).toEqual(
			new Set([
				'marking-definition',
				'identity',
				'observed-data',
				'ipv4-addr',
				'ipv6-addr',
				'domain-name',
				'url',
				'autonomous-system',
				'note'
			])
		);
	});

	it('marks no observable less strictly than an observation that it is named in first', async () => {
		const all = objects((await made({ clearance: 'amber' }, 'stix')).text);
		const allowed = new Set(
			all
				.filter((o) => o.type === 'marking-definition')
				.slice(0, 3)
				.map((o) => o.id)
		);
		for (const o of all.filter((x) => x.object_marking_refs))
			expect(allowed.has(o.object_marking_refs![0]!)).toBe(true);
	});
});

describe('counts for a map', () => {
	it('have the shapes of the boundary set under its name, and what is unlocated without a shape', async () => {
		const { text, name } = await made({ clearance: 'green' }, 'geojson');
		expect(name).toMatch(/TLP-GREEN.*\.geojson$/);
		const map = JSON.parse(text) as {
			boundaries: string;
			note: string;
			features: { id: string; geometry: { type: string } | null; properties: Record<string, unknown> }[];
		};
		expect(map.boundaries).toBe(boundary.load(stage.config).name);
		expect(map.note).toMatch(/No coordinates/);
		expect(map.features.filter((f) => !f.geometry).map((f) => f.id)).toEqual(['unlocated']);
		expect(map.features.length).toBe(stage.reference.provinces.length + 1);
		expect(map.features.every((f) => f.properties.tlp === 'TLP:GREEN')).toBe(true);
	});
});

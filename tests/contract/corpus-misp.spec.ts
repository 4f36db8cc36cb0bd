import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { bytesOf, entries, missing, mutate, pieces, random, read } from './corpus';
import { open, type Stage } from './stage';

const misp = FORMATS.get('misp')!;
const FILES = entries('misp/', /^(?!.*schema).*\.jsonl?$/);
type Stats = {
	events?: number;
	attributes?: number;
	object_attributes?: number;
	sightings?: number;
	manifest_events?: number;
};
const stats = (file: string): Stats => (FILES.find((f) => f.file === file)?.stats ?? {}) as Stats;
/** Files that the manifest does not count: what is in them. */
const COUNTED: Record<string, { report?: number; indicator?: number; sighting?: number; quarantined?: number }> = {
	'misp/pymisp/mispevent/event.json': { report: 1 },
	'misp/pymisp/mispevent/event_tags.json': { report: 1 },
	'misp/pymisp/mispevent/simple.json': { quarantined: 1 }, // {}
	'misp/pymisp/mispevent/sighting.json': { quarantined: 1 }, // says neither of what nor what it is
	'misp/intelmq/misp_attribute.json': { indicator: 1 },
	'misp/misp-stix/test_objects_collection_1.json': { indicator: 10 },
	'misp/misp-stix/test_attributes_collection_1.json': { indicator: 2 }, // no event in it
	'misp/misp-stix/events.jsonl': { report: 69, indicator: 396, sighting: 8, quarantined: 2 } // two lines are attributes, two attributes have no type
};

if (missing) it.skip(`MISP's files are not held against the manifest: ${missing}`, () => {});

describe.skipIf(missing)('files of MISP', () => {
	let stage: Stage;
	let ingest: Ingest;
	beforeAll(async () => {
		stage = await open();
		ingest = stage.intake(stage.client);
	});
	afterAll(() => stage.close());

	it('are all there', () => expect(FILES.length).toBeGreaterThan(80));

	it.each(FILES.map((f) => f.file))(
		'%s is taken as the manifest has it, once, in one piece and in a hundred',
		async (file) => {
			const source = await stage.source();
			const deliver = (count: number) =>
				ingest.deliver(source, {
					bytes: pieces(bytesOf(file), count),
					contentType: '',
					format: 'misp',
					filename: basename(file)
				});
			const s = stats(file);
			const items = await read(misp, bytesOf(file), undefined, 1, 8 * 1024 * 1024);
			const of = (kind: string) => items.filter((i) => i.kind === 'thing' && i.thing.kind === kind).length;
			const wanted = COUNTED[file];
			expect(of('report')).toBe(wanted?.report ?? (wanted ? 0 : (s.events ?? 0)));
			expect(of('indicator')).toBe(wanted?.indicator ?? (s.attributes ?? 0) + (s.object_attributes ?? 0));
			expect(of('sighting')).toBe(s.sightings ?? 0);
			const first = await deliver(1);
			expect(first.quarantined).toBe(wanted?.quarantined ?? 0);
			expect(first.ignored).toBe(s.manifest_events ?? 0);
			expect(first.accepted + first.duplicates).toBe(of('report') + of('indicator') + of('sighting'));
			expect(await deliver(100)).toMatchObject({
				accepted: 0,
				duplicates: first.accepted + first.duplicates,
				ignored: first.ignored
			});
		}
	);

	it('that come again with a later time change what is held', async () => {
		const source = await stage.source();
		const file = FILES.find((f) => f.file.includes('glupteba'))!.file;
		const deliver = (text: string) =>
			ingest.deliver(source, { bytes: pieces(Buffer.from(text)), contentType: '', format: 'misp' });
		const event = JSON.parse(bytesOf(file).toString()) as {
			response: { Event: { timestamp: string; Attribute: { uuid: string; timestamp: string; deleted: boolean }[] } }[];
		};
		const before = await deliver(JSON.stringify(event));
		const [attribute] = event.response[0]!.Event.Attribute;
		attribute!.timestamp = String(Number(attribute!.timestamp) + 60);
		attribute!.deleted = true;
		const after = await deliver(JSON.stringify(event));
		expect(after).toMatchObject({
			accepted: 1,
			duplicates: before.accepted + before.duplicates - 1,
			kinds: { indicator: 1 }
		});
		const claims = await stage.client
			.sql`select revoked from claims where source_id = ${source} and key = ${attribute!.uuid}`;
		expect(claims.map((c) => c.revoked as boolean)).toEqual([true]);
	});

	it('lose nothing and crash nothing when they are damaged: 100,000 attributes', { timeout: 600_000 }, async () => {
		const next = random(1999);
		const spice = [
			'"',
			'{',
			'}',
			'[',
			']',
			',',
			':',
			'\\',
			'null',
			'-1',
			'"__proto__":',
			'"toString":1,',
			'"Attribute"',
			'"Event":',
			'"response":',
			'\0',
			'💥',
			'[]',
			'{}'
		];
		const all = (
			await Promise.all(FILES.slice(0, 40).map(({ file }) => read(misp, bytesOf(file), undefined, 1, 8 * 1024 * 1024)))
		)
			.flat()
			.flatMap((i) => (i.kind === 'thing' && i.raw.length < 4000 ? [Buffer.from(i.raw)] : []));
		expect(all.length).toBeGreaterThan(1000);
		const before = process.memoryUsage().rss;
		let good = 0;
		for (let inputs = 0; inputs < 100_000; inputs++) {
			const item = misp.one(mutate(all[Math.floor(next() * all.length)]!, next, spice));
			if (item.kind === 'thing') good++;
			else if (item.kind === 'fault') expect(misp.one(item.raw).kind).toBe('fault');
		}
		expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024);
		expect(good).toBeGreaterThan(10_000);
	});
});

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

	it('that are hostile, empty or odd cost nothing beside them', async () => {
		const good = '{"Attribute":{"uuid":"0-1","type":"domain","value":"a.example"},"Event":{}}';
		const of = async (text: string) =>
			(await read(misp, Buffer.from(`${text}\n${good}`))).map((i) => (i.kind === 'thing' ? i.thing.kind : i.kind));
		const nested = '['.repeat(20_000) + ']'.repeat(20_000);
		expect(await of(`{"Event":{"uuid":"0-2","info":"x","more":${nested}}}`)).toEqual(['fault', 'indicator']);
		expect(await of('{"response":[]}')).toEqual(['ignored', 'indicator']);
		expect(await of('{"response":{"Attribute":[]}}')).toEqual(['ignored', 'indicator']);
		expect(await of('{"info":"x","uuid":"0-3","Attribute":null,"Object":[]}')).toEqual(['report', 'indicator']);
		expect(await of('{"Event":{"info":"x","Attribute":"abc"}}')).toEqual(['report', 'fault', 'indicator']);
		const wide = JSON.stringify({
			Event: {
				uuid: '0-4',
				info: 'x'.repeat(100_000),
				Attribute: Array.from({ length: 2000 }, (_, i) => ({
					uuid: `0-${i + 10}`,
					type: 'domain',
					value: `h${i}.example`
				}))
			}
		});
		const items = await read(misp, Buffer.from(wide));
		expect(items.length).toBe(2001);
		expect(items.reduce((n, i) => n + (i.kind === 'thing' ? i.raw.length : 0), 0)).toBeLessThan(2_000_000);
	});

	it('are as strict as the strictest of event, object and attribute, and a new marking counts', async () => {
		const source = await stage.source('clear');
		const deliver = (value: unknown) =>
			ingest.deliver(source, { bytes: pieces(Buffer.from(JSON.stringify(value))), contentType: '', format: 'misp' });
		const tag = (name: string) => ({ Tag: [{ name }] });
		const attribute = (uuid: string, more = {}) => ({
			uuid,
			type: 'domain',
			value: `${uuid}.example`,
			to_ids: true,
			timestamp: '1',
			...more
		});
		const event = (time: string, tlp: string) => ({
			Event: {
				uuid: 'e-1',
				info: 'x',
				timestamp: time,
				...tag(tlp),
				Attribute: [
					attribute('a-1'),
					attribute('a-2', { ...tag('tlp:red'), Sighting: [{ uuid: 's-1', type: '0', date_sighting: '1' }] })
				],
				Object: [{ name: 'file', distribution: '0', Attribute: [attribute('a-3')] }]
			}
		});
		await deliver(event('1', 'tlp:green'));
		await deliver({ response: { Attribute: [{ ...attribute('a-4'), Event: { uuid: 'e-2', ...tag('tlp:amber') } }] } });
		await deliver([{ Event: { uuid: 'e-3', info: 'y', timestamp: '1', EventTag: [{ Tag: { name: 'tlp:red' } }] } }]);
		const held = async () =>
			Object.fromEntries(
				(
					await stage.client.sql<{ key: string; tlp: number }[]>`
						select h.key, o.tlp from heads h join objects o on o.id = h.object_id where h.source_id = ${source} order by 1`
				).map((r) => [r.key, r.tlp])
			);
		expect(await held()).toEqual({ 'e-1': 1, 'a-1': 1, 'a-2': 4, 's-1': 4, 'a-3': 3, 'a-4': 2, 'e-3': 4 });
		await deliver(event('2', 'tlp:amber'));
		expect(await held()).toMatchObject({ 'e-1': 2, 'a-1': 2, 'a-2': 4 });
		const claims = await stage.client.sql<
			{ tlp: number }[]
		>`select tlp from claims where source_id = ${source} and key = 'a-1'`;
		expect(claims.map((c) => c.tlp)).toEqual([2]);
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

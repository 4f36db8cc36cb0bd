import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import { parse } from '../../src/lib/server/ingest/formats/stix/pattern';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { bytesOf, entries, missing, mutate, pieces, random, read } from './corpus';
import { open, type Stage } from './stage';

const stix = FORMATS.get('stix')!;
type Official = {
	file: string;
	official: string[];
	stats: { objects?: number; types?: Record<string, number>; kind?: string };
};
const FILES = [
	...entries('stix/', /^(?!.*(schemas-2|patterns|test-objects|invalid_comma)).*\.(jsonl?|stix2?)$/),
	...entries('taxii/', /(pages\/.*|pages_meta|bundle\d)\.json$/)
] as unknown as Official[];
const file = (name: string) => FILES.find((f) => f.file === name)!;

type Verdict = { valid: boolean; /** errors, of which an object may have several */ errors: number; first?: string };
/** What OASIS's own validator says of a file, by the specification's MUST; the first error names its object. */
function verdict({ official }: Official): Verdict {
	const text = official[0] ?? '';
	const errors = Number(/INVALID, (\d+) error/.exec(text)?.[1] ?? 0);
	return { valid: errors === 0, errors, first: /: ([a-z0-9-]+--[0-9a-f-]+):/.exec(text)?.[1] };
}
/** Errors of a file as a whole, which hold back no object: an envelope without id or type, an object without an id that stops the validator. */
const WHOLE = new Map([
	['taxii/arango/bundle1.json', 0],
	['taxii/arango/bundle2.json', 0],
	['stix/opencti/DATA-TEST-STIX2_v2.json', 29],
	// its times are compared as texts by the validator: .50538Z and .505384Z are in order
	['stix/splunk-ctis/sample_grouping.json', 0]
]);

if (missing) it.skip(`files of STIX are not held against the manifest: ${missing}`, () => {});

describe.skipIf(missing)('files of STIX', () => {
	let stage: Stage;
	let ingest: Ingest;
	beforeAll(async () => {
		stage = await open();
		ingest = stage.intake(stage.client);
	});
	afterAll(() => stage.close());

	it('are all there', () => expect(FILES.length).toBeGreaterThan(120));

	it.each(FILES.map((f) => f.file))(
		'%s is taken object by object, once, in one piece and in a hundred',
		async (name) => {
			const { stats, ...rest } = file(name);
			const source = await stage.source();
			const deliver = (count: number) =>
				ingest.deliver(source, {
					bytes: pieces(bytesOf(name), count),
					contentType: '',
					format: 'stix',
					filename: basename(name)
				});
			const wanted = verdict({ stats, ...rest });
			const first = await deliver(1);
			const all = first.accepted + first.duplicates + first.quarantined;
			if (stats.objects !== undefined) expect(all).toBe(stats.objects);
			if (WHOLE.has(name)) expect(first.quarantined).toBe(WHOLE.get(name));
			else if (!rest.official.length)
				expect(first.quarantined).toBeLessThan(all / 10); // nobody has judged it
			else if (wanted.valid) expect(first.quarantined).toBe(0);
			else {
				const held = await stage.client.sql<
					{ raw: string }[]
				>`select convert_from(raw, 'UTF8') as raw from quarantine where source_id = ${source}`;
				const ids = held.map((h) => (JSON.parse(h.raw) as { id: string }).id);
				expect(first.quarantined).toBeGreaterThan(0);
				expect(first.quarantined).toBeLessThanOrEqual(wanted.errors);
				if (wanted.first && !wanted.first.startsWith('bundle--')) expect(ids).toContain(wanted.first);
			}
			if (!first.quarantined && !first.duplicates && stats.types) expect(first.kinds).toEqual(stats.types);
			const second = await deliver(100);
			expect(second).toMatchObject({
				accepted: 0,
				duplicates: first.accepted + first.duplicates,
				quarantined: first.quarantined
			});
		}
	);

	it('agree with the tests of the validator, object by object', async () => {
		type Case = { case: string; stix_version: '2.0' | '2.1'; valid_must: boolean; object?: unknown; text?: string };
		const lines = bytesOf('stix/oasis-validator/test-objects.jsonl').toString().split('\n').filter(Boolean);
		const odd: string[] = [];
		for (const line of lines) {
			const test = JSON.parse(line) as Case;
			if (test.object === undefined) continue;
			const items = await read(stix, Buffer.from(JSON.stringify(test.object)));
			if (items.some((i) => i.kind === 'fault') === test.valid_must)
				odd.push(`${test.stix_version} ${test.case} ${test.valid_must}`);
		}
		// Without a version, an object of a type of its own is read as one of 2.0, where these are right.
		expect(odd).toEqual([
			'2.1 v21.indicator_tests.IndicatorTestCases.test_additional_schema_custom_type_invalid_schema false',
			'2.1 v21.indicator_tests.IndicatorTestCases.test_validate_parsed_json_list_additional_invalid_schema false'
		]);
	});

	it('have patterns that are read where the grammar has them', () => {
		const { valid, invalid } = JSON.parse(bytesOf('stix/patterns/v21.json').toString()) as {
			valid: string[];
			invalid: string[];
		};
		const examples = bytesOf('stix/patterns/v21-spec_examples.txt').toString().split('\n').filter(Boolean);
		for (const pattern of [...valid, ...examples]) expect(() => parse(pattern), pattern).not.toThrow();
		const wrongHash = "[file:hashes.'SHA-256' = 'f00']"; // right by the grammar, and refused with its object
		for (const pattern of invalid) if (pattern !== wrongHash) expect(() => parse(pattern), pattern).toThrow();
	});

	it('that are hostile are held back by themselves', async () => {
		const good =
			'{"type":"identity","spec_version":"2.1","id":"identity--00000000-0000-4000-8000-000000000001","created":"2026-11-01T00:00:00.000Z","modified":"2026-11-01T00:00:00.000Z","name":"x"}';
		const deep = (n: number) => '{"type":"bundle","objects":['.repeat(n) + good + ']}'.repeat(n);
		for (const bad of [
			'{"type":{"toString":1}}',
			good.replace(
				'"name"',
				'"extensions":{"extension-definition--00000000-0000-4000-8000-000000000001":{"extension_type":{"toString":1}}},"name"'
			),
			'{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--00000000-0000-4000-8000-000000000001","created":"2026-11-01T00:00:00.000Z","definition_type":"tlp","definition":{"tlp":{"toString":1}}}',
			`{"type":${'['.repeat(5000)}${']'.repeat(5000)}}`,
			`{"a":${deep(500)}}`
		]) {
			const items = await read(stix, Buffer.from(`[${good},${bad}]`));
			expect(
				items.map((i) => i.kind),
				bad.slice(0, 80)
			).toEqual(['thing', 'fault']);
		}
		expect((await read(stix, Buffer.from(`[${good},${deep(200)}]`))).map((i) => i.kind)).toEqual(['thing', 'fault']);
		expect((await read(stix, Buffer.from('{"more":false}'))).map((i) => i.kind)).toEqual(['ignored']);
	});

	it('that break off have brought what came before, also what waited for a marking', async () => {
		const waits =
			'{"type":"identity","spec_version":"2.1","id":"identity--00000000-0000-4000-8000-000000000001","created":"2026-11-01T00:00:00.000Z","modified":"2026-11-01T00:00:00.000Z","name":"x","object_marking_refs":["marking-definition--00000000-0000-4000-8000-000000000009"]}';
		const source = await stage.source('amber');
		const text = `{"type":"bundle","objects":[${waits},`;
		await expect(
			ingest.deliver(source, { bytes: pieces(Buffer.from(text)), contentType: '', format: 'stix' })
		).rejects.toMatchObject({ status: 400, detail: { accepted: 1 } });
	});

	it('are as strict as the strictest of their markings, wherever those are defined', async () => {
		const source = await stage.source('clear');
		const mark = (n: number, more: string) =>
			`{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--00000000-0000-4000-8000-00000000000${n}","created":"2026-11-01T00:00:00.000Z",${more}}`;
		const object = (n: number, refs: string[]) =>
			`{"type":"identity","spec_version":"2.1","id":"identity--00000000-0000-4000-8000-00000000000${n}","created":"2026-11-01T00:00:00.000Z","modified":"2026-11-01T00:00:00.000Z","name":"x","object_marking_refs":${JSON.stringify(refs)}}`;
		const id = (n: number) => `marking-definition--00000000-0000-4000-8000-00000000000${n}`;
		const opencti =
			'"definition_type":"statement","definition":{"statement":"x"},"x_opencti_definition":"TLP:AMBER+STRICT"';
		const extension = (tlp: string) =>
			`"extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":"${tlp}"}}`;
		const deliver = (objects: string[]) =>
			ingest.deliver(source, {
				bytes: pieces(Buffer.from(`{"type":"bundle","objects":[${objects.join(',')}]}`)),
				contentType: '',
				format: 'stix'
			});
		await deliver([
			object(1, [id(1)]),
			object(2, [id(2), 'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da']),
			object(3, [id(3)]),
			object(4, ['marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da']),
			object(5, [id(4)]),
			mark(1, opencti),
			mark(2, '"definition_type":"tlp","definition":{"tlp":"red"}'),
			mark(3, extension('ultraviolet')),
			mark(5, extension('amber'))
		]);
		await deliver([object(6, [id(5)])]); // defined in the delivery before
		const rows = await stage.client.sql<{ n: string; tlp: number }[]>`
			select right(h.key, 1) as n, o.tlp from heads h join objects o on o.id = h.object_id where h.source_id = ${source} and h.kind = 'identity' order by 1`;
		expect(rows.map((r) => [r.n, r.tlp])).toEqual([
			['1', 3],
			['2', 4],
			['3', 4],
			['4', 1],
			['5', 0],
			['6', 2]
		]);
	});

	it('claim the values of their patterns, and whole what cannot be broken up', async () => {
		const source = await stage.source();
		const of = (n: number, pattern: string, type = 'stix') =>
			JSON.stringify({
				type: 'indicator',
				spec_version: '2.1',
				id: `indicator--00000000-0000-4000-8000-00000000000${n}`,
				created: '2026-11-01T00:00:00.000Z',
				modified: '2026-11-01T00:00:00.000Z',
				valid_from: '2026-11-01T00:00:00.000Z',
				pattern,
				pattern_type: type
			});
		const long = `[${Array.from({ length: 8000 }, (_, i) => `domain-name:value = 'h${i}.example'`).join(' OR ')}]`;
		const rule = `alert tcp any any -> any any (msg:"${'x'.repeat(9000)}")`;
		await ingest.deliver(source, {
			bytes: pieces(
				Buffer.from(
					`[${[
						of(1, "[ipv4-addr:value IN ('198.51.100.1', '198.51.100.0/24')]"),
						of(
							2,
							"[file:hashes.md5 = 'D41D8CD98F00B204E9800998ECF8427E' AND file:name = 'a.exe'] OR [url:value = 'hxxp://evil[.]example/x']"
						),
						of(3, "[domain-name:value = 'localhost' OR network-traffic:dst_ref.value = '198.51.100.9']"),
						of(4, "[file:name MATCHES '^a']"),
						of(5, rule, 'snort'),
						of(6, long)
					].join(',')}]`
				)
			),
			contentType: '',
			format: 'stix'
		});
		const rows = await stage.client.sql<{ n: string; kind: string; value: string; partial: boolean }[]>`
			select right(c.key, 1) as n, i.kind, left(i.value, 40) as value, c.partial from claims c join indicators i on i.id = c.indicator_id where c.source_id = ${source} order by 1, 2, 3`;
		expect(rows.map((r) => `${r.n} ${r.kind} ${r.value}${r.partial ? ' partial' : ''}`)).toEqual([
			'1 ipv4-addr 198.51.100.0/24',
			'1 ipv4-addr 198.51.100.1',
			'2 file-name a.exe partial',
			'2 md5 d41d8cd98f00b204e9800998ecf8427e partial',
			'2 url http://evil.example/x',
			'3 ipv4-addr 198.51.100.9',
			'3 other localhost',
			"4 pattern [file:name MATCHES '^a']",
			`5 pattern ${rule.slice(0, 40)}`,
			`6 pattern ${long.slice(0, 40)}`
		]);
	});

	it('lose nothing and crash nothing when they are damaged: 100,000 objects', { timeout: 600_000 }, async () => {
		const next = random(1912);
		const spice = [
			'"',
			'{',
			'}',
			'[',
			']',
			',',
			':',
			'\\',
			"'",
			'null',
			'-1',
			'"__proto__":',
			'"objects":',
			'"type":"bundle"',
			'\0',
			'💥',
			'[]',
			'{}',
			' AND ',
			'"toString":1,',
			'{"toString":1}',
			'"valueOf":{}'
		];
		const all = (await Promise.all(FILES.map((f) => read(stix, bytesOf(f.file)))))
			.flat()
			.flatMap((i) => (i.kind === 'thing' && i.raw.length < 3000 ? [Buffer.from(i.raw)] : []));
		expect(all.length).toBeGreaterThan(2000);
		let good = 0;
		const before = process.memoryUsage().rss;
		for (let inputs = 0; inputs < 100_000; inputs += 100) {
			const records = Array.from({ length: 100 }, () => mutate(all[Math.floor(next() * all.length)]!, next, spice));
			for (const record of records) {
				const items = await stix.all!(record);
				good += items.filter((i) => i.kind === 'thing').length;
				expect(items.length).toBeGreaterThan(0);
			}
		}
		expect(good).toBeGreaterThan(5_000);
		expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024);
	});
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProblem } from '../../src/lib/core/error';
import type { Format, Item } from '../../src/lib/server/ingest/format';
import { FORMATS } from '../../src/lib/server/ingest/formats';

/** What the suite needs to know of a format: bodies, and what becomes of them. */
type Sample = {
	/** one good record */ good: (n: number) => string;
	/** how records stand in a body */ join: (records: string[]) => string;
	contentType: string;
	/** line of the first record, if not 1 */ first?: number;
	/** what it is, if not a report */ kind?: 'thing';
	/** whether a record is a document */ whole?: true;
	/** a good record as it is kept, if not as it came */ kept?: (n: number) => string;
	/** a record as it is held back, if not as it came */ held?: (record: string) => string;
};
const event = (n: number) =>
	JSON.stringify({
		'time.source': '2026-11-01T00:00:00Z',
		'classification.type': 'phishing',
		'event_description.text': `ü€😀 ${n}`
	});
const alert = (n: number) =>
	JSON.stringify({
		timestamp: '2026-11-01T00:00:00.123456+0500',
		event_type: 'alert',
		flow_id: n,
		alert: { signature: `ü€😀 ${n}` }
	});
const entry = (n: number) => JSON.stringify({ cveID: `CVE-2024-000${n}`, vulnerabilityName: `ü€😀 ${n}` });
const attribute = (n: number) =>
	`{"Attribute":{"uuid":"0-${n}","type":"domain","value":"ü€😀${n}.example","timestamp":1},"Event":{}}`;
const identity = (n: number) =>
	`{"type":"identity","spec_version":"2.1","id":"identity--00000000-0000-4000-8000-00000000000${n}","created":"2026-11-01T00:00:00.000Z","modified":"2026-11-01T00:00:00.000Z","name":"ü€😀 ${n}"}`;
const advisory = (n: number) => {
	const date = '2026-11-01T00:00:00Z';
	const tracking = `"id":"${n}","version":"1","status":"final","initial_release_date":"${date}","current_release_date":"${date}"`;
	const history = `"revision_history":[{"date":"${date}","number":"1","summary":"x"}]`;
	const publisher = '{"category":"other","name":"x","namespace":"https://a.example"}';
	return `{"document":{"category":"csaf_base","csaf_version":"2.0","title":"ü€😀","publisher":${publisher},"tracking":{${tracking},${history}}}}`;
};
const HEADER = '"timestamp",ip,port,"tag"';
const row = (n: number) => `"2026-11-01 00:00:00",192.0.2.1,${n},"ü€😀, ""${n}"""`;
const SAMPLES: Record<string, Sample[]> = {
	intelmq: [
		{ good: event, join: (r) => r.join('\n') + '\n', contentType: 'application/x-ndjson' },
		{ good: event, join: (r) => `[${r.join(',\n')}]`, contentType: 'application/json' },
		{ good: event, join: (r) => r.join(' '), contentType: 'application/json; charset=utf-8' }
	],
	shadowserver: [
		{
			good: row,
			join: (r) => `${[HEADER, ...r].join('\n')}\n`,
			contentType: 'text/csv',
			first: 2,
			kept: (n) =>
				`{"_report":"","timestamp":"2026-11-01 00:00:00","ip":"192.0.2.1","port":"${n}","tag":"ü€😀, \\"${n}\\""}`,
			held: (record) => `${HEADER}\n${record}`
		}
	],
	kev: [
		{
			good: entry,
			join: (r) => `{"title":"KEV","vulnerabilities":[${r.join(',\n')}],"count":3}`,
			contentType: 'application/json',
			kind: 'thing'
		},
		{ good: entry, join: (r) => r.join('\n'), contentType: 'application/x-ndjson', kind: 'thing' },
		{
			good: (n) => `CVE-2024-000${n},"ü€😀, ""${n}"""`,
			join: (r) => `cveID,vulnerabilityName\n${r.join('\n')}\n`,
			contentType: 'text/csv',
			first: 2,
			kind: 'thing',
			kept: (n) => JSON.stringify({ cveID: `CVE-2024-000${n}`, vulnerabilityName: `ü€😀, "${n}"` }),
			held: (record) => `cveID,vulnerabilityName\n${record}`
		}
	],
	stix: [
		{
			good: identity,
			join: (r) => `{"type":"bundle","id":"bundle--0","objects":[${r.join(',\n')}]}`,
			contentType: 'application/json',
			kind: 'thing'
		},
		{
			good: identity,
			join: (r) => `{"more":false,"objects":[${r.join(',')}]}`,
			contentType: 'application/taxii+json',
			kind: 'thing'
		},
		{ good: identity, join: (r) => `[${r.join(',\n')}]`, contentType: 'application/json', kind: 'thing' },
		{ good: identity, join: (r) => r.join('\n'), contentType: 'application/x-ndjson', kind: 'thing' }
	],
	misp: [
		{ good: attribute, join: (r) => r.join('\n'), contentType: 'application/x-ndjson', kind: 'thing', whole: true },
		{ good: attribute, join: (r) => `[${r.join(',\n')}]`, contentType: 'application/json', kind: 'thing', whole: true }
	],
	csaf: [
		{ good: advisory, join: (r) => r.join('\n'), contentType: 'application/x-ndjson', kind: 'thing', whole: true },
		{ good: advisory, join: (r) => `[${r.join(',\n')}]`, contentType: 'application/json', kind: 'thing', whole: true }
	],
	eve: [
		{ good: alert, join: (r) => r.join('\n') + '\n', contentType: 'application/x-ndjson' },
		{ good: alert, join: (r) => `[${r.join(',\n')}]`, contentType: 'application/json' }
	]
};
const LIMITS = { record: 4096, document: 65_536 };

async function* cut(bytes: Uint8Array, at: number[]): AsyncIterable<Uint8Array> {
	const ends = [...new Set([...at.filter((i) => i > 0 && i < bytes.length), bytes.length])].sort((a, b) => a - b);
	let from = 0;
	for (const end of ends) {
		yield Uint8Array.from(bytes.subarray(from, end));
		from = end;
	}
}

async function read(
	format: Format,
	body: string | Uint8Array,
	contentType: string,
	at: number[] = []
): Promise<Item[]> {
	const out: Item[] = [];
	for await (const items of format.read(cut(Buffer.from(body as string), at), contentType, LIMITS)) out.push(...items);
	return out;
}
/** What can be compared of what was read, an error of the body included. */
const told = (format: Format, body: string | Uint8Array, contentType: string, at: number[] = []): Promise<unknown> =>
	read(format, body, contentType, at).then(
		(items) => items.map((i) => (i.kind === 'fault' ? { ...i, raw: i.raw.toString('latin1') } : i)),
		(e: unknown) => (isProblem(e) ? { code: e.code, status: e.status, detail: e.detail } : Promise.reject(e))
	);
const kinds = (items: Item[]) => items.map((i) => (i.kind === 'fault' ? i.fault.code : i.kind));

it('every format has samples to be held against', () =>
	expect(Object.keys(SAMPLES).sort()).toEqual([...FORMATS.keys()].sort()));

describe.each(
	[...FORMATS].flatMap(([name, format]) =>
		(SAMPLES[name] ?? []).map((sample, i) => ({ name: `${name} ${sample.contentType} ${i}`, format, ...sample }))
	)
)('$name', ({ format, good, join, contentType, first = 1, kind = 'report', whole, kept = good, held = String }) => {
	const one = (record: string) => read(format, join([record]), contentType);

	it('reads good records, in their order, numbered by their place, and keeps them', async () => {
		const items = await read(format, join([good(1), good(2), good(3)]), contentType);
		expect(items.map((i) => [i.kind, i.line, 'raw' in i && String(i.raw)])).toEqual(
			[1, 2, 3].map((n) => [kind, n + first - 1, kept(n)])
		);
	});

	it('gives the same record the same identity, and another one another', async () => {
		const [a, b, c] = await read(format, join([good(1), good(1), good(2)]), contentType);
		const identity = (i: Item | undefined) =>
			i?.kind === 'report' ? i.report.identity : i?.kind === 'thing' && `${i.thing.key} ${i.thing.revision}`;
		expect(identity(a)).toBe(identity(b));
		expect(identity(a)).not.toBe(identity(c));
	});

	it('keeps the good ones beside a bad one, and says of the bad one where and why', async () => {
		const items = await read(format, join([good(1), '{"a": nothing}', good(2)]), contentType);
		expect(items.map((i) => i.kind)).toEqual([kind, 'fault', kind]);
		const [, bad] = items;
		if (bad?.kind !== 'fault') throw new Error('not a fault');
		expect(bad.raw.toString()).toBe(held('{"a": nothing}'));
		expect(bad.fault.reason).toMatch(/^[A-Z].{15,}/);
	});

	it('holds back a record that is too long, and reads on', async () => {
		const long = good(1).replace('ü', 'x'.repeat(whole ? LIMITS.document : LIMITS.record));
		expect(kinds(await read(format, join([long, good(2)]), contentType))).toEqual(['too_long', kind]);
	});

	it.each([
		['deep nesting', '['.repeat(2000) + ']'.repeat(2000)],
		['deep objects', '{"a":'.repeat(800) + '1' + '}'.repeat(800)],
		['a number', '42'],
		['a huge number', '1e999'],
		['null', 'null'],
		['a text', '"text"'],
		['an empty object', '{}'],
		['prototype keys', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1}'],
		['a bare NUL', '{"a":"\0"}']
	])('holds back %s', async (_, record) => {
		expect((await one(record)).map((i) => i.kind)).toEqual(['fault']);
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});

	it('reads again one by one what it held back', async () => {
		const [item] = await one('{"a": nothing}');
		if (item?.kind !== 'fault') throw new Error('not a fault');
		expect(format.one(item.raw)).toMatchObject({ kind: 'fault', fault: item.fault });
		for (const text of [held(good(1)), kept(1)])
			expect(format.one(Buffer.from(text))).toMatchObject({ kind, raw: kept(1) });
	});

	it('reads nothing from nothing', async () => {
		for (const body of ['', '\n', ' \r\n\t\n', '\ufeff'])
			expect(await read(format, body, contentType), JSON.stringify(body)).toEqual([]);
	});

	it('does not mind a byte order mark, carriage returns or a missing end of line', async () => {
		const plain = await told(format, join([good(1), good(2)]), contentType);
		expect(
			await told(
				format,
				'\ufeff' +
					join([good(1), good(2)])
						.replaceAll('\n', '\r\n')
						.trimEnd(),
				contentType
			)
		).toEqual(plain);
	});

	it('never fails on bytes that are no UTF-8, and loses no record of them', async () => {
		const items = await read(
			format,
			Buffer.concat([
				Buffer.from(join([good(1)]).replace(']', '')),
				Buffer.from([0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x0a])
			]),
			contentType
		).catch((e: unknown) => {
			if (!isProblem(e)) throw e;
			return [];
		});
		expect(items.length === 0 || items.length === 2).toBe(true);
	});

	it('gives the same items wherever the body is cut', async () => {
		const odd = fc.constantFrom(
			good(1),
			good(2),
			'{"a": nothing}',
			'[1,{"b":"]}"}]',
			'"a\\"b\\\\"',
			'42',
			'{"c":"\\u0000\\ud800"}',
			'x'.repeat(40),
			'{"d":[[]]}',
			'{'
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(odd, { maxLength: 6 }),
				fc.boolean(),
				fc.array(fc.nat(600), { maxLength: 8 }),
				async (records, marked, at) => {
					const bytes = Buffer.from((marked ? '\ufeff' : '') + join(records));
					expect(await told(format, bytes, contentType, at)).toEqual(await told(format, bytes, contentType));
				}
			),
			{ numRuns: 300 }
		);
		const bytes = Buffer.from('\ufeff' + join([good(1), '[{"x":"\\"}"}]', good(2)]));
		const whole = await told(format, bytes, contentType);
		for (let i = 1; i < bytes.length; i++) expect(await told(format, bytes, contentType, [i])).toEqual(whole);
		expect(
			await told(
				format,
				bytes,
				contentType,
				Array.from({ length: bytes.length }, (_, i) => i)
			)
		).toEqual(whole);
	});
});

describe('intelmq', () => {
	const intelmq = FORMATS.get('intelmq')!;
	const read1 = (record: object) => intelmq.one(Buffer.from(JSON.stringify(record)));
	const base = { 'time.source': '2026-11-01T00:00:00Z', 'classification.type': 'phishing' };
	const values = (text: string) => told(intelmq, text, 'application/json');

	it('reads nested events, events in an envelope, and extra as a JSON text, as it reads flat ones', () => {
		const flat = read1({ ...base, 'source.ip': '192.0.2.1', 'extra.sector': 'telecom' });
		const report = (i: Item) => i.kind === 'report' && { ...i.report };
		expect(flat.kind).toBe('report');
		expect(
			report(
				read1({
					time: { source: base['time.source'] },
					classification: { type: 'phishing' },
					source: { ip: '192.0.2.1' },
					extra: { sector: 'telecom' }
				})
			)
		).toEqual(report(flat));
		expect(
			report(read1({ test: 'x', event: { ...base, 'source.ip': '192.0.2.1', 'extra.sector': 'telecom' } }))
		).toEqual(report(flat));
		expect(report(read1({ ...base, 'source.ip': '192.0.2.1', extra: '{"sector":"telecom"}' }))).toEqual(report(flat));
	});

	it('falls back to the time of observation, and needs one of both', () => {
		const at = (more: object) => {
			const i = read1({ 'classification.type': 'phishing', ...more });
			return i.kind === 'report' ? i.report.observed : i.kind === 'fault' && i.fault.code;
		};
		expect(at({ 'time.observation': '2026-11-01T00:00:00+05:00' })).toBe(Date.parse('2026-10-31T19:00:00Z'));
		expect(at({ 'time.source': '2026-11-01 00:00:00', 'time.observation': '2020-01-01T00:00:00Z' })).toBe(
			Date.parse('2026-11-01T00:00:00Z')
		);
		expect(at({ 'time.source': null, 'time.observation': '' })).toBe('no_time');
	});

	it.each([
		'yesterday',
		'2026-02-30T00:00:00Z',
		'2026-13-01',
		'1764000000',
		'2026-11-01T25:00:00Z',
		'2026-11-01T00:00:00+99:99'
	])('takes no time of %s', (time) => {
		expect(read1({ ...base, 'time.source': time })).toMatchObject({
			kind: 'fault',
			fault: { path: 'time.source', code: 'wrong_value' }
		});
	});

	it.each([
		['source.ip', '999.1.1.1'],
		['source.ip', 'fe80::1%eth0'],
		['source.port', 65_536],
		['source.port', -1],
		['source.asn', 'ASN'],
		['source.asn', 4_294_967_296],
		['source.geolocation.cc', 'PAK'],
		['source.url', 'http://[1::2/x'],
		['source.fqdn', 7],
		['classification.type', ['phishing']],
		['event_description.text', ['x']]
	])('says which field is wrong: %s = %s', (path, value) => {
		const item = read1({ ...base, [path]: value });
		expect(item).toMatchObject({ kind: 'fault', fault: { code: 'wrong_value' } });
		if (item.kind === 'fault') {
			expect(path.startsWith(item.fault.path.split('.')[0]!)).toBe(true);
			expect(item.fault.reason).toContain(item.fault.path);
		}
	});

	it('holds a record back under the TLP that it states', () => {
		expect(read1({ ...base, 'source.ip': 'x', 'extra.tlp': 'amber' })).toMatchObject({ fault: { tlp: 'amber' } });
	});

	it('takes two records for the same whatever their raw text and times are, and for different ones else', () => {
		const identity = (more: object) => {
			const i = read1({ ...base, ...more });
			return i.kind === 'report' && i.report.identity;
		};
		expect(identity({ raw: 'eA==', 'time.observation': '2026-11-02T00:00:00Z' })).toBe(identity({}));
		expect(
			new Set([
				identity({}),
				identity({ 'source.port': 1 }),
				identity({ 'source.port': '1' }),
				identity({ 'extra.x': 1 }),
				identity({ 'extra.x': [1] }),
				identity({ 'extra.x': '[1]' })
			]).size
		).toBe(6);
	});

	it('tells records apart also by what is nested deeper than can be followed', () => {
		const deep = (end: string) =>
			intelmq.one(
				Buffer.from(JSON.stringify(base).replace(/}$/, `,"extra.x":${'['.repeat(20_000)}${end}${']'.repeat(20_000)}}`))
			);
		const [a, b] = [deep('1'), deep('2')];
		expect([a.kind, b.kind]).toEqual(['report', 'report']);
		if (a.kind === 'report' && b.kind === 'report') expect(a.report.identity).not.toBe(b.report.identity);
	});

	it('keeps the beginning of a record without an end, and says how long it was', async () => {
		const megabyte = Buffer.alloc(1024 * 1024, 'x');
		async function* endless() {
			yield Buffer.from('"');
			for (let i = 0; i < 40; i++) yield megabyte;
			yield Buffer.from(`"\n${JSON.stringify(base)}\n`);
		}
		for (const contentType of ['application/x-ndjson', 'application/json']) {
			const items: Item[] = [];
			for await (const more of intelmq.read(endless(), contentType, LIMITS)) items.push(...more);
			expect(kinds(items)).toEqual(['too_long', 'report']);
			const [long] = items;
			if (long?.kind !== 'fault') throw new Error('not a fault');
			expect(long.raw.length).toBe(16 * 1024 * 1024);
			expect(long.fault.reason).toContain(String(40 * 1024 * 1024 + 2));
		}
	});

	it('says at which record a broken JSON text breaks', async () => {
		expect(await values('[{"a":1},{"b":')).toEqual({ code: 'broken_envelope', status: 400, detail: { line: 2 } });
		expect(await values('{"a":1}]')).toEqual({ code: 'broken_envelope', status: 400, detail: { line: 2 } });
		expect(await values('{"a":"')).toMatchObject({ code: 'broken_envelope' });
	});
});

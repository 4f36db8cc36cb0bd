import { describe, expect, it } from 'vitest';
import { TYPES } from '$lib/core/rsit';
import type { Item, Report } from '../format';
import { eve } from './eve';
import { CATEGORIES, SIGNATURES } from './eve/signatures';

async function read(body: string, size = Infinity): Promise<Item[]> {
	const bytes = Buffer.from(body);
	const out: Item[] = [];
	async function* pieces() {
		for (let i = 0; i < bytes.length; i += size) yield Uint8Array.from(bytes.subarray(i, i + size));
	}
	for await (const items of eve.read(pieces(), '', { record: 4096, document: 65_536 })) out.push(...items);
	return out;
}
const base = {
	timestamp: '2024-07-04T00:01:02.123456+0300',
	event_type: 'alert',
	flow_id: 7,
	src_ip: '203.0.113.9',
	src_port: 40000,
	dest_ip: '192.0.2.1',
	dest_port: 80,
	proto: 'TCP'
};
const one = (more: object, alert: object = {}): Item =>
	eve.one(
		Buffer.from(
			JSON.stringify({
				...base,
				alert: { signature_id: 2_001_219, signature: 'x', category: 'Misc Attack', severity: 2, ...alert },
				...more
			})
		)
	);
const report = (more: object, alert: object = {}): Report => {
	const item = one(more, alert);
	if (item.kind !== 'report') throw new Error(JSON.stringify(item));
	return item.report;
};

describe('an alert', () => {
	it('is a report with both ends and what was asked for', () => {
		expect(
			report(
				{ http: { hostname: 'Shop.Example', url: '/login' } },
				{ signature: 'ET WEB_SERVER Possible SQL Injection', severity: 1 }
			)
		).toMatchObject({
			observed: Date.UTC(2024, 6, 3, 21, 1, 2, 123),
			type: 'exploit',
			severity: 'high',
			summary: 'ET WEB_SERVER Possible SQL Injection',
			source: { ip: '203.0.113.9', port: 40000 },
			destination: { ip: '192.0.2.1', port: 80, fqdn: 'shop.example', url: 'http://Shop.Example/login' }
		});
	});

	it('to a client names its server at the source', () => {
		const r = report({ direction: 'to_client', tls: { sni: 'c2.example' } });
		expect([r.source.fqdn, r.destination.fqdn]).toEqual(['c2.example', undefined]);
	});

	it.each([
		['2024-07-04T00:01:02.5-0600', Date.UTC(2024, 6, 4, 6, 1, 2, 500)],
		['2024-07-04T00:01:02.000001+05:30', Date.UTC(2024, 6, 3, 18, 31, 2)],
		['2024-07-04T00:01:02.123', Date.UTC(2024, 6, 4, 0, 1, 2, 123)],
		['2024-07-04T00:01:02Z', Date.UTC(2024, 6, 4, 0, 1, 2)]
	])('of %s is of that moment', (timestamp, at) => expect(report({ timestamp }).observed).toBe(at));

	it.each([
		['A Network Trojan was detected', '', 'infected-system'],
		['Attempted Administrator Privilege Gain', '', 'exploit'],
		['Web Application Attack', '', 'exploit'],
		['Attempted Information Leak', '', 'scanner'],
		['Detection of a Network Scan', '', 'scanner'],
		['Misc Attack', 'ET CINS Active Threat Intelligence Poor Reputation IP group 1', 'blacklist'],
		['Misc Attack', 'ET TOR Known Tor Exit Node', 'tor'],
		['Potential Corporate Privacy Violation', 'ET POLICY curl', 'ids-alert'],
		['', '', 'ids-alert'],
		['constructor', '__proto__', 'ids-alert']
	])('of category %j and signature %j is %s', (category, signature, type) =>
		expect(report({}, { category, signature }).type).toBe(type)
	);

	it('has words in its tables that the product knows', () => {
		const types = new Set(TYPES.map((t) => t.slug));
		for (const type of [...Object.values(CATEGORIES), ...SIGNATURES.map(([, t]) => t)]) expect(types).toContain(type);
		for (const category of Object.keys(CATEGORIES)) expect(category).toBe(category.toLowerCase());
	});

	it('has the severity of its priority', () =>
		expect([1, 2, 3, 4, 255, 0, undefined].map((severity) => report({}, { severity }).severity)).toEqual([
			'high',
			'medium',
			'low',
			'low',
			'low',
			undefined,
			undefined
		]));

	it('is the same with other counters, and another in another microsecond, flow or transaction', () => {
		const id = (more: object, alert: object = {}) => report(more, alert).identity;
		expect(id({ flow: { pkts_toserver: 1 }, payload: 'x' }, { rev: 3 })).toBe(
			id({ flow: { pkts_toserver: 9 } }, { rev: 4 })
		);
		expect(
			new Set([
				id({}),
				id({ timestamp: '2024-07-04T00:01:02.123457+0300' }),
				id({ flow_id: 8 }),
				id({ tx_id: 1 }),
				id({ dest_port: 81 }),
				id({}, { signature_id: 5 })
			]).size
		).toBe(6);
	});

	it.each([
		[{ src_ip: 'x' }, 'src_ip'],
		[{ dest_ip: 'fe80::1%lo' }, 'dest_ip'],
		[{ src_port: 65_536 }, 'src_port'],
		[{ timestamp: 'yesterday' }, 'timestamp'],
		[{ alert: 1 }, 'alert'],
		[{ alert: { severity: 'x' } }, 'alert.severity']
	])('that is wrong says where: %j', (more, path) =>
		expect(one(more)).toMatchObject({ kind: 'fault', fault: { path, code: 'wrong_value' } })
	);

	it('needs a time, and no more', () => {
		expect(one({ timestamp: undefined })).toMatchObject({ kind: 'fault', fault: { code: 'no_time' } });
		expect(eve.one(Buffer.from('{"event_type":"alert","timestamp":"2024-07-04T00:01:02","alert":{}}')).kind).toBe(
			'report'
		);
	});
});

describe('what is no attack', () => {
	it('is ignored: other events, and what the engine says of its own decoding', () => {
		expect(one({ event_type: 'flow' })).toEqual({ kind: 'ignored', line: 1 });
		expect(one({}, { signature: 'SURICATA STREAM Packet with invalid ack' }).kind).toBe('ignored');
		expect(one({}, { signature: 'x', signature_id: 2_210_045 }).kind).toBe('ignored');
	});
});

describe('a body', () => {
	const alert = { ...base, alert: { signature: 'x' } };
	it.each([
		['lines', `${JSON.stringify(alert)}\n\n${JSON.stringify({ ...base, event_type: 'dns' })}\n`],
		[
			'lines with a byte order mark',
			`\ufeff${JSON.stringify(alert)}\r\n${JSON.stringify({ ...base, event_type: 'dns' })}`
		],
		['an array', JSON.stringify([alert, { ...base, event_type: 'dns' }], null, 2)],
		['an array in a line', ` \n${JSON.stringify([alert, { ...base, event_type: 'dns' }])}`],
		[
			'objects of several lines',
			`${JSON.stringify(alert, null, 2)}\n${JSON.stringify({ ...base, event_type: 'dns' }, null, 2)}`
		]
	])('may be %s, whatever it says that it is and wherever it is cut', async (_, text) => {
		for (const size of [Infinity, 1, 5, 100])
			expect((await read(text, size)).map((i) => i.kind)).toEqual(['report', 'ignored']);
	});

	it('of lines keeps the good ones beside a bad one', async () => {
		expect(
			(await read(`${JSON.stringify(alert)}\n{"event_type":"alert",\n${JSON.stringify(alert)}\n`)).map((i) => i.kind)
		).toEqual(['report', 'fault', 'report']);
	});
});

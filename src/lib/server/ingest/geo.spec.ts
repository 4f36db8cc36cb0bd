import ipaddr from 'ipaddr.js';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PROVINCES } from '$lib/core/province';
import { SECTORS } from '$lib/core/sector';
import type { Reference } from '../store/reference';
import { Builder, NOBODY, type Owner } from './attribution';
import type { End, Report } from './format';
import { open, type Settings } from './geo';
import { place } from './place';

type Value = string | number | Value[] | { [name: string]: Value };

/** A value as the data section of a MaxMind DB has it: a control byte with type and size, then its bytes. */
function encode(v: Value): Buffer {
	const head = (type: number, size: number) => {
		const [low, more] = size < 29 ? [size, []] : [29, [size - 29]];
		return Buffer.from(type > 7 ? [low, type - 7, ...more] : [(type << 5) | low, ...more]);
	};
	if (typeof v === 'string') return Buffer.concat([head(2, Buffer.byteLength(v)), Buffer.from(v)]);
	if (typeof v === 'number') {
		const bytes = Buffer.alloc(Number.isInteger(v) ? 4 : 8);
		if (Number.isInteger(v)) bytes.writeUInt32BE(v);
		else bytes.writeDoubleBE(v);
		return Buffer.concat([head(Number.isInteger(v) ? 6 : 3, bytes.length), bytes]);
	}
	if (Array.isArray(v)) return Buffer.concat([head(11, v.length), ...v.map(encode)]);
	const entries = Object.entries(v);
	return Buffer.concat([head(7, entries.length), ...entries.flatMap(([k, x]) => [encode(k), encode(x)])]);
}

/** A database in the MaxMind DB format 2.0: a binary tree of networks that do not overlap, and what it says of each. */
function mmdb(family: 4 | 6, networks: [string, Value][], build = 1_780_272_000): Buffer {
	type Next = { node: number } | { data: number } | undefined;
	const nodes: [Next, Next][] = [[undefined, undefined]];
	const data: Buffer[] = [];
	let size = 0;
	for (const [cidr, value] of networks) {
		const [address, bits] = ipaddr.parseCIDR(cidr);
		const inside = family === 6 && address.kind() === 'ipv4' ? 96 : 0; // ::/96
		const bytes = [...new Array<number>(inside / 8).fill(0), ...address.toByteArray()];
		let at = 0;
		for (let i = 0; i < inside + bits; i++) {
			const side = (bytes[i >> 3]! >> (7 - (i & 7))) & 1;
			if (i === inside + bits - 1) {
				nodes[at]![side] = { data: size };
				break;
			}
			const next = nodes[at]![side] ?? { node: nodes.push([undefined, undefined]) - 1 };
			if (!('node' in next)) throw new Error(`${cidr} lies in another network`);
			nodes[at]![side] = next;
			at = next.node;
		}
		data.push(encode(value));
		size += data.at(-1)!.length;
	}
	const tree = Buffer.alloc(nodes.length * 8);
	for (const [n, pair] of nodes.entries())
		for (const [side, next] of pair.entries())
			tree.writeUInt32BE(
				next === undefined ? nodes.length : 'node' in next ? next.node : nodes.length + 16 + next.data,
				n * 8 + side * 4
			);
	const metadata = {
		binary_format_major_version: 2,
		binary_format_minor_version: 0,
		build_epoch: build,
		database_type: 'spec',
		description: {},
		ip_version: family,
		languages: ['en'],
		node_count: nodes.length,
		record_size: 32
	};
	return Buffer.concat([
		tree,
		Buffer.alloc(16),
		...data,
		Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
		encode(metadata)
	]);
}

const dbip = (state1: string, city: string, latitude: number, country_code = 'PK') => ({
	city,
	country_code,
	latitude,
	longitude: 73.1,
	state1
});
const maxmind = (iso: string, city: string, latitude: number, country = 'PK') => ({
	city: { names: { en: city } },
	country: { iso_code: country },
	location: { latitude, longitude: 67.1 },
	subdivisions: [{ iso_code: iso, names: { en: 'of no matter' } }]
});
/** Where the carriers are: 65,536 of some 67,000 addresses. */
const CARRIER = dbip('Islamabad', 'Islamabad', 33.7);
const DBIP = mmdb(4, [
	['10.0.0.0/16', CARRIER],
	['10.1.0.0/24', dbip('Punjab', 'Lahore', 31.5)],
	['10.1.1.0/24', dbip('Azad Kashmir', 'Mirpur', 33.1)],
	['10.1.2.0/24', dbip('Islamabad', 'Islamabad', 33.6)],
	['10.1.3.0/24', dbip('Atlantis', 'Atlantis', 1.5)],
	['10.1.4.0/24', { country_code: 'PK' }],
	['10.2.0.0/16', dbip('Punjab', 'Patiala', 30.3, 'IN')]
]);

const dir = mkdtempSync(join(tmpdir(), 'watchfloor-geo-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let made = 0;
const file = (bytes: Buffer | string): string => {
	const path = join(dir, `${made++}.mmdb`);
	writeFileSync(path, bytes);
	return path;
};

const reference = {
	province: new Map(
		PROVINCES.flatMap((p) => [p.code, p.name, ...p.aliases].map((n): [string, string] => [n.toLowerCase(), p.code]))
	),
	sector: new Map(SECTORS.map((s) => [s.slug, s.slug]))
} as Reference;
/** Each database is counted in a data directory of its own, unless one is given. */
const geo = (settings: Partial<Settings>) =>
	open({ share: 0.05, data: mkdtempSync(join(dir, 'data-')), ...settings }, reference);

describe('a geographic database', () => {
	it('of DB-IP says the province, by any of its names', async () => {
		const { province } = await geo({ city: file(DBIP) });
		expect(province({ ip: '10.1.0.7' })).toBe('PK-PB');
		expect(province({ ip: '10.1.1.7' })).toBe('PK-JK');
	});

	it('does not say it where it does not know, nor of another country', async () => {
		const { province } = await geo({ city: file(DBIP) });
		const unknown = ['10.1.3.1', '10.1.4.1', '10.2.0.1', '10.3.0.1', '2001:db8::1'].map((ip) => ({ ip }));
		for (const end of [...unknown, {}, { fqdn: 'a.pk' }]) expect(province(end), JSON.stringify(end)).toBeUndefined();
	});

	it("is not believed at a carrier's own place, and is in the rest of the city", async () => {
		const path = file(DBIP);
		const { province, carriers } = await geo({ city: path });
		expect(carriers).toMatchObject({ places: ['Islamabad|Islamabad|33.7|73.1'], addresses: 65_536 + 5 * 256 });
		expect(province({ ip: '10.0.200.1' })).toBeUndefined();
		expect(province({ ip: '10.1.2.1' })).toBe('PK-IS');
		expect((await geo({ city: path, share: 0.99 })).province({ ip: '10.0.200.1' })).toBe('PK-IS');
	});

	it('of MaxMind is read too, both families in one file', async () => {
		const { province, fill, carriers } = await geo({
			city: file(
				mmdb(6, [
					['10.0.0.0/16', maxmind('SD', 'Karachi', 24.9)],
					['10.1.0.0/24', maxmind('BA', 'Quetta', 30.2)],
					['10.1.1.0/24', { country: { iso_code: 'PK' }, subdivisions: [{ names: { en: 'Sindh' } }] }],
					['2001:db8::/32', maxmind('KP', 'Peshawar', 34.1)],
					['2001:db9::/32', maxmind('SD', 'Karachi', 24.9)]
				])
			)
		});
		expect(carriers!.places).toEqual(['PK-SD|Karachi|24.9|67.1']);
		expect(carriers!.addresses).toBe(65_536 + 512);
		const of = (ip: string) => province({ ip });
		expect(['10.0.0.1', '10.1.0.1', '10.1.1.1', '2001:db8::1', '2001:db9::1'].map(of)).toEqual([
			undefined,
			'PK-BA',
			'PK-SD',
			'PK-KP',
			undefined
		]);
		expect(fill({ ip: '2001:db8::1' })).toEqual({ ip: '2001:db8::1', asn: undefined, country: 'PK' });
	});

	it("may be two files, and the carriers' places of IPv4 hold in IPv6", async () => {
		const six = mmdb(6, [
			['2001:db8:1::/48', dbip('Sindh', 'Karachi', 24.9)],
			['2001:db8:2::/48', CARRIER]
		]);
		for (const city of [`${file(DBIP)},${file(six)}`, `${file(six)}, ${file(DBIP)}`]) {
			const { province } = await geo({ city });
			const of = (ip: string) => province({ ip });
			expect(['10.1.0.1', '2001:db8:1::1', '2001:db8:2::1', '2001:db8:3::1'].map(of)).toEqual([
				'PK-PB',
				'PK-SD',
				undefined,
				undefined
			]);
		}
	});

	it('adds AS number and country where the report does not state them', async () => {
		const asn = file(mmdb(4, [['10.1.0.0/24', { autonomous_system_number: 64500 }]]));
		const { fill } = await geo({ city: file(DBIP), asn });
		expect(fill({ ip: '10.1.0.1', port: 80 })).toEqual({ ip: '10.1.0.1', port: 80, asn: 64500, country: 'PK' });
		const stated = { ip: '10.1.0.1', asn: 1, country: 'US' };
		expect(fill(stated)).toBe(stated);
		const elsewhere = { ip: '10.9.0.1' };
		expect(fill(elsewhere)).toBe(elsewhere);
		expect((await geo({ asn })).province({ ip: '10.1.0.1' })).toBeUndefined();
	});

	it('is counted once, and again when another comes', async () => {
		const data = mkdtempSync(join(dir, 'data-'));
		const kept = join(data, 'carriers.json');
		const first = await geo({ city: file(DBIP), data });
		const { build } = JSON.parse(readFileSync(kept, 'utf8')) as { build: number };
		writeFileSync(kept, JSON.stringify({ build, counts: [['of before', 9]] }));
		expect((await geo({ city: file(DBIP), data })).carriers).toEqual({
			...first.carriers,
			places: ['of before'],
			addresses: 9
		});
		const newer = file(mmdb(4, [['10.1.0.0/24', dbip('Punjab', 'Lahore', 31.5)]], 1_790_000_000));
		expect((await geo({ city: newer, data })).carriers).toMatchObject({ addresses: 256 });
	});

	it('that is none stops the start and says which', async () => {
		const [good, text, empty] = [file(DBIP), file('ip,country\n10.0.0.0,PK\n'), file('')];
		const absent = join(dir, 'absent.mmdb');
		for (const [settings, path] of [
			[{ city: text }, text],
			[{ city: empty }, empty],
			[{ city: absent }, absent],
			[{ city: good, asn: text }, text],
			[{ city: `${good},${text}` }, text]
		] as const) {
			const failed = await geo(settings).then(
				() => undefined,
				(e: unknown) => e
			);
			expect(failed).toMatchObject({ code: 'configuration' });
			expect((failed as Error).message).toContain(`${path} is no database of places or networks`);
		}
	});
});

describe('the place of a report', () => {
	const report = (source: End, more: Partial<Report> = {}): Report => ({
		observed: 0,
		source,
		destination: {},
		identity: '',
		...more
	});
	const owned = (province: string | null, sector: string | null, kind: 'cidr' | 'asn', value: string) => {
		const owner: Owner = { id: 7, province, sector };
		const builder = new Builder();
		builder.add({ kind, value, owner: 0 });
		return builder.done([owner]);
	};

	it('is what is stated, else the constituent’s, else the database’s, else unlocated, and the rule says which', async () => {
		const where = await geo({ city: file(DBIP) });
		const at = (r: Report, whose = NOBODY, type = 'infected-system') => {
			const p = place(r, type, reference, whose, where);
			return 'rule' in p ? `${p.province} ${p.sector} ${p.rule}` : p.code;
		};
		const lahore = { ip: '10.1.0.1' };
		const both = owned('PK-BA', 'telecom', 'cidr', '10.1.0.0/24');
		const nationwide = owned(null, 'telecom', 'cidr', '10.1.0.0/24');
		expect(at(report(lahore, { province: 'Sindh', sector: 'banking' }), both)).toBe('PK-SD banking stated');
		expect(at(report(lahore, { sector: 'banking' }), both)).toBe('PK-BA banking stated+prefix');
		expect(at(report(lahore), both)).toBe('PK-BA telecom prefix');
		expect(at(report(lahore), nationwide)).toBe('PK-PB telecom prefix+geo');
		expect(at(report(lahore, { sector: 'banking' }))).toBe('PK-PB banking stated+geo');
		expect(at(report(lahore))).toBe('PK-PB unattributed geo');
		expect(at(report({ ip: '10.0.0.1' }))).toBe('unlocated unattributed none');
		expect(at(report({ ip: '10.0.0.1' }, { sector: 'banking' }))).toBe('unlocated banking stated');
		expect(at(report(lahore, { province: 'Atlantis' }))).toBe('unknown_province');
	});

	it('is that of the victim, else of the other end; a constituent’s own end goes before both', async () => {
		const where = await geo({ city: file(DBIP) });
		const at = (r: Report, type: string, whose = NOBODY) => {
			const p = place(r, type, reference, whose, where);
			return 'rule' in p ? `${p.province} ${p.rule} ${p.direction}` : p.code;
		};
		const ends = report({ ip: '10.1.0.1' }, { destination: { ip: '10.1.1.1' } });
		expect(at(ends, 'infected-system')).toBe('PK-PB geo internal');
		expect(at(ends, 'ddos')).toBe('PK-JK geo internal');
		expect(at(report({ ip: '10.2.0.1' }, { destination: { ip: '10.1.1.1' } }), 'infected-system')).toBe(
			'PK-JK geo inbound'
		);
		expect(at(ends, 'ddos', owned(null, null, 'cidr', '10.1.0.0/24'))).toBe('PK-PB geo internal');
		// A constituent at the carrier's place is not put where the other end is.
		const carried = report({ ip: '10.0.0.1' }, { destination: { ip: '10.1.1.1' } });
		expect(at(carried, 'infected-system', owned(null, null, 'cidr', '10.0.0.0/24'))).toBe('unlocated none internal');
	});

	it('may come from a constituent’s AS number that only the database knows', async () => {
		const asn = file(mmdb(4, [['10.9.0.0/24', { autonomous_system_number: 64500 }]]));
		const whose = owned('PK-GB', 'telecom', 'asn', 'AS64500');
		const found = place(report({ ip: '10.9.0.1' }), 'infected-system', reference, whose, await geo({ asn }));
		expect(found).toEqual({
			province: 'PK-GB',
			sector: 'telecom',
			direction: 'outbound',
			rule: 'asn',
			constituent: 7
		});
	});
});

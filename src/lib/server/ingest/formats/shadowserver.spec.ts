import { describe, expect, it } from 'vitest';
import { isProblem } from '$lib/core/error';
import { TYPES } from '$lib/core/rsit';
import { SECTORS } from '$lib/core/sector';
import * as severity from '$lib/core/severity';
import type { Item, Report } from '../format';
import { shadowserver } from './shadowserver';
import { named, ofFile } from './shadowserver/kind';
import { sector } from './shadowserver/naics';
import { FAMILIES, FORMER, MARKED, REPORTS, SHAPES, TAGS } from './shadowserver/reports';

async function read(body: string | Buffer, filename?: string, size = Infinity): Promise<Item[]> {
	const bytes = Buffer.from(body as string);
	const out: Item[] = [];
	async function* pieces() {
		for (let i = 0; i < bytes.length; i += size) yield Uint8Array.from(bytes.subarray(i, i + size));
	}
	for await (const items of shadowserver.read(pieces(), 'text/csv', { record: 4096, document: 65_536 }, filename))
		out.push(...items);
	return out;
}
const told = (items: Item[]) => items.map((i) => (i.kind === 'fault' ? i.fault.code : i.kind));
const first = async (body: string, filename?: string): Promise<Report> => {
	const [item] = await read(body, filename);
	if (item?.kind !== 'report') throw new Error(JSON.stringify(item));
	return item.report;
};
const T = '2024-07-04 00:01:02';

describe('a report type', () => {
	it.each([
		['2024-07-04-scan_adb-sample-geo.csv', 'scan_adb'],
		['2020-04-03-scan6_snmp-sample-asn-delayed.csv', 'scan_snmp'],
		['2024-07-04-event4_sinkhole_http-123-sample-asn.csv.gz', 'event_sinkhole_http'],
		['2015-01-01-dns_openresolver-sample-asn.csv', 'scan_dns'],
		['../../etc/2024-07-04-device_id6-x.csv', 'device_id'],
		['C:\\reports\\Open-SNMP.csv', 'scan_snmp'],
		['Drone.csv', 'event_sinkhole'],
		['SSL-FREAK-Vulnerable-Servers.csv', 'scan_ssl_freak'],
		['scan_adb-sample.csv', 'scan_adb'],
		['2024-07-04-scan_unheard_of-x.csv', 'scan_unheard_of']
	])('is read from the name of the file: %s', (file, name) => expect(ofFile(file)?.name).toBe(name));

	it.each(['', 'report.csv', '2024-07-04.csv', '__proto__', 'constructor.csv', '-.csv'])(
		'is not read from %j',
		(file) => expect(ofFile(file)).toBeUndefined()
	);

	it('that is not known is read by its family, and never fails', () => {
		expect(
			[
				'scan_new',
				'scan6_new_vulnerable',
				'event6_sinkhole_new',
				'event4_honeypot_brute_force_new',
				'event4_honeypot_ddos_new',
				'blocklist_new',
				'malware_url_new',
				'compromised_new',
				'population_new',
				'something'
			].map((t) => named(t).type)
		).toEqual([
			'potentially-unwanted-accessible',
			'vulnerable-system',
			'infected-system',
			'brute-force',
			'ddos',
			'blacklist',
			'malware-distribution',
			'system-compromise',
			'other',
			'undetermined'
		]);
	});

	it('has words in its table that the product knows', () => {
		const types = new Set(TYPES.map((t) => t.slug));
		const names = new Set(REPORTS.map(([name]) => name));
		expect(names.size).toBe(REPORTS.length);
		for (const [name, type, level] of REPORTS) {
			expect(types, name).toContain(type);
			if (level) expect(severity.parse(level), name).toBeDefined();
		}
		for (const [, type] of FAMILIES) expect(types).toContain(type);
		for (const marks of Object.values(MARKED)) for (const [, type] of marks) expect(types).toContain(type);
		for (const name of [
			...Object.values(FORMER),
			...Object.values(TAGS),
			...SHAPES.map(([, n]) => n),
			...Object.keys(MARKED)
		])
			expect(names).toContain(name);
	});

	it('tells what a tag adds', async () => {
		const type = async (tag: string) =>
			(await first(`timestamp,ip,tag\n${T},192.0.2.1,"${tag}"\n`, '2024-07-04-scan_exchange-x.csv')).type;
		expect([await type('exchange'), await type('exchange;webshell')]).toEqual([
			'vulnerable-system',
			'system-compromise'
		]);
	});
});

describe('a row', () => {
	it('states both ends, with times in UTC, and what it does not know is not stated', async () => {
		const r = await first(
			`timestamp,src_ip,src_port,src_asn,src_geo,src_hostname,src_sector,dst_ip,dst_port,dst_asn,dst_geo,infection,http_host,http_url,severity\n${T},203.0.113.9,40000,0,pk,Host.Example.PK.,0,192.0.2.1,80,AS64500,UK,necurs,c2.example,"GET /gate.php HTTP/1.1",critical\n`,
			'2024-07-04-event4_sinkhole_http-x.csv'
		);
		expect(r).toMatchObject({
			observed: Date.UTC(2024, 6, 4, 0, 1, 2),
			type: 'infected-system',
			severity: 'critical',
			malware: 'necurs',
			source: { ip: '203.0.113.9', port: 40000, country: 'PK', fqdn: 'host.example.pk' },
			destination: {
				ip: '192.0.2.1',
				port: 80,
				asn: 64500,
				country: 'GB',
				url: 'http://c2.example/gate.php',
				fqdn: 'c2.example'
			}
		});
		expect([r.source.asn, r.sector]).toEqual([undefined, undefined]);
	});

	it('takes the sector of the end that it is about, else by NAICS, but not that of a carrier', async () => {
		const of = async (naics: string, sector = '') =>
			(await first(`timestamp,ip,naics,sector\n${T},192.0.2.1,${naics},"${sector}"\n`)).sector;
		expect([
			await of('517311'),
			await of('518210'),
			await of('522110'),
			await of('0'),
			await of('522110', 'Government')
		]).toEqual([undefined, undefined, 'banking', undefined, 'Government']);
		const target = await first(
			`timestamp,src_ip,src_sector,dst_ip,dst_sector\n${T},192.0.2.1,Media,192.0.2.2,Health\n`,
			'2024-07-04-event4_honeypot_ddos_target-x.csv'
		);
		expect(target.sector).toBe('Health');
		const slugs = new Set(SECTORS.map((s) => s.slug));
		for (const code of [
			'928110',
			'221310',
			'541512',
			'481111',
			'311111',
			'515120',
			'221112',
			'331110',
			'484110',
			'522110',
			'611310',
			'622110',
			'921110'
		])
			expect(slugs).toContain(sector(code));
	});

	it('may be shorter than the header, and longer only by what is empty', async () => {
		expect(
			told(await read(`timestamp,ip,port,tag\n${T},192.0.2.1\n${T},192.0.2.2,1,a,,\n${T},192.0.2.3,1,a,b\n`))
		).toEqual(['report', 'report', 'too_many_fields']);
	});

	it.each([
		['ip', '999.1.1.1'],
		['ip', 'fe80::1%eth0'],
		['ip', '192.0.2.0/33'],
		['port', '65536'],
		['port', '-1'],
		['asn', '4294967296'],
		['geo', 'PAK'],
		['timestamp', '04/07/2024']
	])('with a wrong %s (%s) says so', async (column, value) => {
		const cells = { timestamp: T, ip: '192.0.2.1', port: '1', asn: '1', geo: 'PK', [column]: value };
		const [item] = await read(`${Object.keys(cells).join()}\n${Object.values(cells).join()}\n`);
		expect(item).toMatchObject({ kind: 'fault', line: 2, fault: { path: column, code: 'wrong_value' } });
	});

	it('may state a network instead of an address', async () =>
		expect((await first(`timestamp,ip\n${T},192.0.2.0/24\n`)).source.ip).toBeUndefined());

	it('is the same in another order of columns and with empty ones, and another with another cell', async () => {
		const [a, b, c] = await Promise.all([
			first(`timestamp,ip,tag\n${T},192.0.2.1,x\n`),
			first(`tag,new,ip,timestamp\nx,,192.0.2.1,${T}\n`),
			first(`timestamp,ip,tag\n${T},192.0.2.1,y\n`)
		]);
		expect(a.identity).toBe(b.identity);
		expect(a.identity).not.toBe(c.identity);
	});

	it('in quarantine is read again alone, by the name of its file', async () => {
		const [item] = await read(`"timestamp","ip"\n"${T}","x"\n`, '2024-07-04-scan_adb-ü.csv');
		if (item?.kind !== 'fault') throw new Error('not a fault');
		expect(item.raw.toString()).toBe(`# 2024-07-04-scan_adb-?.csv\n"timestamp","ip"\n"${T}","x"`);
		expect(shadowserver.one(item.raw)).toMatchObject({ kind: 'fault', fault: item.fault });
		const mended = shadowserver.one(Buffer.from(item.raw.toString().replace('"x"', '"192.0.2.1"')));
		expect(mended).toMatchObject({
			kind: 'report',
			report: { type: 'vulnerable-system', source: { ip: '192.0.2.1' } }
		});
		if (mended.kind !== 'report') throw new Error('not a report');
		expect(shadowserver.one(Buffer.from(mended.raw))).toMatchObject({ report: mended.report });
	});

	it.each(['', '{', '{}', '{"_report":1}', '[]', 'timestamp,ip', '# x', '# x\n', 'timestamp\n1\n2', '\0'])(
		'is a problem, not a failure, when quarantine holds %j',
		(text) => expect(shadowserver.one(Buffer.from(text)).kind).toBe('fault')
	);
});

describe('a file', () => {
	it('with an open quote loses one row, not those after it', async () => {
		const body = `timestamp,ip,tag\n${T},192.0.2.1,a\n${T},192.0.2.2,"b\n${T},192.0.2.3,"c"\n${T},192.0.2.4,d\n`;
		for (const size of [Infinity, 1, 7])
			expect(told(await read(body, undefined, size))).toEqual(['report', 'open_quote', 'report', 'report']);
		const two = `timestamp,ip,tag\n${T},192.0.2.2,"b\n${T},192.0.2.3,"c"\n${T},192.0.2.4,"d\n${T},192.0.2.5,e\n`;
		for (const size of [Infinity, 1, 7])
			expect(told(await read(two, undefined, size))).toEqual(['open_quote', 'report', 'open_quote', 'report']);
	});

	it('may have lines inside of quotes, quotes doubled, after a backslash, or bare', async () => {
		const items = await read(
			`timestamp,ip,tag\n${T},192.0.2.1,"a\nb, ""c"""\n${T},192.0.2.2,"\\"\\"x, y\\"\\""\n${T},192.0.2.3,"say "hi" now"\n`
		);
		expect(items.map((i) => i.kind === 'report' && (JSON.parse(i.raw) as { tag: string }).tag)).toEqual([
			'a\nb, "c"',
			'""x, y""',
			'say "hi" now'
		]);
		expect(items.map((i) => i.line)).toEqual([2, 4, 5]);
	});

	it('of nothing but lines that open quotes takes no more time than its size', async () => {
		const items = await read(`timestamp,ip\n${'"\n'.repeat(1)}${'"a\n'.repeat(30_000)}`);
		expect(items.length).toBeGreaterThan(15_000);
	});

	it.each(['utf8', 'utf16le'] as const)('may be %s with a byte order mark', async (encoding) => {
		const body = Buffer.from(`\ufefftimestamp,ip,tag\r\n${T},192.0.2.1,ü\r\n\r\n${T},192.0.2.2,\u06a9\r\n`, encoding);
		for (const size of [Infinity, 1, 3]) expect(told(await read(body, undefined, size))).toEqual(['report', 'report']);
	});

	it('may hold several reports, one after another', async () => {
		expect(
			told(
				await read(`timestamp,ip\n${T},192.0.2.1\ntimestamp,ip\n${T},192.0.2.2\ntimestamp,tag,ip\n${T},adb,192.0.2.3\n`)
			)
		).toEqual(['report', 'ignored', 'report', 'ignored', 'report']);
	});

	it.each(['<html>\n<body>', '{"a":1}\n', `${T},192.0.2.1\n`, `timestamp,${'x'.repeat(20_000)}\n${T},1\n`])(
		'that is no report is refused as a whole',
		async (body) => {
			const error: unknown = await read(body).catch((e: unknown) => e);
			expect(isProblem(error) && [error.code, error.status]).toEqual(['broken_envelope', 400]);
		}
	);
});

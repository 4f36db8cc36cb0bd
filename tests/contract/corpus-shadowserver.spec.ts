import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item, Report } from '../../src/lib/server/ingest/format';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import * as metrics from '../../src/lib/server/ops/metrics';
import { POST } from '../../src/routes/api/v1/ingest/[source]/+server';
import { bytesOf, CORPUS, entries, faults, missing, mutate, pieces, random, read } from './corpus';
import { open, type Stage } from './stage';

const shadowserver = FORMATS.get('shadowserver')!;
const FILES = entries('shadowserver/', /\.csv$/);
const rows = (file: string): number => Number(FILES.find((f) => f.file === file)?.stats?.rows);

if (missing) it.skip(`Shadowserver's files are not held against the manifest: ${missing}`, () => {});

describe.skipIf(missing)('files of Shadowserver', () => {
	let stage: Stage;
	let ingest: Ingest;
	beforeAll(async () => {
		stage = await open({ WATCHFLOOR_KEEP_OBSERVATIONS: '73000d' });
		ingest = stage.intake(stage.client);
	});
	afterAll(() => stage.close());

	it('are known with their numbers of rows', () => {
		expect(FILES.length).toBeGreaterThan(50);
		for (const { file } of FILES) expect(rows(file), file).toBeGreaterThan(0);
	});

	it.each(FILES.map((f) => f.file))('%s is taken whole, once, in one piece and in a hundred', async (file) => {
		const source = await stage.source();
		const deliver = (count: number) =>
			ingest.deliver(source, {
				bytes: pieces(bytesOf(file), count),
				contentType: 'text/csv',
				format: 'shadowserver',
				filename: basename(file)
			});
		const first = await deliver(1);
		expect(first.accepted + first.duplicates, file).toBe(rows(file));
		expect([first.quarantined, first.ignored]).toEqual([0, 0]);
		const again = await deliver(100);
		expect(again).toMatchObject({ accepted: 0, duplicates: rows(file), quarantined: 0, ignored: 0 });
	});

	it.each(FILES.map((f) => f.file))(
		'%s means the same in UTF-16 with carriage returns, and without its name',
		async (file) => {
			const bytes = bytesOf(file);
			const plain = await read(shadowserver, bytes, basename(file));
			const wide = Buffer.concat([
				Buffer.from([0xff, 0xfe]),
				Buffer.from(bytes.toString('utf8').replaceAll('\n', '\r\n'), 'utf16le')
			]);
			const { data } = { data: await read(shadowserver, wide, basename(file), 100) };
			expect(data).toEqual(plain);
			const nameless = await read(shadowserver, bytes);
			expect(faults(nameless)).toEqual([]);
			expect(nameless.length).toBe(plain.length);
		}
	);

	it('come through the door by their names, compressed', async () => {
		const file = FILES.find((f) => f.file.endsWith('/scan_mysql.csv'))!.file;
		const sourceId = await stage.source('green', 'door');
		const url = new URL('http://localhost/api/v1/ingest/door?format=shadowserver&filename=2024-07-04-scan_mysql-x.csv');
		const answer = await POST({
			request: new Request(url, {
				method: 'POST',
				headers: { 'content-encoding': 'gzip', 'content-type': 'text/csv' },
				body: new Uint8Array(gzipSync(bytesOf(file)))
			}),
			locals: {
				grant: { kind: 'source', slug: 'door', sourceId },
				app: { ingest, config: stage.config, metrics: metrics.open() }
			},
			params: { source: 'door' },
			url
		} as unknown as Parameters<typeof POST>[0]);
		expect(await answer.json()).toMatchObject({ accepted: rows(file), quarantined: 0 });
		const [row] = await stage.client.sql`select summary from observations where source_id = ${sourceId} limit 1`;
		expect(row!.summary).toContain('Accessible-MySQL');
	});

	it('mean what IntelMQ says that they mean', async () => {
		const differences: string[] = [];
		const lines = readFileSync(`${CORPUS}intelmq/expected_from_shadowserver.jsonl`, 'utf8').trim().split('\n');
		let compared = 0;
		const read1 = new Map<string, Report[]>();
		for (const line of lines) {
			const { test, event } = JSON.parse(line) as { test: string; event: Record<string, unknown> };
			const name = test.replace(/^test_/, '');
			const file = FILES.find(
				(f) => basename(f.file, '.csv') === name || basename(f.file, '.csv') === `event4_${name}`
			)?.file;
			if (!file) {
				differences.push(`${test}: no file`);
				continue;
			}
			if (!read1.has(file))
				read1.set(
					file,
					(await read(shadowserver, bytesOf(file), basename(file))).flatMap((i) =>
						i.kind === 'report' ? [i.report] : []
					)
				);
			const wanted = facts({
				observed: Date.parse(String(event['time.source'])),
				type: event['classification.type'],
				ip: event['source.ip'],
				port: event['source.port'],
				asn: event['source.asn'],
				cc: event['source.geolocation.cc'],
				toIp: event['destination.ip'],
				toPort: event['destination.port'],
				toAsn: event['destination.asn'],
				toCc: event['destination.geolocation.cc']
			});
			compared++;
			const found = read1.get(file)!.map((r) =>
				facts({
					observed: r.observed,
					type: r.type,
					ip: r.source.ip,
					port: r.source.port,
					asn: r.source.asn,
					cc: r.source.country,
					toIp: r.destination.ip,
					toPort: r.destination.port,
					toAsn: r.destination.asn,
					toCc: r.destination.country
				})
			);
			if (!found.includes(wanted)) differences.push(`${test}: ${wanted} is not in ${found.slice(0, 2).join(' ')}`);
		}
		// Where the referer of a request to a sinkhole stands is a source here, as in Shadowserver's mapping of today; it was none in 2022.
		expect(differences.filter((d) => !d.startsWith('test_event4_sinkhole_http_referer: '))).toEqual([]);
		expect(differences.length).toBe(5);
		expect(compared).toBe(141);
	});

	it('name their reports by their columns and tags nearly as well as by their names', async () => {
		const unnamed: string[] = [];
		for (const { file } of FILES) {
			const types = async (filename?: string) =>
				(await read(shadowserver, bytesOf(file), filename)).map((i) => (i.kind === 'report' ? i.report.type : i.kind));
			const [byName, byColumns] = [await types(basename(file)), await types()];
			if (byName.join() !== byColumns.join()) unnamed.push(`${basename(file)} ${byName[0]} ${byColumns[0]}`);
		}
		// Nothing in their columns or tags tells these from others.
		expect(unnamed).toEqual(['device_id.csv undetermined other', 'special.csv vulnerable-system undetermined']);
	});

	it('lose nothing and crash nothing when they are damaged: 100,000 rows', { timeout: 600_000 }, async () => {
		const next = random(4711);
		const spice = [
			'"',
			'""',
			'\\"',
			',',
			'\r',
			'\0',
			'\ufeff',
			'2024-01-01 00:00:00',
			'\u0001',
			'💥',
			'\n',
			'timestamp',
			'\\',
			';',
			'{',
			'1'.repeat(50)
		];
		const files = FILES.map(({ file }) => {
			const [header, ...lines] = bytesOf(file).toString('utf8').trim().split('\n');
			return { name: basename(file), header: header!, lines: lines.map((l) => Buffer.from(l)) };
		});
		let inputs = 0;
		let good = 0;
		for (let round = 0; inputs < 100_000; round++) {
			const { name, header, lines } = files[round % files.length]!;
			const rows = Array.from({ length: 200 }, () => mutate(lines[Math.floor(next() * lines.length)]!, next, spice));
			inputs += rows.length;
			const body = Buffer.concat([Buffer.from(header), ...rows.flatMap((r) => [Buffer.from('\n'), r])]);
			const items = await read(shadowserver, body, name, 1 + Math.floor(next() * 20));
			good += items.filter((i) => i.kind === 'report').length;
			// Each line that is not blank is in exactly one record: they stand in order, and a record's lines end where the next begins.
			const text = body.toString('latin1').split('\n');
			let line = 1;
			for (const [i, item] of items.entries()) {
				for (; line < item.line; line++)
					if (line > 1 && text[line - 1]!.trim())
						throw new Error(`round ${round}: line ${line} of ${name} is lost: ${text[line - 1]}`);
				line = item.line + spanOf(item, items[i + 1]?.line ?? text.length + 1);
				if (item.kind === 'fault') {
					const again = shadowserver.one(item.raw);
					expect(again.kind, item.raw.toString()).toBe('fault');
				} else if (item.kind === 'report') {
					const again = shadowserver.one(Buffer.from(item.raw));
					if (
						again.kind !== 'report' ||
						again.report.identity !== item.report.identity ||
						again.report.observed !== item.report.observed
					)
						throw new Error(`not the same again: ${item.raw}`);
				}
			}
		}
		expect(good).toBeGreaterThan(10_000);
	});
});

/** Lines that a record may have had: a fault and a report may span several, up to the next record. */
const spanOf = (item: Item, next: number): number => (item.kind === 'ignored' ? 1 : Math.max(1, next - item.line));

const facts = (what: Record<string, unknown>): string => JSON.stringify(what);

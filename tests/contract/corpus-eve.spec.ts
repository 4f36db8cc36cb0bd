import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { bytesOf, entries, missing, mutate, pieces, random, read } from './corpus';
import { open, type Stage } from './stage';

const eve = FORMATS.get('eve')!;
const FILES = entries('suricata/', /^(?!.*schema).*\.json(\.gz)?$/);
type Stats = { events: number; alerts: number };
const stats = (file: string) => FILES.find((f) => f.file === file)?.stats as unknown as Stats;
const plain = (file: string): Buffer => (file.endsWith('.gz') ? gunzipSync(bytesOf(file)) : bytesOf(file));
/** Events of a file as the file's own layout has them. */
const events = (file: string): Record<string, unknown>[] => {
	const text = plain(file).toString('utf8').trim();
	return (text.startsWith('[') ? JSON.parse(text) : text.split('\n').map((l) => JSON.parse(l) as unknown)) as Record<
		string,
		unknown
	>[];
};
const engine = (e: Record<string, unknown>): boolean =>
	e.event_type === 'alert' && String((e.alert as Record<string, unknown>).signature).startsWith('SURICATA ');

if (missing) it.skip(`Suricata's files are not held against the manifest: ${missing}`, () => {});

describe.skipIf(missing)('files of Suricata', () => {
	let stage: Stage;
	let ingest: Ingest;
	beforeAll(async () => {
		stage = await open({ WATCHFLOOR_KEEP_OBSERVATIONS: '73000d' });
		ingest = stage.intake(stage.client);
	});
	afterAll(() => stage.close());

	it('are known with their numbers of events', () => {
		expect(FILES.length).toBeGreaterThan(3);
		for (const { file } of FILES) expect(events(file).length, file).toBe(stats(file).events);
	});

	it.each(FILES.map((f) => f.file))('%s is taken whole, once, in one piece and in a hundred', async (file) => {
		const source = await stage.source();
		const deliver = (count: number) =>
			ingest.deliver(source, {
				bytes: pieces(plain(file), count),
				contentType: '',
				format: 'eve',
				filename: basename(file)
			});
		const alerts = stats(file).alerts - events(file).filter(engine).length;
		const first = await deliver(1);
		expect(first.accepted + first.duplicates).toBe(alerts);
		expect(first.ignored).toBe(stats(file).events - alerts);
		expect(first.quarantined).toBe(0);
		expect(first.duplicates).toBe(0);
		expect(await deliver(100)).toMatchObject({
			accepted: 0,
			duplicates: alerts,
			ignored: first.ignored,
			quarantined: 0
		});
	});

	it('hold times as they are, whatever their zone', async () => {
		for (const { file } of FILES) {
			const reports = (await read(eve, plain(file))).flatMap((i) => (i.kind === 'report' ? [i.report.observed] : []));
			const wanted = events(file)
				.filter((e) => e.event_type === 'alert' && !engine(e))
				.map((e) =>
					Math.floor(
						Date.parse(
							String(e.timestamp)
								.replace(/(\.\d{3})\d*/, '$1')
								.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
								.replace(/(\d)$/, (d, _, at: number, all: string) => (/[+-]\d\d:\d\d$/.test(all) ? d : `${d}Z`))
						)
					)
				);
			expect(reports, file).toEqual(wanted);
		}
	});

	it('lose nothing and crash nothing when they are damaged: 100,000 events', { timeout: 600_000 }, async () => {
		const next = random(1147);
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
			'1e999',
			'"__proto__":',
			'"toString":1,',
			'"alert"',
			'\0',
			'💥',
			'+0500',
			'{}'
		];
		const all = FILES.flatMap(({ file }) => events(file).map((e) => Buffer.from(JSON.stringify(e))));
		const small = all.filter((b) => b.length < 3000);
		const before = process.memoryUsage().rss;
		let good = 0;
		let inputs = 0;
		while (inputs < 100_000) {
			const records = Array.from({ length: 200 }, () =>
				Buffer.from(mutate(small[Math.floor(next() * small.length)]!, next, spice).map((c) => (c === 10 ? 32 : c)))
			).filter((r: Buffer) => r.some((c) => c > 32));
			// A first line that opens an array makes the body one; here each record stands for itself.
			records.unshift(small[0]!);
			inputs += records.length;
			const items = await read(
				eve,
				Buffer.concat(records.flatMap((r) => [r, Buffer.from('\n')])),
				undefined,
				1 + Math.floor(next() * 20)
			);
			expect(items.length).toBe(records.length);
			good += items.filter((i) => i.kind === 'report').length;
			for (const item of items) if (item.kind === 'fault') expect(eve.one(item.raw).kind).toBe('fault');
		}
		expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024);
		expect(good).toBeGreaterThan(1000);
	});
});

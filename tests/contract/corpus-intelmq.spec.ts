import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as quarantine from '../../src/lib/server/store/quarantine';
import * as verify from '../../src/lib/server/store/verify';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import { mutate, random, read } from './corpus';
import { deliver, open, viewer, type Stage } from './stage';

/** Real events of public feeds, which the product neither contains nor needs; where they are not at hand, nothing is tested. */
const CORPUS = join(import.meta.dirname, '../../../shared/corpus/intelmq');
const here = existsSync(CORPUS);
const text = (file: string) => readFileSync(join(CORPUS, file), 'utf8');

/**
 * By file, what IntelMQ's own tests hold: [accepted, duplicates, quarantined], why, and the types of what was accepted.
 * IntelMQ's class refuses one event (its URL has "[D]" for a host), and so do we; an event that says no time at all is
 * no report of anything. The same event twice in a file (all fields but `raw` and the time of observation) is one.
 */
const FILES = [
	{
		file: 'parser_events.jsonl',
		counts: [99, 6, 8],
		codes: { 'no_time time.source': 7, 'wrong_value source.url': 1 },
		types:
			'blacklist 18, malware-distribution 15, infected-system 12, phishing 11, c2-server 10, other 10, brute-force 5, spam 4, system-compromise 4, test 3, unauthorised-information-modification 3, dga-domain 1, malware 1, proxy 1, undetermined 1'
	},
	{
		file: 'expert_output_events.jsonl',
		counts: [79, 6, 10],
		codes: { 'no_time time.source': 10 },
		types: 'undetermined 71, infected-system 4, unauthorised-information-modification 4'
	},
	{
		file: 'expected_from_shadowserver.jsonl',
		counts: [141, 0, 0],
		codes: {},
		types:
			'vulnerable-system 90, other 25, ddos 6, infected-system 5, masquerade 5, blacklist 3, malware-distribution 3, undetermined 3, brute-force 1'
	}
];

describe.skipIf(!here)(`real IntelMQ events${here ? '' : ' (skipped: there is no ../shared/corpus/intelmq)'}`, () => {
	let stage: Stage;
	beforeAll(async () => {
		stage = await open({ WATCHFLOOR_KEEP_OBSERVATIONS: '200y' });
	});
	afterAll(() => stage?.close());

	it.each(FILES)(
		'of $file are each taken, or held back with a reason for a person',
		async ({ file, counts, codes, types }) => {
			const slug = file.replace(/[^a-z]+/g, '-');
			const source = await stage.source('green', slug);
			const intake = stage.intake();
			const { accepted, duplicates, quarantined } = await deliver(intake, source, text(file));
			expect([accepted, duplicates, quarantined]).toEqual(counts);
			expect(accepted + duplicates + quarantined).toBe(text(file).trimEnd().split('\n').length);

			const { records } = await quarantine.list(stage.client, viewer(), { source: slug, limit: 500 });
			const why: Record<string, number> = {};
			for (const r of records) why[`${r.code} ${r.path}`] = (why[`${r.code} ${r.path}`] ?? 0) + r.times;
			expect(why).toEqual(codes);
			for (const r of records) expect(r.reason, r.raw).toMatch(/^([A-Z]|[a-z_.]+: ).{20,}\.$/);

			const rows = await stage.client.sql<{ type: string; n: number }[]>`
			select f.type, count(*)::int as n from observations o join facets f on f.id = o.facet_id where o.source_id = ${source} group by 1 order by 2 desc, 1`;
			expect(rows.map((r) => `${r.type} ${r.n}`).join(', ')).toBe(types);
			expect(await deliver(intake, source, text(file))).toMatchObject({
				accepted: 0,
				duplicates: accepted + duplicates,
				quarantined
			});
			expect((await verify.run(stage.client.sql)).differences).toEqual([]);
		}
	);

	it('lose nothing and crash nothing when they are damaged: 100,000 events', { timeout: 600_000 }, async () => {
		const intelmq = FORMATS.get('intelmq')!;
		const next = random(2014);
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
			'"time.source"',
			'\0',
			'💥',
			'{}'
		];
		const all = FILES.flatMap(({ file }) => text(file).split('\n'))
			.filter((l) => l && l.length < 3000)
			.map((l) => Buffer.from(l));
		let good = 0;
		const before = process.memoryUsage().rss;
		for (let inputs = 0; inputs < 100_000;) {
			const records = Array.from({ length: 200 }, () =>
				Buffer.from(mutate(all[Math.floor(next() * all.length)]!, next, spice).map((c) => (c === 10 ? 32 : c)))
			).filter((r: Buffer) => r.some((c) => c > 32));
			inputs += records.length;
			const items = await read(
				intelmq,
				Buffer.concat(records.flatMap((r) => [r, Buffer.from('\n')])),
				undefined,
				1 + Math.floor(next() * 20)
			);
			expect(items.length).toBe(records.length);
			good += items.filter((i) => i.kind === 'report').length;
			for (const item of items) if (item.kind === 'fault') expect(intelmq.one(item.raw).kind).toBe('fault');
		}
		expect(good).toBeGreaterThan(1000);
		expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024);
	});
});

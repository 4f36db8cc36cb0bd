import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../src/lib/server/ingest/format';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { bytesOf, entries, faults, missing, mutate, pieces, random, read, type Entry } from './corpus';
import { open, type Stage } from './stage';

const csaf = FORMATS.get('csaf')!;
type Document = Entry & { expect: string | null; official: string[] };
const JSONS = entries('csaf/', /\.json$/) as Document[];
const FILES = JSONS.filter((f) => f.stats?.csaf_version);
/** Tells where advisories are, or how they are checked; the first are ignored, a schema is no document. */
const BESIDE = JSONS.filter((f) => !f.stats?.csaf_version);

/**
 * Documents of OASIS that are meant as valid and fail another mandatory test than the one they were written for: here
 * two hashes of one algorithm (6.1.25) in an example for an optional test (6.2.8). The validator is followed.
 */
const DISPUTED: Record<string, string> = {
	'csaf/oasis-csaf_2.0/test/optional/oasis_csaf_tc-csaf_2_0-2021-6-2-08-02.json': 'csaf_6_1_25'
};
const official = (f: Document) => f.official[0]?.replace(/^.*?: /, '') ?? '';
const valid = (f: Document) =>
	!Object.hasOwn(DISPUTED, f.file) && (f.expect ? f.expect === 'valid' : official(f) === 'VALID');
const GOOD = FILES.filter(valid);
const BAD = FILES.filter((f) => !valid(f));
const text = (f: Document) => bytesOf(f.file).toString('utf8');

if (missing) it.skip(`CSAF's files are not held against the manifest: ${missing}`, () => {});

describe.skipIf(missing)('documents of CSAF', () => {
	let stage: Stage;
	let ingest: Ingest;
	beforeAll(async () => {
		stage = await open();
		ingest = stage.intake(stage.client);
	});
	afterAll(() => stage.close());
	const deliver = (source: number, bytes: Uint8Array, count = 1) =>
		ingest.deliver(source, { bytes: pieces(bytes, count), contentType: '', format: 'csaf' });

	it('are there, valid ones and others', () => {
		expect(GOOD.length).toBeGreaterThan(100);
		expect(BAD.length).toBeGreaterThan(40);
		expect(Object.keys(DISPUTED).every((d) => BAD.some((f) => f.file === d))).toBe(true);
	});

	it.each(GOOD.map((f) => f.file))('%s is taken once, in one piece and in a hundred', async (file) => {
		const source = await stage.source();
		expect(await deliver(source, bytesOf(file))).toMatchObject({
			accepted: 1,
			quarantined: 0,
			ignored: 0,
			kinds: { advisory: 1 }
		});
		expect(await deliver(source, bytesOf(file), 100)).toMatchObject({ accepted: 0, duplicates: 1, quarantined: 0 });
	});

	it.each(BAD.map((f) => f.file))('%s is refused by the test that it fails', async (file) => {
		const source = await stage.source();
		expect(await deliver(source, bytesOf(file))).toMatchObject({ accepted: 0, quarantined: 1 });
		const [fault] = faults(await read(csaf, bytesOf(file), undefined, 100));
		const tests = official(FILES.find((f) => f.file === file)!).match(/6_1_\d+(_\d+)?/g) ?? [];
		expect(tests.map((t) => `csaf_${t}`)).toContain(fault!.code);
		const raw = JSON.parse(bytesOf(file).toString()) as unknown;
		// What is missing has no place but the one that it should stand in.
		expect(at(raw, fault!.path.replace(/\.?[^.]*$/, '')), `${fault!.path} of ${file}`).toBeTypeOf('object');
	});

	it('fail what they were written to fail', async () => {
		const others: string[] = [];
		for (const f of BAD) {
			const meant = /2021-6-1-(\d+)(?:-(\d+))?-\d+\.json$/.exec(f.file);
			if (!meant || f.expect !== 'INVALID') continue;
			const number = [meant[1], meant[2]].flatMap((n) => (n === undefined ? [] : Number(n))).join('_');
			const [fault] = faults(await read(csaf, bytesOf(f.file)));
			if (fault!.code !== `csaf_6_1_${number}`) others.push(`${number} ${fault!.code}`);
		}
		// These fail several tests, and the first of them in the order of the standard is told.
		expect(others.sort()).toEqual(['27_3 csaf_6_1_27_1', '27_5 csaf_6_1_27_4', '27_7 csaf_6_1_27_5']);
	});

	it('say what the manifest says', async () => {
		for (const f of GOOD) {
			const [item] = await read(csaf, bytesOf(f.file));
			if (item?.kind !== 'thing') throw new Error(f.file);
			const { thing } = item;
			const s = f.stats!;
			expect(
				[
					thing.facts!.id,
					thing.facts!.category,
					thing.facts!.status,
					thing.facts!.version,
					thing.facts!.vulnerabilities,
					thing.claims!.length,
					thing.facts!.score,
					thing.facts!.products,
					thing.tlp
				],
				f.file
			).toEqual([s.id, s.category, s.status, s.version, s.vulns, s.cves, s.max_cvss, s.products, s.tlp]);
			expect(Date.parse(thing.modified!)).toBe(Date.parse(String(s.current)));
		}
	});

	it('are kept with sectors of ours, their severity and their CVE numbers', async () => {
		const source = await stage.source();
		const cisa = GOOD.filter((f) => f.file.startsWith('csaf/cisa/'));
		for (const f of cisa) await deliver(source, bytesOf(f.file));
		const rows = await stage.client.sql<{ sectors: string[] | null; id: string; tlp: number; cves: number }[]>`
			select o.sectors, o.facts->>'id' as id, o.tlp, (select count(*) from claims c where c.key = o.key and c.source_id = o.source_id and not c.actionable) as cves
			from objects o where o.source_id = ${source}`;
		expect(rows).toHaveLength(cisa.length);
		for (const row of rows) {
			const f = cisa.find((f) => f.stats!.id === row.id)!;
			expect([row.tlp, row.cves], row.id).toEqual([0, f.stats!.cves]);
			const { document } = JSON.parse(text(f)) as { document: { notes: { title: string; text: string }[] } };
			const named = document.notes.find((n) => n.title === 'Critical infrastructure sectors')?.text ?? '';
			for (const [word, slug] of [
				['Energy', 'energy'],
				['Critical Manufacturing', 'industry'],
				['Healthcare', 'health'],
				['Communications', 'telecom'],
				['Water', 'water']
			] as const)
				expect(row.sectors?.includes(slug) ?? false, `${row.id}: ${named}`).toBe(
					named.toLowerCase().includes(word.toLowerCase()) || (slug === 'industry' && named.includes('Chemical'))
				);
		}
	});

	it('of a distribution that are no advisories are ignored, and other JSON is refused', async () => {
		for (const { file } of BESIDE)
			expect([file, ...(await read(csaf, bytesOf(file), undefined, 3)).map((i) => i.kind)]).toEqual([
				file,
				file.includes('/examples/') ? 'ignored' : 'fault'
			]);
	});

	it('come one after the other, in an array, and as UTF-16', async () => {
		const all = FILES.map(text);
		const counts = { accepted: GOOD.length, quarantined: BAD.length, ignored: 0 };
		const source = await stage.source();
		expect(await deliver(source, Buffer.from(all.join('\n')), 100)).toMatchObject(counts);
		const again = { accepted: 0, duplicates: GOOD.length, quarantined: BAD.length };
		expect(await deliver(source, Buffer.from(`[${all.join(',')}]`), 100)).toMatchObject(again);
		expect(await deliver(source, Buffer.from(`\ufeff${all.join('\r\n')}`, 'utf16le'), 100)).toMatchObject(again);
	});

	it('replace their older versions, in whatever order they come', async () => {
		const older = text(GOOD.find((f) => f.file.endsWith('icsa-24-011-04.json'))!);
		const doc = JSON.parse(older) as {
			document: { title: string; tracking: Record<string, unknown> & { revision_history: object[] } };
			vulnerabilities: { cve: string }[];
		};
		doc.document.title = 'Changed';
		doc.vulnerabilities[0]!.cve = 'CVE-2024-99999';
		Object.assign(doc.document.tracking, { version: '2', current_release_date: '2024-05-01T00:00:00.5Z' });
		doc.document.tracking.revision_history.push({ date: '2024-05-01T00:00:00.5Z', number: '2', summary: 'Changed' });
		const newer = JSON.stringify(doc);
		for (const order of [
			[older, newer],
			[newer, older]
		]) {
			const source = await stage.source();
			for (const body of order) expect((await deliver(source, Buffer.from(body))).accepted).toBe(1);
			const [held] = await stage.client.sql<{ name: string; cves: string[] }[]>`
				select o.name, (select array_agg(i.value) from claims c join indicators i on i.id = c.indicator_id where c.source_id = h.source_id) as cves
				from heads h join objects o on o.id = h.object_id where h.source_id = ${source}`;
			expect(held).toEqual({ name: 'Changed', cves: ['CVE-2024-99999'] });
		}
	});

	it('of CSAF 2.1 are not read as 2.0', async () => {
		const body = text(GOOD[0]!);
		const [fault] = faults(await read(csaf, Buffer.from(body.replace(/("csaf_version":\s*)"2.0"/, '$1"2.1"'))));
		expect(fault).toMatchObject({ code: 'csaf_version', path: 'document.csaf_version' });
		expect(fault!.reason).toContain('2.1');
	});

	it('are held back under the TLP that they state', async () => {
		const doc = JSON.parse(text(GOOD.find((f) => f.stats!.tlp)!)) as {
			document: { distribution: { tlp: { label: string } }; tracking: { version: string } };
		};
		doc.document.distribution.tlp.label = 'AMBER';
		doc.document.tracking.version = '99';
		expect(faults(await read(csaf, Buffer.from(JSON.stringify(doc))))).toMatchObject([
			{ code: 'csaf_6_1_16', tlp: 'AMBER' }
		]);
	});

	it('lose nothing and crash nothing when they are damaged: 100,000 documents', { timeout: 900_000 }, async () => {
		const next = random(2018);
		const spice = ['"', '{', '}', '[', ']', ',', ':', '\\', 'null', '-1', '"__proto__":', '\0', '💥', '[]', '1e999'];
		const small = FILES.filter((f) => bytesOf(f.file).length < 3000);
		const texts = small.map((f) => bytesOf(f.file));
		const docs = small.map((f) => JSON.parse(text(f)) as Json);
		expect(small.length).toBeGreaterThan(80);
		csaf.one(texts[0]!);
		const before = process.memoryUsage().rss;
		let [good, judged, rss] = [0, 0, 0];
		for (let inputs = 0; inputs < 100_000; inputs++) {
			const pick = Math.floor(next() * small.length);
			const damaged =
				inputs % 2 ? mutate(texts[pick]!, next, spice) : Buffer.from(JSON.stringify(swap(docs[pick]!, next, docs)));
			const item: Item = csaf.one(damaged);
			if (item.kind === 'thing') {
				good++;
				expect(item.raw).toBe(damaged.toString());
			} else if (item.kind === 'fault') {
				if (item.fault.code.startsWith('csaf_')) judged++;
				expect(item.raw.equals(damaged)).toBe(true);
			} else throw new Error(`ignored: ${damaged.toString()}`);
			if (inputs % 1000 === 0) rss = Math.max(rss, process.memoryUsage().rss - before);
		}
		expect(good).toBeGreaterThan(10_000);
		expect(judged).toBeGreaterThan(10_000);
		// It grows by some 50 MB, the heap of the validator's thread included.
		expect(rss).toBeLessThan(256 * 1024 * 1024);
	});
});

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A document in which one value stands in the place of another: one of the same name elsewhere, or any. */
function swap(doc: Json, next: () => number, others: Json[]): Json {
	const copy = structuredClone(doc);
	const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
	const [of, name] = pick(places(copy));
	const gifts = places(pick(others));
	const same = gifts.filter(([, other]) => other === name);
	const [from, part] = pick(same.length && next() < 0.7 ? same : gifts);
	const gift = (from as Record<string, Json>)[part]!;
	const odd: Json[] = [null, 0, -1, '', [], {}, true, 'x'.repeat(1000)];
	(of as Record<string, Json>)[name] = structuredClone(next() < 0.7 ? gift : pick(odd));
	return copy;
}

function places(value: Json): [object, string][] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, v]) => [[value, name] as [object, string], ...places(v as Json)]);
}

/** What stands at a path such as `document.tracking.id`. */
function at(value: unknown, path: string): unknown {
	return path
		.split('.')
		.filter(Boolean)
		.reduce<unknown>((v, name) => (v as Record<string, unknown> | undefined)?.[name], value);
}

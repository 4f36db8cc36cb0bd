import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { bytesOf, entries, missing, mutate, pieces, random, read } from './corpus';
import { open, type Stage } from './stage';

const kev = FORMATS.get('kev')!;
const FILES = entries('kev/', /vulnerabilities\.(json|csv)$/);
const records = (file: string) => Number(FILES.find((f) => f.file === file)?.stats?.records);
const [CSV, JSON_] = ['csv', 'json'].map((kind) => FILES.find((f) => f.file.endsWith(kind))!.file ?? '');

if (missing) it.skip(`CISA's catalogue is not held against the manifest: ${missing}`, () => {});

describe.skipIf(missing)("CISA's catalogue", () => {
	let stage: Stage;
	let ingest: Ingest;
	beforeAll(async () => {
		stage = await open();
		ingest = stage.intake(stage.client);
	});
	afterAll(() => stage.close());
	const deliver = (source: number, bytes: Uint8Array, count = 1) =>
		ingest.deliver(source, { bytes: pieces(bytes, count), contentType: '', format: 'kev' });

	it.each(FILES.map((f) => f.file))('%s is taken whole, once, in one piece and in a hundred', async (file) => {
		const source = await stage.source();
		expect(await deliver(source, bytesOf(file))).toMatchObject({
			accepted: records(file),
			duplicates: 0,
			quarantined: 0,
			ignored: 0,
			kinds: { vulnerability: records(file) }
		});
		expect(await deliver(source, bytesOf(file), 100)).toMatchObject({
			accepted: 0,
			duplicates: records(file),
			quarantined: 0
		});
	});

	it('is the same as JSON and as CSV', async () => {
		const source = await stage.source();
		await deliver(source, bytesOf(CSV!));
		expect(await deliver(source, bytesOf(JSON_!))).toMatchObject({ accepted: 0, duplicates: records(JSON_!) });
	});

	it('is the same with columns that it did not have, had not yet or spells otherwise, as long as nothing is in them', async () => {
		const [header, first] = bytesOf(CSV!).toString().split('\n');
		const only = async (text: string) => {
			const [item, ...more] = await read(kev, Buffer.from(text));
			expect(more).toEqual([]);
			return item?.kind === 'thing' ? item.thing.revision : item?.kind === 'fault' && item.fault.code;
		};
		const plain = await only(`${header}\n${first}\n`);
		expect(plain).toMatch(/^[0-9a-f]{64}$/);
		expect(await only(`${header},forensicTriage\n${first},\n`)).toBe(plain);
		expect(await only(`${header!.replace('cveID', 'CVEID')}\r\n${first}\r\n`)).toBe(plain);
		expect(await only(`${header},forensicTriage\n${first},Yes\n`)).not.toBe(plain);
		expect(await only(`${header}\n${first},,\n`)).toBe(plain);
		expect(await only(`${header}\n${first},too,many\n`)).toBe('too_many_fields');
		// Old catalogues had nine columns; `,` and quotes stand in the last ones.
		const nine =
			'cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,notes';
		expect(await only(`${nine}\nCVE-2021-27104,Accellion,FTA,"A ""b"", c",2021-11-03,d,e,2021-11-17,\n`)).toMatch(
			/^[0-9a-f]{64}$/
		);
	});

	it('may be nested deeper than can be followed', async () => {
		const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
		const items = await read(kev, Buffer.from(`{"cveID":"CVE-2024-0001","notes":${deep},"cwes":[${deep}]}`));
		expect(items).toMatchObject([{ kind: 'thing', thing: { key: 'CVE-2024-0001' } }]);
	});

	it('that has changed changes what is held, entry by entry', async () => {
		const source = await stage.source();
		const catalogue = JSON.parse(bytesOf(JSON_!).toString()) as { vulnerabilities: Record<string, unknown>[] };
		await deliver(source, bytesOf(JSON_!));
		const [first, second] = catalogue.vulnerabilities;
		Object.assign(first!, { knownRansomwareCampaignUse: 'Known', dueDate: '2024-01-01' });
		Object.assign(second!, { cveID: 'CVE-2099-99999' });
		expect(await deliver(source, Buffer.from(JSON.stringify(catalogue)))).toMatchObject({
			accepted: 2,
			duplicates: records(JSON_!) - 2,
			quarantined: 0
		});
		const [held] = await stage.client.sql<{ n: number; ransomware: string }[]>`
			select count(*) as n, max(o.facts->>'ransomware') filter (where h.key = ${String(first!.cveID)}) as ransomware
			from heads h join objects o on o.id = h.object_id where h.source_id = ${source}`;
		expect(held).toEqual({ n: records(JSON_!) + 1, ransomware: 'known' });
	});

	it('tells whether ransomware uses it in its own word, or does not say', async () => {
		const said = async (use: string) => {
			const [item] = await read(kev, Buffer.from(`cveID,knownRansomwareCampaignUse\nCVE-2024-0001,${use}\n`));
			return item?.kind === 'thing' && item.thing.facts?.ransomware;
		};
		expect([await said('Known'), await said(' unknown '), await said(''), await said('perhaps')]).toEqual([
			'known',
			'unknown',
			undefined,
			undefined
		]);
	});

	it('may name its columns as it likes', async () => {
		const [item] = await read(kev, Buffer.from('cveID,__proto__,constructor,toString\nCVE-2024-0001,a,b,c\n'));
		expect(item?.kind === 'thing' && item.raw).toBe(
			'{"cveID":"CVE-2024-0001","__proto__":"a","constructor":"b","toString":"c"}'
		);
		const [again] = await read(kev, Buffer.from(item?.kind === 'thing' ? item.raw : ''));
		expect(again?.kind === 'thing' && again.thing.revision).toBe(item?.kind === 'thing' && item.thing.revision);
	});

	it('loses nothing and crashes nothing when it is damaged: 100,000 entries', { timeout: 600_000 }, async () => {
		const next = random(2021);
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
			'"cveID"',
			'\0',
			'💥',
			'[]'
		];
		const all = (JSON.parse(bytesOf(JSON_!).toString()) as { vulnerabilities: unknown[] }).vulnerabilities.map((v) =>
			Buffer.from(JSON.stringify(v))
		);
		const rows = bytesOf(CSV!)
			.toString()
			.split('\n')
			.slice(1)
			.filter(Boolean)
			.map((r) => Buffer.from(r));
		const header = bytesOf(CSV!).subarray(0, bytesOf(CSV!).indexOf(10) + 1);
		const before = process.memoryUsage().rss;
		let good = 0;
		for (let inputs = 0; inputs < 100_000; inputs += 400) {
			const batch = (from: Buffer[]) =>
				Array.from({ length: 200 }, () => mutate(from[Math.floor(next() * from.length)]!, next, spice));
			for (const record of batch(all)) {
				const item = kev.one(record);
				good += Number(item.kind === 'thing');
				if (item.kind === 'fault') expect(kev.one(item.raw).kind).toBe('fault');
			}
			const lines = batch(rows)
				.map((r) => Buffer.from(r.map((c) => (c === 10 || c === 34 ? 32 : c))))
				.filter((r) => r.some((c) => c > 32));
			const items = await read(
				kev,
				Buffer.concat([header, ...lines.flatMap((r) => [r, Buffer.from('\n')])]),
				undefined,
				1 + Math.floor(next() * 20)
			);
			expect(items.length).toBe(lines.length);
		}
		expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024);
		expect(good).toBeGreaterThan(10_000);
	});
});

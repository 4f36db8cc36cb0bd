import fc from 'fast-check';
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import type { Viewer } from '$lib/core/viewer';
import { database } from '../../../../../tests/database';
import type { Client } from '../client';
import { load, type Reference } from '../reference';
import * as assets from './assets';
import * as constituent from '.';

let client: Client;
let reference: Reference;
const limits = { size: 1 << 20, rows: 1000 };
const admin: Viewer = { id: 'cli', name: 'spec', role: 'admin', clearance: 'red', sectors: null, provinces: null };
const take = (text: string, viewer = admin, within = limits) =>
	constituent.importCsv(client, viewer, reference, text, within);
const all = async (viewer = admin) => (await constituent.list(client, viewer)).constituents;
async function out(viewer = admin): Promise<string> {
	let text = '';
	for await (const piece of constituent.exportCsv(client, viewer)) text += piece;
	return text;
}
const facts = { sector: '', province: '', team: '', assets: '' };

beforeAll(async () => {
	client = await database();
	reference = await load(client.db);
});
afterEach(async () => void (await client.sql`delete from constituents`));
afterAll(() => client.close());

describe('a table', () => {
	it('is read with its columns in any order and every spelling', async () => {
		const answer = await take(
			'\ufeffAssets,organisation,TEAM,province,sector\r\n"203.0.113.7/24; AS17557\nwww.Example.pk",  PTCL  Group ,nTCERT,nwfp,Telecommunications\r\n\r\n,Nationwide Bank,,,bank\r\n'
		);
		expect(answer).toMatchObject({
			imported: true,
			rows: 2,
			added: 2,
			changed: 0,
			unchanged: 0,
			assets: 3,
			errors: []
		});
		expect(await all()).toMatchObject([
			{
				organisation: 'Nationwide Bank',
				sector: 'banking',
				province: null,
				team: null,
				networks: 0,
				asns: 0,
				domains: 0
			},
			{
				organisation: 'PTCL Group',
				sector: 'telecom',
				province: 'PK-KP',
				team: 'ntcert',
				networks: 1,
				asns: 1,
				domains: 1,
				version: 1
			}
		]);
		expect(await out()).toBe(
			'organisation,sector,province,team,assets\nNationwide Bank,banking,,,\nPTCL Group,telecom,PK-KP,ntcert,AS17557 203.0.113.0/24 www.example.pk\n'
		);
	});

	it('with semicolons or in UTF-16, as spreadsheets write it, is read, too', async () => {
		expect(await take('organisation;assets\nA;"10.0.0.0/8;10.1.0.0/16"\n')).toMatchObject({
			imported: true,
			assets: 2
		});
		const bytes = Buffer.from('\ufefforganisation\tsector\nبینک\tbanking\n', 'utf16le');
		async function* body() {
			for (let i = 0; i < bytes.length; i += 7) yield bytes.subarray(i, i + 7);
		}
		expect(await constituent.importCsv(client, admin, reference, body(), limits)).toMatchObject({
			imported: true,
			added: 1
		});
		expect((await all()).map((c) => c.organisation)).toEqual(['A', 'بینک']);
	});

	it('with anything wrong says so line by line, and nothing of it is taken', async () => {
		const answer = await take(
			'organisation,sector,province,team,assets\nGood,banking,PK-SD,,10.0.0.0/8\nBad,nonsense,PK-XX,nobody,10.0.0.0/40 pk\n"Two\nlines",banking,,,AS0\nGood,,,,\n,banking,,,\nWide,banking,,,10.0.0.1,10.0.0.2\n'
		);
		expect(answer).toMatchObject({ imported: false, wrong: 9 });
		expect(answer.errors.map((e) => `${e.line} ${e.column}`)).toEqual([
			'3 sector',
			'3 province',
			'3 team',
			'3 assets',
			'3 assets',
			'4 assets',
			'6 organisation',
			'7 organisation',
			'8 '
		]);
		expect(await all()).toEqual([]);
	});

	it('names at most a thousand errors and counts all', async () => {
		const answer = await take(
			`organisation,assets\n${Array.from({ length: 1500 }, (_, i) => `o${i},nonsense`).join('\n')}`,
			admin,
			{ ...limits, rows: 5000 }
		);
		expect(answer).toMatchObject({ imported: false, wrong: 1500 });
		expect(answer.errors).toHaveLength(1000);
	});

	it('without a header, with a foreign column, broken quotes or too many rows is refused', async () => {
		const wrong = async (text: string, within = limits) =>
			(await take(text, admin, within)).errors.map((e) => e.reason);
		expect(await wrong('')).toEqual([expect.stringContaining('empty')]);
		expect(await wrong('PTCL,telecom\n')).toEqual([
			expect.stringContaining('no column'),
			expect.stringContaining('no column'),
			expect.stringContaining('first line')
		]);
		expect(await wrong('organisation,colour\nA,red\n')).toEqual([expect.stringContaining('"colour" is no column')]);
		expect(await wrong('organisation,organisation\nA,B\n')).toEqual([expect.stringContaining('twice')]);
		expect(await wrong('organisation,sector\nA,banking\n"B,banking\n')).toEqual([expect.stringContaining('no CSV')]);
		expect(await wrong('organisation\nA\nB\nC\n', { ...limits, rows: 2 })).toEqual([
			expect.stringContaining('more than 2 rows')
		]);
		await expect(take('organisation\nA\n', admin, { ...limits, size: 10 })).rejects.toMatchObject({ status: 413 });
	});

	it('changes what it names, as far as it has the columns, and leaves the rest', async () => {
		await take(
			'organisation,sector,province,assets\nA,banking,PK-SD,10.0.0.0/8 a.pk\nB,telecom,,b.pk\nC,health,,c.pk\n'
		);
		expect(await take('organisation,sector\nA,energy\nB,telecom\n')).toMatchObject({
			imported: true,
			added: 0,
			changed: 1,
			unchanged: 1
		});
		expect(await take('organisation,assets\nC,d.pk c.pk\nD,\n')).toMatchObject({
			imported: true,
			added: 1,
			changed: 1,
			unchanged: 0
		});
		expect(await take('organisation,assets\nA,\n')).toMatchObject({ imported: true, changed: 1 });
		expect(await out()).toBe(
			'organisation,sector,province,team,assets\nA,energy,PK-SD,,\nB,telecom,,,b.pk\nC,health,,,c.pk d.pk\nD,,,,\n'
		);
		expect((await all()).map((c) => c.version)).toEqual([3, 1, 2, 1]);
		const same = await out();
		expect(await take(same)).toMatchObject({ imported: true, added: 0, changed: 0, unchanged: 4 });
	});

	it('of names that a spreadsheet would take for formulas comes back as it was', async () => {
		const name = fc.oneof(
			fc.string({ minLength: 1, maxLength: 20 }),
			fc.constantFrom("=cmd|'/c calc'!A1", '+1', '-1', '@x', "'=x", "'''=x", "'x", '＝x', '"quoted", yes', 'a;b')
		);
		await fc.assert(
			fc.asyncProperty(
				fc.uniqueArray(
					name
						.map((n) => n.normalize('NFC').replace(/\s+/g, ' ').trim())
						.filter((n) => n !== '' && !/\p{Cc}|\ufffd|\ufeff/u.test(n) && n.isWellFormed()),
					{ maxLength: 8 }
				),
				async (names) => {
					await client.sql`delete from constituents`;
					for (const organisation of names) await constituent.put(client, admin, reference, { ...facts, organisation });
					const text = await out();
					expect(text.split('\n').some((line) => /^"?[=+\-@]/.test(line))).toBe(false);
					expect(await take(text)).toMatchObject({ imported: true, unchanged: names.length });
				}
			),
			{ numRuns: 40 }
		);
	});
});

describe('overlaps', () => {
	it('are said: nested ones, and the same asset of two with both names', async () => {
		await take(
			'organisation,assets\nCarrier,10.0.0.0/8 2001:db8::/32 AS64500 carrier.pk\nBank,10.1.0.0/16 bank.carrier.pk\n'
		);
		const answer = await take(
			'organisation,assets\nShop,10.1.0.0/16 10.1.2.0/24 2001:db8:1::/48 AS64500 carrier.pk x.bank.carrier.pk 11.0.0.0/8\n'
		);
		if (!answer.imported) throw new Error('refused');
		expect(answer.overlaps).toMatchObject({ conflicts: 3, nested: 3 });
		const said = answer.overlaps.list
			.map(
				(o) =>
					`${o.same ? 'same' : 'inside'} ${o.outer.organisation} ${o.outer.value} ${o.inner.organisation} ${o.inner.value}`
			)
			.sort();
		expect(said).toEqual(
			[
				'same Carrier AS64500 Shop AS64500',
				'same Carrier carrier.pk Shop carrier.pk',
				'same Bank 10.1.0.0/16 Shop 10.1.0.0/16',
				'inside Bank 10.1.0.0/16 Shop 10.1.2.0/24',
				'inside Carrier 2001:db8::/32 Shop 2001:db8:1::/48',
				'inside Bank bank.carrier.pk Shop x.bank.carrier.pk'
			].sort()
		);
		expect(await take('organisation,assets\nOther,192.0.2.0/24\n')).toMatchObject({
			overlaps: { conflicts: 0, nested: 0, list: [] }
		});
	});
});

describe('one constituent', () => {
	it('is added, changed by whoever saw its last version, found, and removed, all in the audit', async () => {
		const { constituent: c } = await constituent.put(client, admin, reference, {
			organisation: 'NADRA',
			sector: 'government',
			province: 'Islamabad',
			team: '',
			assets: '203.0.113.0/24 nadra.gov.pk AS64501'
		});
		await expect(
			constituent.put(client, admin, reference, { ...facts, organisation: ' NADRA ' })
		).rejects.toMatchObject({ code: 'conflict' });
		const found = async (q: string) => (await constituent.list(client, admin, { q })).constituents.length;
		expect(
			await Promise.all(
				[
					'nadr',
					'x.nadra.gov.pk',
					'nadra.gov',
					'203.0.113.77',
					'203.0.112.0/23',
					'as64501',
					'AS6450',
					'203.0.114.1',
					'%',
					'50%'
				].map(found)
			)
		).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
		const changed = await constituent.put(
			client,
			admin,
			reference,
			{ organisation: 'NADRA', province: 'PK-IS', sector: 'government', team: 'ncert', assets: 'nadra.gov.pk' },
			{ id: c.id, version: c.version }
		);
		expect(changed.constituent).toMatchObject({ id: c.id, version: 2, team: 'ncert' });
		expect((await constituent.get(client, admin, c.id)).assets).toEqual([{ kind: 'domain', value: 'nadra.gov.pk' }]);
		await expect(
			constituent.put(client, admin, reference, { ...facts, organisation: 'X' }, { id: c.id, version: 1 })
		).rejects.toMatchObject({ status: 412 });
		await expect(constituent.remove(client, admin, c.id, 1)).rejects.toMatchObject({ status: 412 });
		await constituent.remove(client, admin, c.id, 2);
		await expect(constituent.get(client, admin, c.id)).rejects.toMatchObject({ status: 404 });
		const actions = await client.sql<
			{ action: string }[]
		>`select action from audit where subject = ${String(c.id)} order by id`;
		expect(actions.map((a) => a.action)).toEqual(['constituent.add', 'constituent.change', 'constituent.remove']);
	});

	it('that is wrong is refused with what is wrong', async () => {
		const put = (given: Partial<constituent.Input>) =>
			constituent.put(client, admin, reference, { organisation: 'X', ...facts, ...given });
		await expect(put({ organisation: ' ' })).rejects.toMatchObject({ detail: { path: 'organisation' } });
		await expect(put({ sector: 'nonsense' })).rejects.toMatchObject({ detail: { path: 'sector' } });
		await expect(put({ assets: 'a.pk 0.0.0.0/0 pk' })).rejects.toMatchObject({
			detail: { path: 'assets' },
			message: expect.stringContaining('too wide') as string
		});
	});

	it('is read page by page, each once', async () => {
		await take(`organisation\n${Array.from({ length: 55 }, (_, i) => `${i % 2 ? 'o' : 'O'}rg ${i}`).join('\n')}`);
		const names: string[] = [];
		for (let cursor: string | undefined, next: string | null = ''; next !== null; cursor = next ?? undefined) {
			const page = await constituent.list(client, admin, { limit: 10, cursor });
			names.push(...page.constituents.map((c) => c.organisation));
			next = page.next;
		}
		expect(names).toHaveLength(55);
		expect(new Set(names).size).toBe(55);
	});
});

describe('a viewer', () => {
	const bank: Viewer = { ...admin, role: 'operator', sectors: ['banking'] };

	it('with a scope sees and changes what is in it, and nothing else', async () => {
		await take('organisation,sector\nA bank,banking\nA mill,industry\nNobody,\n');
		expect((await all(bank)).map((c) => c.organisation)).toEqual(['A bank']);
		expect(await out(bank)).toBe('organisation,sector,province,team,assets\nA bank,banking,,,\n');
		const mill = (await all())[1]!;
		await expect(constituent.get(client, bank, mill.id)).rejects.toMatchObject({ status: 404 });
		await expect(constituent.remove(client, bank, mill.id, 1)).rejects.toMatchObject({ status: 404 });
		await expect(
			constituent.put(client, bank, reference, { ...facts, organisation: 'B', sector: 'industry' })
		).rejects.toMatchObject({ status: 403 });
		expect(await take('organisation,sector\nA bank,banking\nA mill,banking\nNew,health\n', bank)).toMatchObject({
			imported: false,
			errors: [{ line: 3 }]
		});
		expect(await take('organisation,sector\nA bank,banking\nNew,health\n', bank)).toMatchObject({
			imported: false,
			errors: [{ line: 3 }]
		});
		expect(await take('organisation,sector,assets\nA bank,banking,a.pk\nNew,banking,\n', bank)).toMatchObject({
			imported: true,
			added: 1,
			changed: 1
		});
	});

	it('with a scope is told how many overlaps there are, and the names of none that it may not see', async () => {
		await take('organisation,sector,assets\nSecret mill,industry,198.51.100.0/24\nA bank,banking,198.51.100.128/25\n');
		const { overlaps } = await constituent.put(client, bank, reference, {
			...facts,
			organisation: 'Wide',
			sector: 'banking',
			assets: '198.0.0.0/8'
		});
		expect(overlaps.conflicts + overlaps.nested).toBeGreaterThan(0);
		expect(JSON.stringify(overlaps)).not.toContain('mill');
	});

	it('reads and changes by role', async () => {
		const as = (role: Viewer['role']): Viewer => ({ ...admin, role });
		await expect(constituent.list(client, as('executive'))).rejects.toMatchObject({ status: 403 });
		await expect(take('organisation\nA\n', as('analyst'))).rejects.toMatchObject({ status: 403 });
		expect(await all(as('analyst'))).toEqual([]);
	});
});

describe('a change', () => {
	it('is told, and counted with its commit', async () => {
		let heard = 0;
		const { unlisten } = await client.sql.listen(assets.CHANNEL, () => heard++);
		const before = await assets.version(client.sql);
		await take('organisation,assets\nA,a.pk\n');
		expect(await assets.version(client.sql)).toBeGreaterThan(before);
		await expect.poll(() => heard).toBeGreaterThan(0);
		await unlisten();
	});

	it('by many at once leaves each constituent once', async () => {
		const rows = Array.from({ length: 40 }, (_, i) => `org ${i},10.${i}.0.0/16`);
		await Promise.all([rows, rows.toReversed(), rows].map((r) => take(`organisation,assets\n${r.join('\n')}\n`)));
		expect(await all()).toHaveLength(40);
	});
});

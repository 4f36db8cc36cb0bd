import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role, Viewer } from '$lib/core/viewer';
import { database } from '../../../../tests/database';
import * as calendar from './calendar';
import type { Client } from './client';
import * as log from './log';

const viewer = (role: Role = 'operator'): Viewer => ({
	id: 'user:1',
	name: 'Somebody',
	role,
	clearance: 'green',
	sectors: null,
	provinces: null
});
const NOW = Date.parse('2026-11-24T12:00:00Z') / 1000;
const EID: calendar.Input = { kind: 'holiday', name: 'Eid-ul-Fitr', from: '2026-03-20', to: '2026-03-22' };

describe('the calendar', () => {
	let client: Client;
	beforeAll(async () => {
		client = await database();
	});
	afterAll(() => client.close());

	it('begins with the days that are sure, as proposals', async () => {
		const entries = await calendar.list(client, viewer('wall'));
		expect(entries.map((e) => `${e.from.slice(5)} ${e.kind}`)).toEqual([
			'02-05 holiday',
			'03-23 holiday',
			'03-23 risk',
			'05-01 holiday',
			'08-14 holiday',
			'08-14 risk',
			'11-09 holiday',
			'12-25 holiday'
		]);
		expect(entries.every((e) => e.yearly && e.status === 'proposed')).toBe(true);
	});

	it('gives days from midnight to midnight in Pakistan, and yearly ones in every year', async () => {
		const all = await calendar.all(client.sql, NOW);
		const risks = all.filter((s) => s.kind === 'risk' && s.name === 'Independence Day');
		expect(risks.map((s) => new Date(s.from * 1000).toISOString())).toEqual(
			[2020, 2021, 2022, 2023, 2024, 2025, 2026, 2027, 2028].map((y) => `${y}-08-13T19:00:00.000Z`)
		);
		expect(risks.every((s) => s.to - s.from === 86_400)).toBe(true);
		expect(all).toEqual([...all].sort((a, b) => a.from - b.from));
	});

	it('has 29 February only where there is one, and a stretch over the new year stays whole', () => {
		const leap = calendar.years({ from: '2024-02-29', to: '2024-02-29' }, NOW);
		expect(leap.map((e) => e.from)).toEqual(['2020-02-29', '2024-02-29', '2028-02-29']);
		const turn = calendar.years({ from: '2026-12-31', to: '2027-01-01' }, NOW);
		expect(turn.at(-1)).toEqual({ from: '2028-12-31', to: '2029-01-01' });
	});

	it('of a year has what touches it, over the new year too', async () => {
		const [first] = await calendar.list(client, viewer());
		const of = (from: string, to: string, yearly: boolean, year: number) =>
			calendar.of([{ ...first!, from, to, yearly }], year).map((e) => `${e.from} ${e.to}`);
		expect(of('2026-12-31', '2027-01-01', true, 2026)).toEqual(['2025-12-31 2026-01-01', '2026-12-31 2027-01-01']);
		expect(of('2026-12-31', '2027-01-01', false, 2027)).toEqual(['2026-12-31 2027-01-01']);
		expect(of('2026-12-31', '2027-01-01', false, 2028)).toEqual([]);
		expect(calendar.of(await calendar.list(client, viewer()), 2030).map((e) => e.from)).toHaveLength(8);
	});

	it('is changed by who may, audited, and told in the log', async () => {
		const head = await log.head(client.sql);
		const made = await calendar.add(client, viewer(), EID);
		expect(made).toMatchObject({ ...EID, status: 'confirmed', by: 'Somebody', version: 1, yearly: false });
		const longer = await calendar.change(client, viewer(), made, { ...EID, to: '2026-03-23', note: 'moon sighted' });
		expect(longer).toMatchObject({ to: '2026-03-23', note: 'moon sighted', version: 2 });
		expect((await calendar.all(client.sql, NOW)).filter((s) => s.name === 'Eid-ul-Fitr')).toEqual([
			{
				kind: 'holiday',
				name: 'Eid-ul-Fitr',
				from: Date.parse('2026-03-19T19:00:00Z') / 1000,
				to: Date.parse('2026-03-23T19:00:00Z') / 1000
			}
		]);
		await calendar.remove(client, viewer(), longer);
		const entries = await log.after(client.sql, head, 10);
		expect(entries.map((e) => e.kind)).toEqual(['calendar', 'calendar', 'calendar']);
		const audit = await client.sql`select actor, action from audit where subject = ${String(made.id)} order by id`;
		expect(audit.map((a) => `${a.actor} ${a.action}`)).toEqual([
			'user:1 calendar.add',
			'user:1 calendar.change',
			'user:1 calendar.remove'
		]);
	});

	it('takes what somebody confirms for confirmed', async () => {
		const [first] = await calendar.list(client, viewer());
		const { kind, name, from, to, yearly, note } = first!;
		const after = await calendar.change(client, viewer(), first!, { kind, name, from, to, yearly, note });
		expect(after.status).toBe('confirmed');
	});

	it('refuses who may not, what is wrong, what is there, and what somebody else has changed', async () => {
		const refused = async (work: Promise<unknown>) => {
			const e = (await work.then(
				() => null,
				(e: unknown) => e
			)) as { code: string; message: string } | null;
			return e && `${e.code} ${e.message}`;
		};
		for (const role of ['wall', 'executive', 'analyst'] as const)
			expect(await refused(calendar.add(client, viewer(role), EID))).toMatch(/^forbidden/);
		for (const scope of [{ sectors: ['banking'] }, { provinces: ['PK-PB'] }]) {
			const part = { ...viewer(), ...scope };
			const [first] = await calendar.list(client, part);
			expect(await refused(calendar.add(client, part, EID))).toMatch(/^forbidden/);
			expect(await refused(calendar.change(client, part, first!, EID))).toMatch(/^forbidden/);
			expect(await refused(calendar.remove(client, part, first!))).toMatch(/^forbidden/);
		}
		const bad: [Partial<Record<keyof calendar.Input, unknown>>, RegExp][] = [
			[{ from: '2026-02-30' }, /from: is a day/],
			[{ to: '2026-03-19' }, /to: is before/],
			[{ to: '2027-06-01' }, /to: is more than 366 days/],
			[{ name: '  ' }, /name: is missing/],
			[{ name: 'a\0b' }, /name: holds a NUL/],
			[{ kind: 'feast' }, /kind: is one of/],
			[{ note: 'x'.repeat(1001) }, /note: has more/]
		];
		for (const [change, why] of bad)
			expect(await refused(calendar.add(client, viewer(), { ...EID, ...change } as calendar.Input))).toMatch(why);

		const twice = await Promise.allSettled([calendar.add(client, viewer(), EID), calendar.add(client, viewer(), EID)]);
		expect(twice.map((t) => t.status).sort()).toEqual(['fulfilled', 'rejected']);
		const made = (await calendar.list(client, viewer())).find((e) => e.name === EID.name)!;
		await calendar.change(client, viewer(), made, { ...EID, note: 'first' });
		expect(await refused(calendar.change(client, viewer(), made, { ...EID, note: 'second' }))).toMatch(
			/^precondition_failed/
		);
		expect(await refused(calendar.remove(client, viewer(), made))).toMatch(/^precondition_failed/);
		expect(await refused(calendar.remove(client, viewer(), { id: 999_999, version: 1 }))).toMatch(/^not_found/);
	});
});

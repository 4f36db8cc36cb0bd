import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { database } from '../../../../tests/database';
import { viewer } from '../../../../tests/contract/stage';
import type { Client } from './client';
import * as level from './level';
import * as log from './log';

const ahead = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const medium = (more: Record<string, unknown> = {}) => ({
	level: 'medium',
	reason: 'Flood in telecom',
	until: ahead(4),
	...more
});
const entries = async (client: Client) => (await log.after(client.sql, 0, 1000)).map((e) => e.payload.level);

describe('the declared national level', () => {
	let client: Client;
	beforeAll(async () => void (client = await database()));
	afterAll(() => client.close());

	it('is declared with reason and end, in the audit, and for every screen at once', async () => {
		const made = await level.declare(
			client,
			viewer({ id: 'user:7', name: 'Duty officer', role: 'executive' }),
			medium()
		);
		expect(made).toMatchObject({ level: 'medium', reason: 'Flood in telecom', by: 'Duty officer', withdrawn: null });
		expect(made.ended).toBe(made.until);
		expect(await level.latest(client.sql)).toEqual({
			level: 'medium',
			reason: 'Flood in telecom',
			by: 'Duty officer',
			since: made.since,
			until: made.until
		});
		expect((await entries(client)).at(-1)).toEqual(await level.latest(client.sql));
		const [row] = await client.sql`select actor, action, subject, detail from audit order by id desc limit 1`;
		expect(row).toMatchObject({
			actor: 'user:7',
			action: 'level.declare',
			subject: `level ${made.id}`,
			detail: { level: 'medium', reason: 'Flood in telecom' }
		});
	});

	it('ends when the next is declared, and both stay in the history with their reasons', async () => {
		const next = await level.declare(client, viewer(), medium({ level: 'high', reason: 'Two more operators' }));
		const [newest, before] = await level.list(client.sql);
		expect(newest!.id).toBe(next.id);
		expect(before).toMatchObject({ level: 'medium', ended: next.since });
	});

	it('is taken back with a reason, and then none is declared: the one before does not come back', async () => {
		await level.withdraw(client, viewer({ name: 'Shift lead' }), { reason: 'It is over' });
		expect(await level.latest(client.sql)).toBeNull();
		expect((await entries(client)).at(-1)).toBeNull();
		const [newest] = await level.list(client.sql);
		expect(newest!.withdrawn).toMatchObject({ by: 'Shift lead', reason: 'It is over' });
		expect(newest!.ended).toBe(newest!.withdrawn!.at);
		await expect(level.withdraw(client, viewer(), { reason: 'again' })).rejects.toMatchObject({ status: 409 });
	});

	it('that has expired is told as such, and is not replaced by an older one', async () => {
		await client.sql`insert into levels (level, reason, by, since, until) values ('low', 'Quiet', 'A', now() - interval '3 days', now() + interval '3 days'), ('severe', 'Flood', 'B', now() - interval '2 days', now() - interval '1 day')`;
		expect(await level.latest(client.sql)).toMatchObject({ level: 'severe', by: 'B' });
	});

	it.each([
		['a level that does not exist', { level: 'apocalyptic' }, 'level'],
		['no reason', { reason: '  ' }, 'reason'],
		['an end that is past', { until: ahead(-1) }, 'until'],
		['an end more than 30 days away', { until: ahead(24 * 31) }, 'until'],
		['an end without a zone', { until: '2026-11-24T12:00:00' }, 'until'],
		['no end', { until: undefined }, 'until'],
		['a field that nobody knows', { surprise: 1 }, undefined]
	])('is refused with %s, and nothing is written', async (_, more, path) => {
		const before = (await level.list(client.sql)).length;
		const refused = level.declare(client, viewer(), medium(more));
		await expect(refused).rejects.toMatchObject({ status: 400, code: 'invalid' });
		if (path) await expect(refused).rejects.toMatchObject({ detail: { path } });
		expect((await level.list(client.sql)).length).toBe(before);
	});

	it.each([
		['an analyst', { role: 'analyst' }],
		['a wall', { role: 'wall' }],
		['an executive of one sector', { role: 'executive', sectors: ['telecom'] }],
		['an operator of one province', { role: 'operator', provinces: ['PK-PB'] }]
	] as const)('is not for %s to declare or take back', async (_, more) => {
		const who = viewer({ ...more, sectors: 'sectors' in more ? [...more.sectors] : null } as never);
		await expect(level.declare(client, who, medium())).rejects.toMatchObject({ status: 403 });
		await expect(level.withdraw(client, who, { reason: 'x' })).rejects.toMatchObject({ status: 403 });
	});

	it('is not declared over the head of somebody who has just declared one', async () => {
		const over = (await level.declare(client, viewer(), medium())).id;
		const both = await Promise.allSettled([
			level.declare(client, viewer({ name: 'A' }), medium({ level: 'high', over })),
			level.declare(client, viewer({ name: 'B' }), medium({ level: 'severe', over }))
		]);
		expect(both.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
		const refused = both.find((r) => r.status === 'rejected') as PromiseRejectedResult;
		expect(refused.reason).toMatchObject({
			status: 409,
			message: expect.stringMatching(/^[AB] has declared another level/)
		});
		await level.withdraw(client, viewer(), { reason: 'over' });
		await expect(level.declare(client, viewer(), medium({ over }))).rejects.toMatchObject({ status: 409 });
		await expect(level.declare(client, viewer(), medium({ over: null }))).resolves.toBeTruthy();
	});
});

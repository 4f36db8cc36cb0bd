import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProblem } from '$lib/core/error';
import type { Viewer } from '$lib/core/viewer';
import { database } from '../../../../tests/database';
import type { Client } from './client';
import * as notice from './notice';
import { flow } from './outbound/norms';

const viewer = (more: Partial<Viewer> = {}): Viewer => ({
	id: 'user:1',
	name: 'Somebody',
	role: 'analyst',
	clearance: 'amber',
	sectors: null,
	provinces: null,
	...more
});
const refused = async (work: Promise<unknown>) => {
	const e = await work.then(
		() => null,
		(e: unknown) => e
	);
	return isProblem(e) ? `${e.code} ${e.message}` : String(e);
};
const AT = '2026-03-01T09:00:00+05:00';
const ABUSE: notice.New = { kind: 'abuse', network: 'as 64500', type: 'phishing', party: 'abuse desk', at: AT };

describe('notices', () => {
	let client: Client;
	beforeAll(async () => {
		client = await database();
	});
	afterAll(() => client.close());

	it('are kept as they were sent or received, with what became of them, and audited', async () => {
		const made = await notice.add(client, viewer(), { ...ABUSE, reference: 'T-1' });
		expect(made).toMatchObject({
			network: 'AS64500',
			type: 'phishing',
			at: Date.parse(AT) / 1000,
			tlp: 'amber',
			by: 'Somebody',
			closed: null,
			version: 1
		});
		const closed = await notice.change(client, viewer({ name: 'Other' }), made, {
			acknowledged: '2026-03-02T00:00:00Z',
			closed: '2026-03-03T00:00:00Z',
			note: 'taken down'
		});
		expect(closed).toMatchObject({
			acknowledged: Date.parse('2026-03-02') / 1000,
			closed: Date.parse('2026-03-03') / 1000,
			note: 'taken down',
			reference: 'T-1',
			changedBy: 'Other',
			version: 2
		});
		expect((await notice.change(client, viewer(), closed, { closed: null })).closed).toBeNull();
		const audit = await client.sql`select action from audit where subject = ${String(made.id)} order by id`;
		expect(audit.map((a) => a.action)).toEqual(['notice.add', 'notice.change', 'notice.change']);
		expect((await notice.list(client, viewer(), { network: 'AS64500', type: 'phishing' })).notices).toHaveLength(1);
		expect((await notice.list(client, viewer(), { network: 'AS64500', type: 'spam' })).notices).toHaveLength(0);
		expect((await notice.list(client, viewer(), { open: true })).notices).toHaveLength(1);
	});

	it('that cannot be so are refused, with what is wrong', async () => {
		const bad: [Record<string, unknown>, RegExp][] = [
			[{ network: null }, /network: is missing/],
			[{ network: "AS1' or" }, /network: is no network/],
			[{ type: 'vulnerable-system' }, /type: is one of/],
			[{ kind: 'rumour' }, /kind: is one of/],
			[{ party: ' ' }, /party: is missing/],
			[{ note: 'a\0' }, /note: holds a NUL/],
			[{ at: 'yesterday' }, /at: is a time/],
			[{ at: '2999-01-01T00:00:00Z' }, /at: is in the future/],
			[{ kind: 'foreign', network: null }, /network: is missing beside the type/],
			[{ tlp: 'red' }, /forbidden .*clearance/],
			[{ more: 1 }, /more/]
		];
		for (const [change, why] of bad)
			expect(await refused(notice.add(client, viewer(), { ...ABUSE, ...change } as notice.New))).toMatch(why);
		const made = await notice.add(client, viewer(), ABUSE);
		const steps: [notice.Change, RegExp][] = [
			[{ closed: '2026-02-01T00:00:00Z' }, /closed: is before the notice/],
			[{ closed: '2999-02-01T00:00:00Z' }, /closed: is in the future/],
			[{ triaged: '2026-03-02T00:00:00Z' }, /triaged: is no step/],
			[{ closed: '2026-03-02T00:00:00Z', rejected: '2026-03-02T00:00:00Z' }, /one end/]
		];
		for (const [change, why] of steps)
			expect(await refused(notice.change(client, viewer(), made, change))).toMatch(why);
		await notice.change(client, viewer(), made, { note: 'first' });
		expect(await refused(notice.change(client, viewer(), made, { note: 'second' }))).toMatch(/^precondition_failed/);
		expect(await refused(notice.change(client, viewer(), { id: 999_999, version: 1 }, {}))).toMatch(/^not_found/);
	});

	it('are written and read by who may, up to their clearance, and within a scope only of abuse in it', async () => {
		const secret = await notice.add(client, viewer({ clearance: 'red' }), {
			...ABUSE,
			kind: 'foreign',
			party: 'CERT abroad',
			tlp: 'red'
		});
		expect((await notice.list(client, viewer(), { kind: 'foreign' })).notices).toEqual([]);
		expect((await notice.list(client, viewer({ clearance: 'red' }), { kind: 'foreign' })).notices).toHaveLength(1);
		expect(await refused(notice.change(client, viewer(), secret, { note: 'x' }))).toMatch(/^not_found/);
		const scoped = viewer({ clearance: 'red', sectors: ['banking'] });
		expect((await notice.list(client, scoped)).notices).toEqual([]);
		expect(await refused(notice.add(client, scoped, ABUSE))).toMatch(/^forbidden/);
		expect(await refused(notice.add(client, scoped, { ...ABUSE, kind: 'request-in' }))).toMatch(/^forbidden/);
		expect(await refused(notice.add(client, viewer({ role: 'executive' }), ABUSE))).toMatch(/^forbidden/);
		expect(await refused(notice.list(client, viewer({ role: 'wall' })))).toMatch(/^forbidden/);
		const [left] = await client.sql`select count(*)::int as n from notices where kind = 'request-in'`;
		expect(left!.n).toBe(0);
	});

	it('are read in pages, each once', async () => {
		for (let i = 0; i < 7; i++) await notice.add(client, viewer(), { kind: 'request-in', party: `CERT ${i}`, at: AT });
		const all: number[] = [];
		for (let cursor: string | undefined; ;) {
			const page = await notice.list(client, viewer(), { kind: 'request-in', limit: 3, cursor });
			all.push(...page.notices.map((n) => n.id));
			if (!page.next) break;
			cursor = page.next;
		}
		expect(all).toHaveLength(7);
		expect(new Set(all).size).toBe(7);
	});
});

it('the flow of notices counts what has not come beside what took how long', () => {
	const none = { acknowledged: null, triaged: null, closed: null, rejected: null };
	expect(flow([])).toBeNull();
	expect(
		flow([
			{ ...none, at: 0 },
			{ ...none, at: 100, acknowledged: 110, closed: 200 },
			{ ...none, at: 0, acknowledged: 30, rejected: 40 },
			{ ...none, at: 0, closed: 50 }
		])
	).toEqual({
		n: 4,
		closed: 2,
		rejected: 1,
		open: 1,
		waiting: 1,
		took: {
			acknowledged: { n: 2, median: 10, p90: 30 },
			triaged: null,
			closed: { n: 2, median: 50, p90: 100 }
		}
	});
});

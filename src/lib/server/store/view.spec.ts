import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '$lib/core/viewer';
import { database } from '../../../../tests/database';
import type { Client } from './client';
import * as view from './view';

let client: Client;
beforeAll(async () => {
	client = await database();
});
afterAll(() => client.close());

const viewer = (more: Partial<Viewer> = {}): Viewer => ({
	id: 'user:one',
	name: 'One',
	role: 'analyst',
	clearance: 'amber',
	sectors: null,
	provinces: null,
	...more
});
const other = (more: Partial<Viewer> = {}) => viewer({ id: 'user:two', name: 'Two', ...more });
let serial = 0;
const save = (more: object = {}, who = viewer(), most = 200) =>
	view.save(client, who, { name: `view ${serial++}`, path: '/observations', params: 'sector=health', ...more }, most);
const names = async (who: Viewer, path?: string) => (await view.list(client, who, path)).map((v) => v.name);

describe('a saved view', () => {
	it('is its owner’s, with an address of ours, and stands in the audit', async () => {
		const made = await save({ name: ' Health, at night ', params: '?sector=health&q=a b&from=' });
		expect(made).toMatchObject({
			name: 'Health, at night',
			mine: true,
			by: 'One',
			href: '/observations?sector=health&q=a+b&from=',
			shared: false,
			tlp: 'amber'
		});
		expect(await names(viewer())).toContain('Health, at night');
		expect(await names(other())).not.toContain('Health, at night');
		expect(await client.sql`select actor, action from audit where subject = ${String(made.id)}`).toEqual([
			{ actor: 'user:one', action: 'view.save' }
		]);
		await view.remove(client, viewer(), made.id);
		expect(await names(viewer())).not.toContain('Health, at night');
		expect((await client.sql`select from audit where action = 'view.remove'`).length).toBe(1);
	});

	it('that is shared is seen by who may open the screen and is cleared for it, and by nobody else', async () => {
		const { name } = await save({ shared: true });
		const open = (await save({ shared: true, tlp: 'clear' })).name;
		expect(await names(other())).toEqual(expect.arrayContaining([name, open]));
		const green = await names(other({ clearance: 'green' }));
		expect(green).toContain(open);
		expect(green).not.toContain(name);
		expect(await names(other({ role: 'executive', clearance: 'red' }))).not.toContain(name);
		expect((await view.list(client, other())).find((v) => v.name === name)!.mine).toBe(false);
		expect(await names(other(), '/sectors')).toEqual([]);
	});

	it.each([
		[{ name: '' }, 'name'],
		[{ name: 'x'.repeat(81) }, 'name'],
		[{ name: 'a\nb' }, 'name'],
		[{ path: 'https://elsewhere.example/' }, 'path'],
		[{ path: '//elsewhere.example' }, 'path'],
		[{ path: '/observations/../logout' }, 'path'],
		[{ path: '/setup' }, 'path'],
		[{ path: '/__proto__' }, 'path'],
		[{ path: '/observations?x=1' }, 'path'],
		[{ params: 'a'.repeat(2001) }, 'params'],
		[{ params: 'q=%00' }, 'params'],
		[{ params: '<b>=1' }, 'params'],
		[{ tlp: 'purple' }, 'tlp'],
		[{ more: 1 }, '']
	])('is refused where it is wrong: %j', async (more, path) => {
		await expect(save(more)).rejects.toMatchObject({ status: 400, detail: { path } });
	});

	it('is of a screen that its owner may open, and no wall saves one', async () => {
		await expect(save({}, other({ role: 'executive' }))).rejects.toMatchObject({ status: 403 });
		await expect(save({ path: '/wall' }, other({ role: 'wall' }))).rejects.toMatchObject({ status: 403 });
		await expect(save({ tlp: 'red' })).rejects.toMatchObject({ status: 403 });
		expect(await save({ path: '/posture' }, other({ role: 'executive' }))).toMatchObject({ path: '/posture' });
	});

	it('is one of so many, whoever saves at once, and has a name of its own', async () => {
		const who = viewer({ id: 'user:many' });
		const got = await Promise.allSettled(Array.from({ length: 8 }, () => save({}, who, 5)));
		expect(got.filter((g) => g.status === 'fulfilled')).toHaveLength(5);
		for (const g of got) if (g.status === 'rejected') expect(g.reason).toMatchObject({ status: 409 });
		await save({ name: 'twice' });
		await expect(save({ name: 'twice' })).rejects.toMatchObject({ status: 409, detail: { path: 'name' } });
		expect(await save({ name: 'twice' }, other())).toMatchObject({ name: 'twice' });
	});

	it('is removed by its owner, or by an administrator where it is shared', async () => {
		const own = await save();
		const shared = await save({ shared: true });
		for (const who of [other(), other({ role: 'admin', clearance: 'green' })])
			for (const { id } of [own, shared])
				await expect(view.remove(client, who, id)).rejects.toMatchObject({ status: 404 });
		await view.remove(client, other({ role: 'admin', clearance: 'red' }), shared.id);
		await expect(view.remove(client, other({ role: 'admin', clearance: 'red' }), own.id)).rejects.toMatchObject({
			status: 404
		});
	});
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { database } from '../../../../tests/database';
import { read } from '../ops/config';
import * as logs from '../ops/log';
import type { Client } from '../store/client';
import * as access from '.';
import { CLI } from './audit';
import * as token from './token';
import * as user from './user';

let client: Client;
let door: access.Access;
let dir: string;
const ORIGIN = 'http://watch.test';
const log = logs.open('silent');
const start = (env: Record<string, string> = {}) =>
	access.open({ client, config: read({ WATCHFLOOR_DATA: dir, ORIGIN, ...env }), log });
const analyst = { role: 'analyst', clearance: 'red' } as const;
const who = { address: '192.0.2.7', agent: 'spec' };
const bearing = (text: string) => new Headers({ authorization: `Bearer ${text}` });
const cookies = (cookie: access.Cookie) => `${cookie.name}=${encodeURIComponent(cookie.value)}`;
/** Resolves when rights may have changed; the deadline is the test's own. */
const change = () =>
	new Promise<void>((done) => {
		const stop = door.onChange(() => {
			stop();
			done();
		});
	});

beforeAll(async () => {
	dir = mkdtempSync(join(tmpdir(), 'watchfloor-access-'));
	client = await database();
	door = await start();
});
afterAll(async () => {
	await door.close();
	await client.close();
	rmSync(dir, { recursive: true, force: true });
});

describe('the first start', () => {
	it('gives a code while there is nobody, and the code before it ends', async () => {
		const first = await door.setup();
		const second = await door.setup();
		expect(first).not.toBeNull();
		const me = { name: 'Admin', email: 'Admin@Example.pk', password: 'a long enough one' };
		await expect(door.redeem({ code: first!, ...me })).rejects.toMatchObject({ code: 'forbidden' });
		await expect(door.redeem({ code: second!, ...me, password: 'short' })).rejects.toMatchObject({
			code: 'invalid',
			message: 'password has 12 characters or more.'
		});
		const tries = await Promise.allSettled([1, 2, 3].map(() => door.redeem({ code: second!, ...me })));
		expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
		await expect(door.redeem({ code: second!, ...me })).rejects.toMatchObject({ code: 'conflict' });
		expect(await door.setup()).toBeNull();
		expect(await door.vacant()).toBe(false);
		const rows = await client.sql`select actor, action, detail from audit where action = 'user.add'`;
		expect(rows).toHaveLength(1);
		expect(JSON.stringify(rows)).not.toContain(me.password);
	});

	it('signs the administrator in, whose session is one of red clearance', async () => {
		const cookie = await door.enter({ email: 'admin@example.pk', password: 'a long enough one', ...who });
		const grant = await door.request(new Headers({ cookie: cookies(cookie) }));
		expect(access.viewer(grant)).toMatchObject({
			name: 'Admin',
			role: 'admin',
			clearance: 'red',
			sectors: null,
			provinces: null
		});
	});
});

describe('a token', () => {
	it('is kept as a hash only and lets its bearer in at once', async () => {
		const made = await token.add(client, CLI, {
			name: 'program',
			...analyst,
			clearance: 'TLP:AMBER',
			sectors: ['Banks', 'telecom'],
			provinces: ['KPK']
		});
		expect(made.token).toMatch(/^wf_[\w-]{43}$/);
		const [row] = await client.sql<
			{ all: string }[]
		>`select string_agg(to_jsonb(t)::text, '') || (select string_agg(to_jsonb(a)::text, '') from audit a) as all from tokens t`;
		expect(row!.all).not.toContain(made.token);
		const grant = await door.request(bearing(made.token));
		expect(access.viewer(grant)).toMatchObject({
			name: 'program',
			role: 'analyst',
			clearance: 'amber',
			sectors: ['banking', 'telecom'],
			provinces: ['PK-KP']
		});
		expect(door.bearer(made.token)).toEqual(grant);
	});

	it('with an unknown province, sector, role or clearance is refused in one clear sentence', async () => {
		const add = (input: object) => token.add(client, CLI, { name: 'wrong', ...analyst, ...input } as token.Add);
		await expect(add({ provinces: ['Atlantis'] })).rejects.toThrow(/^Atlantis is no province; known are PK-PB, /);
		await expect(add({ sectors: ['piracy'] })).rejects.toThrow(/^piracy is no sector; known are government, /);
		await expect(add({ sectors: [] })).rejects.toThrow('sectors names nothing');
		await expect(add({ role: 'king' })).rejects.toThrow('role is one of wall, executive');
		await expect(add({ clearance: 'purple' })).rejects.toThrow('clearance is one of clear, green');
		await expect(add({ expires: 1 })).rejects.toThrow('expires is over already');
		expect((await token.list(client, CLI)).map((t) => t.name)).not.toContain('wrong');
	});

	it('whose name was used before is a conflict, also after it was revoked', async () => {
		await token.add(client, CLI, { name: 'twice', ...analyst });
		await expect(token.add(client, CLI, { name: 'twice', ...analyst })).rejects.toMatchObject({ code: 'conflict' });
		await token.revoke(client, CLI, 'twice');
		await expect(token.add(client, CLI, { name: 'twice', ...analyst })).rejects.toMatchObject({ code: 'conflict' });
		await expect(token.revoke(client, CLI, 'twice')).rejects.toMatchObject({ code: 'not_found' });
	});

	it('of a source lets nobody look', async () => {
		await client.sql`insert into sources (slug, name, format, tlp, cadence) values ('feed', 'Feed', 'intelmq', 1, 3600)`;
		const first = await token.forSource(client, CLI, { source: 'feed' });
		const second = await token.forSource(client, CLI, { source: 'feed' });
		expect([first.name, second.name]).toEqual(['source/feed', 'source/feed/2']);
		const grant = await door.request(bearing(second.token));
		expect(grant).toMatchObject({ kind: 'source', slug: 'feed' });
		expect(access.viewer(grant)).toBeNull();
		await expect(token.forSource(client, CLI, { source: 'none' })).rejects.toMatchObject({ code: 'not_found' });
	});

	it('that is wrong never falls back to the cookie beside it', async () => {
		const made = await token.add(client, CLI, { name: 'beside', ...analyst });
		const cookie = `${door.cookies.token}=${made.token}`;
		expect(await door.request(new Headers({ cookie }))).not.toBeNull();
		for (const authorization of ['Bearer nonsense', 'Bearer', 'bearer ', `Bearer ${made.token}x`])
			expect(await door.request(new Headers({ cookie, authorization }))).toBeNull();
		expect(await door.handshake({ auth: { token: 'nonsense' }, headers: { cookie, origin: ORIGIN } })).toBeNull();
		expect(await door.handshake({ auth: { token: 7 }, headers: { cookie, origin: ORIGIN } })).toBeNull();
	});

	it('ends for those connected when it is revoked, and when its rights change', async () => {
		const made = await token.add(client, CLI, { name: 'ending', ...analyst });
		const before = (await door.request(bearing(made.token)))!;
		expect(await door.still(before)).toEqual(before);
		let told = change();
		await client.sql`update tokens set clearance = 'green' where name = 'ending'`;
		await told;
		expect(await door.still(before)).toBeNull();
		const after = (await door.request(bearing(made.token)))!;
		expect(access.viewer(after)?.clearance).toBe('green');
		told = change();
		await token.revoke(client, CLI, 'ending');
		await told;
		expect(await door.still(after)).toBeNull();
		expect(door.bearer(made.token)).toBeNull();
	});

	it('that expires ends for those connected', async () => {
		const made = await token.add(client, CLI, { name: 'short', ...analyst, expires: Date.now() / 1000 + 1.5 });
		const grant = (await door.request(bearing(made.token)))!;
		while (await door.still(grant)) await change();
		expect(door.bearer(made.token)).toBeNull();
	});

	it('of a role that this version does not know gives nothing', async () => {
		const made = await token.add(client, CLI, { name: 'future', ...analyst });
		await client.sql`update tokens set role = 'overlord' where name = 'future'`;
		expect(await door.request(bearing(made.token))).toBeNull();
	});

	it('cannot be given beyond what the giver has', async () => {
		const admin = { ...CLI, id: 'user:x', clearance: 'amber', provinces: ['PK-SD'] } as const;
		const some = { ...admin, provinces: [...admin.provinces] };
		await expect(token.add(client, some, { name: 'up', ...analyst, provinces: ['PK-SD'] })).rejects.toMatchObject({
			code: 'forbidden'
		});
		await expect(token.add(client, some, { name: 'wide', ...analyst, clearance: 'green' })).rejects.toMatchObject({
			code: 'forbidden'
		});
		await expect(token.add(client, { ...CLI, role: 'operator' }, { name: 'no', ...analyst })).rejects.toMatchObject({
			code: 'forbidden'
		});
		await token.add(client, some, { name: 'within', ...analyst, clearance: 'green', provinces: ['sindh'] });
	});
});

describe('a session', () => {
	const enter = async (name: string, rights: object = analyst) => {
		const added = await user.add(client, CLI, { email: `${name}@example.pk`, name, ...analyst, ...rights });
		const cookie = await door.enter({ ...added, ...who, address: `192.0.2.${name.length}` });
		const headers = new Headers({ cookie: cookies(cookie) });
		return { added, headers, grant: (await door.request(headers))! };
	};

	it('is not readable in the database', async () => {
		const { headers } = await enter('hidden');
		const value = decodeURIComponent(headers.get('cookie')!.split('=')[1]!).split('.')[0]!;
		const rows = await client.sql<{ token: string }[]>`select token from sessions`;
		expect(rows.map((r) => r.token)).toContain(token.hash(value));
		expect(JSON.stringify(rows)).not.toContain(value);
	});

	it('ends for those connected when its person signs out', async () => {
		const { headers, grant } = await enter('out');
		const told = change();
		await door.leave(headers);
		await told;
		expect(await door.still(grant)).toBeNull();
		expect(await door.request(headers)).toBeNull();
	});

	it('ends for those connected when its person gets another role, and when they are removed', async () => {
		const { headers, grant } = await enter('changed');
		let told = change();
		await client.sql`update users set role = 'executive', sectors = '{banking}' where email = 'changed@example.pk'`;
		await told;
		expect(await door.still(grant)).toBeNull();
		const now = (await door.request(headers))!;
		expect(access.viewer(now)).toMatchObject({ role: 'executive', sectors: ['banking'] });
		told = change();
		await user.remove(client, CLI, 'changed@example.pk');
		await told;
		expect(await door.still(now)).toBeNull();
	});

	it('with a forged signature is none', async () => {
		const { headers } = await enter('forged');
		const forged = headers
			.get('cookie')!
			.replace(/\.[^.]*$/, `.${encodeURIComponent(Buffer.alloc(32).toString('base64'))}`);
		expect(await door.request(new Headers({ cookie: forged }))).toBeNull();
	});

	it('opens a socket from our own pages only', async () => {
		const { headers } = await enter('pages');
		const cookie = headers.get('cookie')!;
		const ask = (more: Record<string, string>) =>
			door.handshake({ auth: {}, headers: { cookie, host: 'watch.test', ...more } });
		expect(await ask({ origin: ORIGIN })).not.toBeNull();
		expect(await ask({ 'sec-fetch-site': 'same-origin' })).not.toBeNull();
		for (const wrong of [
			{},
			{ origin: 'http://evil.test' },
			{ origin: 'null' },
			{ origin: 'http://watch.test.evil.test' },
			{ 'sec-fetch-site': 'same-site' }
		] as Record<string, string>[])
			expect(await ask(wrong)).toBeNull();
	});

	it('without a configured origin counts at the host that the browser asked for', async () => {
		const other = await start({ ORIGIN: '' });
		const { headers } = await enter('hosts');
		const ask = (origin: string) =>
			other.handshake({ auth: undefined, headers: { cookie: headers.get('cookie')!, host: '127.0.0.1:3000', origin } });
		expect(await ask('http://127.0.0.1:3000')).not.toBeNull();
		expect(await ask('http://127.0.0.1:3001')).toBeNull();
		await other.close();
	});
});

describe('the memory of access', () => {
	it('lets a crowd in while nobody can read the tables: it costs the database nothing a client', async () => {
		const made = await token.add(client, CLI, { name: 'crowd', ...analyst });
		await door.refresh();
		await client.sql.begin(async (tx) => {
			await tx`lock table tokens, sessions, users in access exclusive mode`;
			const grants = await Promise.all(
				Array.from({ length: 2000 }, () => door.handshake({ auth: { token: made.token }, headers: {} }))
			);
			expect(grants.every((g) => g?.kind === 'viewer')).toBe(true);
		});
	});

	it('follows again after the connection that hears notifications was cut', async () => {
		const made = await token.add(client, CLI, { name: 'cut', ...analyst });
		const grant = (await door.request(bearing(made.token)))!;
		await client.sql`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()`;
		await token.revoke(client, CLI, 'cut');
		while (await door.still(grant)) await change();
		expect(door.bearer(made.token)).toBeNull();
	});
});

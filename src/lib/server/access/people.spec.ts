import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { database } from '../../../../tests/database';
import { read } from '../ops/config';
import * as logs from '../ops/log';
import type { Client } from '../store/client';
import { CLI } from './audit';
import * as people from './people';
import * as user from './user';

let client: Client;
let door: people.People;
const who = { address: '192.0.2.7', agent: 'spec' };
const open = (env: Record<string, string>) =>
	people.open(client, read(env), logs.open('silent'), 'a secret of more than 32 characters');

beforeAll(async () => {
	client = await database();
	await user.add(client, CLI, {
		email: 'someone@example.pk',
		name: 'Someone',
		role: 'analyst',
		clearance: 'amber',
		password: 'a long enough one'
	});
	door = await open({});
});
afterAll(() => client.close());

describe('signing in', () => {
	it('says the same of a wrong password and of somebody unknown', async () => {
		const same = { message: 'This e-mail address and password do not belong together.', status: 401 };
		await expect(door.enter({ ...who, email: 'someone@example.pk', password: 'something else' })).rejects.toMatchObject(
			same
		);
		await expect(door.enter({ ...who, email: 'nobody@example.pk', password: 'something else' })).rejects.toMatchObject(
			same
		);
		await expect(door.enter({ ...who, email: 'no address', password: 'something else' })).rejects.toMatchObject(same);
	});

	it('is answered 429 with a time to wait after too many attempts from one address', async () => {
		const again = () =>
			door
				.enter({ ...who, address: '198.51.100.1', email: 'nobody@example.pk', password: 'something else' })
				.catch((e: unknown) => e);
		let last: unknown;
		for (let n = 0; n < 12; n++) last = await again();
		expect(last).toMatchObject({ code: 'busy', status: 429, detail: { retryAfter: expect.any(Number) } });
		await expect(
			door.enter({ ...who, address: '198.51.100.2', email: 'someone@example.pk', password: 'a long enough one' })
		).resolves.toBeDefined();
	});

	it('is recorded, and its cookie is for TLS only when people come over TLS', async () => {
		const given = { ...who, email: 'Someone@Example.pk', password: 'a long enough one' };
		const plain = await door.enter(given);
		const safe = await (await open({ ORIGIN: 'https://watch.test' })).enter(given);
		expect([plain.name, safe.name]).toEqual(['watchfloor.session_token', '__Secure-watchfloor.session_token']);
		const rows = await client.sql`select detail ->> 'address' as address from audit where action = 'session.start'`;
		expect(rows.map((r) => r.address)).toContain('192.0.2.7');
	});

	it('gives nobody a generated password that is too short, and takes no address twice', async () => {
		const made = await user.add(client, CLI, {
			email: 'new@example.pk',
			name: 'New',
			role: 'wall',
			clearance: 'green'
		});
		expect(made.password.length).toBeGreaterThanOrEqual(20);
		await expect(door.enter({ ...who, ...made })).resolves.toBeDefined();
		const again = { email: 'NEW@example.pk', name: 'New', role: 'wall', clearance: 'green' } as const;
		await expect(user.add(client, CLI, again)).rejects.toMatchObject({ code: 'conflict' });
		await expect(user.add(client, CLI, { ...again, email: 'nonsense' })).rejects.toThrow('email is no e-mail address');
	});
});

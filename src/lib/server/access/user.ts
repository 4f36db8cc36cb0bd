import { randomBytes, randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, missing } from '$lib/core/error';
import type { Viewer } from '$lib/core/viewer';
import type { Client, Db } from '../store/client';
import * as reference from '../store/reference';
import { accounts, users } from '../store/schema';
import * as audit from './audit';
import * as scope from './scope';

/** People. They sign in with their e-mail address and a password; nobody can add themselves. */

/** Name, address and password of a person, as the setup and the command line take them. */
export const person = {
	email: z.string().trim().toLowerCase().max(254).pipe(z.email('is no e-mail address')),
	name: z.string().trim().min(1, 'is missing').max(100, 'has 100 characters at the most'),
	password: z.string().min(12, 'has 12 characters or more').max(128, 'has 128 characters at the most')
};

const Add = z.object({ ...person, password: person.password.optional(), ...scope.shape });

/**
 * Adds a person. Without a password, one is made, to be told to them once.
 * @throws Problem `invalid`, `forbidden`, `conflict` (the address is taken)
 */
export async function add(
	client: Client,
	actor: Viewer,
	input: z.input<typeof Add>
): Promise<{ email: string; password: string }> {
	scope.authorise(actor);
	const { email, name, password = randomBytes(15).toString('base64url'), ...given } = scope.read(Add, input);
	const rights = scope.resolve(await reference.load(client.db), given);
	scope.authorise(actor, rights);
	await client.db.transaction((tx) => insert(tx, actor, { email, name, password }, rights));
	return { email, password };
}

/**
 * Removes a person with their sessions; their sockets end within a second. What they did stays in the audit.
 * @throws Problem `not_found`, `forbidden`
 */
export async function remove(client: Client, actor: Viewer, email: string): Promise<void> {
	scope.authorise(actor);
	await client.db.transaction(async (tx) => {
		const gone = await tx
			.delete(users)
			.where(eq(users.email, email.trim().toLowerCase()))
			.returning({ id: users.id, name: users.name });
		if (!gone[0]) throw missing(`A person with the address ${email}`);
		await audit.write(tx, actor, 'user.remove', `user:${gone[0].id}`, { email, name: gone[0].name });
	});
}

/** All people by their address. */
export async function list(
	client: Client,
	actor: Viewer
): Promise<
	{
		id: string;
		email: string;
		name: string;
		role: string;
		clearance: string;
		sectors: string[] | null;
		provinces: string[] | null;
	}[]
> {
	scope.authorise(actor);
	return client.db
		.select({
			id: users.id,
			email: users.email,
			name: users.name,
			role: users.role,
			clearance: users.clearance,
			sectors: users.sectors,
			provinces: users.provinces
		})
		.from(users)
		.orderBy(asc(users.email));
}

/**
 * Puts a person in, as part of a transaction. `actor` absent: they are the first, and act for themselves.
 * @throws Problem `conflict` when the address is taken
 */
export async function insert(
	tx: Pick<Db, 'insert'>,
	actor: Pick<Viewer, 'id'> | null,
	who: { email: string; name: string; password: string },
	rights: scope.Rights
): Promise<void> {
	const id = randomUUID();
	const made = await tx
		.insert(users)
		.values({ id, email: who.email, name: who.name, emailVerified: true, ...rights })
		.onConflictDoNothing({ target: users.email })
		.returning({ id: users.id });
	if (!made.length) throw conflict(`Somebody with the address ${who.email} is there already.`, { email: who.email });
	await tx.insert(accounts).values({
		id: randomUUID(),
		accountId: id,
		providerId: 'credential',
		userId: id,
		password: await hashPassword(who.password)
	});
	await audit.write(tx, actor ?? { id: `user:${id}` }, 'user.add', `user:${id}`, {
		email: who.email,
		name: who.name,
		...rights
	});
}

import { randomBytes, randomUUID } from 'node:crypto';
import { and, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, Problem } from '$lib/core/error';
import type { Client, Db } from '../store/client';
import { users, verifications } from '../store/schema';
import * as scope from './scope';
import { hash } from './token';
import * as user from './user';

/**
 * The first start: while there is nobody, whoever can read the server's output may become the administrator.
 *
 *   no user ──start──► code printed (the one before it ends) ──/setup──► administrator ──► no code is ever made again
 *                              └── 24 hours ──► ended; the next start prints another
 */
const CODE = 'setup';

const Redeem = z.object({ code: z.string().trim(), ...user.person });

/** A new code, or null when there is a user. Only its hash is kept. */
export async function begin(client: Client): Promise<string | null> {
	const code = randomBytes(24).toString('base64url');
	return client.db.transaction(async (tx) => {
		await alone(tx);
		if (!(await nobody(tx))) return null;
		await tx.delete(verifications).where(eq(verifications.identifier, CODE));
		await tx.insert(verifications).values({
			id: randomUUID(),
			identifier: CODE,
			value: hash(code),
			expiresAt: new Date(Date.now() + 24 * 3600_000)
		});
		return code;
	});
}

/** Whether the setup is still to be done. */
export const open = (client: Client): Promise<boolean> => nobody(client.db);

/**
 * Makes the administrator. The code counts once; nothing is changed when anything is wrong.
 * @throws Problem `invalid`, `forbidden` (wrong or ended code), `conflict` (somebody was faster)
 */
export async function redeem(
	client: Client,
	input: z.input<typeof Redeem>
): Promise<{ email: string; password: string }> {
	const { code, ...who } = scope.read(Redeem, input);
	await client.db.transaction(async (tx) => {
		await alone(tx);
		if (!(await nobody(tx))) throw conflict('The administrator is set up already; sign in instead.');
		const spent = await tx
			.delete(verifications)
			.where(
				and(
					eq(verifications.identifier, CODE),
					eq(verifications.value, hash(code)),
					gt(verifications.expiresAt, sql`now()`)
				)
			)
			.returning({ id: verifications.id });
		if (!spent.length)
			throw new Problem(
				'forbidden',
				403,
				'This setup code is wrong or has ended; the server prints a new one at each start.'
			);
		await user.insert(tx, null, who, { role: 'admin', clearance: 'red', sectors: null, provinces: null });
	});
	return { email: who.email, password: who.password };
}

type Tx = Pick<Db, 'select' | 'execute'>;
/** One setup at a time, over all processes. */
const alone = (tx: Tx) => tx.execute(sql`select pg_advisory_xact_lock(7407005)`);
const nobody = async (tx: Pick<Db, 'select'>) => (await tx.select({ id: users.id }).from(users).limit(1)).length === 0;

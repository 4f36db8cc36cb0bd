import { createHash, randomBytes } from 'node:crypto';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, missing } from '$lib/core/error';
import type { Viewer } from '$lib/core/viewer';
import type { Client, Db } from '../store/client';
import * as reference from '../store/reference';
import { sources, tokens } from '../store/schema';
import * as audit from './audit';
import * as scope from './scope';

/**
 * Tokens of sources, programs and walls. A token is 32 random bytes, so its plain SHA-256 is enough: there is nothing
 * to guess. It is shown once, when it is made; the database keeps the hash.
 */
const FORM = /^wf_[A-Za-z0-9_-]{43}$/;

/** Whether something can be a token at all; nothing else is looked for. */
export const looks = (text: string): boolean => FORM.test(text);

/** What is kept of a token or of a session's secret: its SHA-256, hex. */
export const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const make = () => `wf_${randomBytes(32).toString('base64url')}`;

const Name = z.string().trim().min(1, 'is missing').max(100, 'has 100 characters at the most');
const Expires = z
	.number('is a time in epoch seconds')
	.refine((at) => at > Date.now() / 1000, 'is over already')
	.nullish();
const Add = z.object({ name: Name, ...scope.shape, expires: Expires });
const ForSource = z.object({ source: z.string().min(1, 'is missing'), expires: Expires });

/** What may be given: `expires` is in epoch seconds, absent means never. */
export type Add = z.input<typeof Add>;

/** A token as a list shows it. Times are epoch seconds. */
export type Token = {
	name: string;
	/** slug of the source that it delivers for; then it has no role */
	source: string | null;
	role: string | null;
	clearance: string | null;
	sectors: string[] | null;
	provinces: string[] | null;
	created: number;
	expires: number | null;
	revoked: number | null;
};

/**
 * Makes a token for a program or a wall.
 * @throws Problem `invalid` (what is wrong, and what exists), `forbidden`, `conflict` (the name was used before, be it by a revoked one)
 */
export async function add(client: Client, actor: Viewer, input: Add): Promise<{ name: string; token: string }> {
	scope.authorise(actor);
	const { name, expires, ...given } = scope.read(Add, input);
	const rights = scope.resolve(await reference.load(client.db), given);
	scope.authorise(actor, rights);
	return client.db.transaction(async (tx) => {
		const token = await insert(tx, { name, ...rights, ...at(expires) });
		if (!token)
			throw conflict(`There is a token named ${name} already, perhaps a revoked one; choose another name.`, { name });
		await audit.write(tx, actor, 'token.add', name, { ...rights, expires: expires ?? null });
		return { name, token };
	});
}

/**
 * Makes a token that delivers for one source and reads nothing. Older ones of the source stay valid, so that a sensor
 * can be moved to the new one before they are revoked.
 * @throws Problem `not_found`, `forbidden`
 */
export async function forSource(
	client: Client,
	actor: Viewer,
	input: z.input<typeof ForSource>
): Promise<{ name: string; token: string }> {
	scope.authorise(actor);
	const { source: slug, expires } = scope.read(ForSource, input);
	return client.db.transaction(async (tx) => {
		const [source] = await tx.select({ id: sources.id }).from(sources).where(eq(sources.slug, slug)).for('update');
		if (!source) throw missing(`The source ${slug}`);
		for (let n = 1; ; n++) {
			const name = n === 1 ? `source/${slug}` : `source/${slug}/${n}`;
			const token = await insert(tx, { name, sourceId: source.id, ...at(expires) });
			if (!token) continue;
			await audit.write(tx, actor, 'token.add', name, { source: slug, expires: expires ?? null });
			return { name, token };
		}
	});
}

/**
 * Ends a token, and its sockets within a second.
 * @throws Problem `not_found`, also when it is revoked already; `forbidden`
 */
export async function revoke(client: Client, actor: Viewer, name: string): Promise<void> {
	scope.authorise(actor);
	await client.db.transaction(async (tx) => {
		const gone = await tx
			.update(tokens)
			.set({ revokedAt: sql`now()` })
			.where(and(eq(tokens.name, name), isNull(tokens.revokedAt)))
			.returning({ id: tokens.id });
		if (!gone.length) throw missing(`A live token named ${name}`);
		await audit.write(tx, actor, 'token.revoke', name);
	});
}

/** All tokens ever made, by name, without their hashes. */
export async function list(client: Client, actor: Viewer): Promise<Token[]> {
	scope.authorise(actor);
	const rows = await client.db
		.select({ token: tokens, source: sources.slug })
		.from(tokens)
		.leftJoin(sources, eq(sources.id, tokens.sourceId))
		.orderBy(asc(tokens.name));
	const seconds = (date: Date | null) => date && date.getTime() / 1000;
	return rows.map(({ token: t, source }) => ({
		name: t.name,
		source,
		role: t.role,
		clearance: t.clearance,
		sectors: t.sectors,
		provinces: t.provinces,
		created: t.createdAt.getTime() / 1000,
		expires: seconds(t.expiresAt),
		revoked: seconds(t.revokedAt)
	}));
}

const at = (expires: number | null | undefined) => ({ expiresAt: expires ? new Date(expires * 1000) : null });

/** The new token; undefined when its name is taken. */
async function insert(
	tx: Pick<Db, 'insert'>,
	row: Omit<typeof tokens.$inferInsert, 'hash'>
): Promise<string | undefined> {
	const token = make();
	const made = await tx
		.insert(tokens)
		.values({ ...row, hash: hash(token) })
		.onConflictDoNothing({ target: tokens.name })
		.returning({ id: tokens.id });
	return made.length ? token : undefined;
}

import { BetterAuthError } from 'better-auth';
import type { BetterAuthOptions, DBAdapter, Where } from 'better-auth';
import { hash } from './token';

type Make = (options: BetterAuthOptions) => DBAdapter<BetterAuthOptions>;
type Row = Record<string, unknown>;

/**
 * An adapter of better-auth that keeps the hash of a session's secret instead of the secret: who reads the database, or
 * a backup of it, cannot sit down in somebody's session. better-auth looks sessions up by their secret only, which is
 * hashed on the way in; in the answer it gets back the secret it asked with.
 */
export const hashed =
	(make: Make): Make =>
	(options) =>
		seal(make(options));

function seal(inner: DBAdapter<BetterAuthOptions>): DBAdapter<BetterAuthOptions> {
	/** the same request with hashes, and what turns its answer back */
	const closed = <T extends { model: string; where?: Where[] }>(
		request: T
	): { request: T; opened: <R>(row: R) => R } => {
		if (request.model !== 'session') return { request, opened: (row) => row };
		const secrets = new Map<string, string>();
		const close = (secret: unknown) => {
			if (typeof secret !== 'string') throw new BetterAuthError('A session is looked up by its secret as text.');
			const closed = hash(secret);
			secrets.set(closed, secret);
			return closed;
		};
		const where = request.where?.map((w) => {
			if (w.field !== 'token') return w;
			return { ...w, value: Array.isArray(w.value) ? w.value.map(close) : close(w.value) };
		});
		return {
			request: { ...request, where },
			opened: <R>(row: R): R => {
				const token = (row as Row | null)?.token;
				const secret = typeof token === 'string' ? secrets.get(token) : undefined;
				return secret === undefined ? row : { ...row, token: secret };
			}
		};
	};
	return {
		...inner,
		async create<T extends Record<string, unknown>, R = T>(request: {
			model: string;
			data: Omit<T, 'id'>;
			select?: string[];
			forceAllowId?: boolean;
		}): Promise<R> {
			const secret = (request.data as Row).token;
			if (request.model !== 'session' || typeof secret !== 'string') return inner.create<T, R>(request);
			const row = await inner.create<T, R>({ ...request, data: { ...request.data, token: hash(secret) } });
			return { ...row, token: secret };
		},
		async findOne<T>(asked: Parameters<typeof inner.findOne>[0]) {
			const { request, opened } = closed(asked);
			return opened(await inner.findOne<T>(request));
		},
		async findMany<T>(asked: Parameters<typeof inner.findMany>[0]) {
			const { request, opened } = closed(asked);
			return (await inner.findMany<T>(request)).map(opened);
		},
		async update<T>(asked: Parameters<typeof inner.update>[0]) {
			const { request, opened } = closed(asked);
			return opened(await inner.update<T>(request));
		},
		count: (asked) => inner.count(closed(asked).request),
		updateMany: (asked) => inner.updateMany(closed(asked).request),
		delete: (asked) => inner.delete(closed(asked).request),
		deleteMany: (asked) => inner.deleteMany(closed(asked).request),
		async consumeOne<T>(asked: Parameters<typeof inner.consumeOne>[0]) {
			const { request, opened } = closed(asked);
			return opened(await inner.consumeOne<T>(request));
		},
		transaction: (work) => inner.transaction((tx) => work(seal(tx as DBAdapter<BetterAuthOptions>)))
	};
}

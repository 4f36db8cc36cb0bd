import { Problem } from '$lib/core/error';
import type { Sql, Tx } from './client';

/** SQLSTATE of a statement that took too long. */
const CANCELLED = '57014';
export const isLate = (e: unknown): boolean => e instanceof Error && 'code' in e && e.code === CANCELLED;

/**
 * Reads that search single observations, as of one moment, within so many seconds a statement.
 * @throws Problem `too_slow` 503 that says what makes it fast
 */
export async function within<T>(sql: Sql, seconds: number, work: (tx: Tx) => Promise<T>): Promise<T> {
	try {
		return (await sql.begin('isolation level repeatable read read only', async (tx) => {
			await tx`set local statement_timeout = ${tx.unsafe(String(Math.max(1, Math.round(seconds * 1000))))}`;
			return work(tx);
		})) as T;
	} catch (e) {
		if (isLate(e))
			throw new Problem(
				'too_slow',
				503,
				`The search took longer than ${seconds} s: narrow the time or name a sector.`,
				{ retryAfter: 1, seconds }
			);
		throw e;
	}
}

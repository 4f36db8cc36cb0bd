import type { Sql, Tx } from './client';

/** Number of the advisory lock that every commit of observations shares. */
const LOCK = 7_407_006;

/** Held until the end of the transaction by whoever commits observations. */
export const share = (tx: Tx) => tx`select pg_advisory_xact_lock_shared(${LOCK})`;

/**
 * Resolves when every commit of observations that was under way has ended: those that begin later see what was committed
 * before the call.
 */
export const pass = (sql: Sql): Promise<unknown> =>
	sql.begin(async (tx) => {
		await tx`set local statement_timeout = 0`;
		await tx`select pg_advisory_xact_lock(${LOCK})`;
	});

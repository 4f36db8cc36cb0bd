import type { Tx } from '../client';

/** Number of the advisory lock under which constituents change: one writer after another, so none deadlocks on the count of changes. */
const LOCK = 7_407_003;

/** Waits its turn until the transaction's end. */
export async function take(tx: Tx): Promise<void> {
	await tx`set local statement_timeout = 0`;
	await tx`select pg_advisory_xact_lock(${LOCK})`;
}

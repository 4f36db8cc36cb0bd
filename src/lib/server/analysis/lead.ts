import type { Client, Sql } from '../store/client';

/** Number of the advisory lock of whoever leads. */
const LOCK = 7_407_014;

/**
 * One of all processes on a database leads: the one whose session holds a lock. When the connection breaks, so does the
 * lock, and the next look finds out: it takes the lock again, or another process has it. What the leader writes is
 * guarded besides by the mark that it moves, so that nobody can write for a second who leads no more.
 */
export class Lead {
	readonly #sql: Sql;

	constructor(client: Client) {
		// A connection of its own that lasts: a lock belongs to a session, and whoever loses the lead has to learn all anew.
		this.#sql = client.open(1, 10, true);
	}

	/** Whether this process leads now; takes the lead if it is free. */
	async take(): Promise<boolean> {
		const [row] = await this.#sql<{ mine: boolean }[]>`
			select case when exists (select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()) and classid = 0 and objid = ${LOCK} and pid = pg_backend_pid() and granted)
				then true else pg_try_advisory_lock(${LOCK}) end as mine`;
		return row!.mine;
	}

	/** Gives the lead to whoever asks next. */
	async close(): Promise<void> {
		await this.#sql.end({ timeout: 1 });
	}
}

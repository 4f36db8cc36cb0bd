import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema';

export type Sql = postgres.Sql<Record<string, never>>;
export type Db = PostgresJsDatabase<typeof schema>;
export type Tx = postgres.TransactionSql<Record<string, never>>;

/** Connections of one process. `sql` reads and does small writes; the ingest writer takes one of its own. */
export type Client = { sql: Sql; db: Db; url: string; open(max: number, timeout: number): Sql; close(): Promise<void> };

/**
 * Opens the pool. Every connection is named `watchfloor/<pid>`, which is how the embedded database knows that
 * somebody still uses it.
 * @param timeout seconds that one statement may take
 */
export function connect(url: string, max: number, timeout: number): Client {
	const open = (max: number, timeout: number) =>
		postgres(url, {
			max,
			connection: { application_name: `watchfloor/${process.pid}`, TimeZone: 'UTC', statement_timeout: timeout * 1000, idle_in_transaction_session_timeout: 60_000 },
			types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
			onnotice: () => {},
			connect_timeout: 10,
			backoff: (n) => Math.min(0.05 * 2 ** n, 2)
		}) as unknown as Sql;
	const sql = open(max, timeout);
	return {
		sql,
		db: drizzle(sql as never, { schema }),
		url,
		open,
		close: () => sql.end({ timeout: 5 })
	};
}

/** Runs `work` in one transaction in which every read sees the same moment. */
export const moment = <T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> => sql.begin('isolation level repeatable read read only', work) as Promise<T>;

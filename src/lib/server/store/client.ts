import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { dial } from './dial';
import * as schema from './schema';

export type Sql = postgres.Sql<Record<string, never>>;
export type Db = PostgresJsDatabase<typeof schema>;
export type Tx = postgres.TransactionSql<Record<string, never>>;

/** Connections of one process. `sql` reads and does small writes; the ingest writer takes one of its own. */
export type Client = {
	sql: Sql;
	db: Db;
	url: string;
	/** `lasting`: the driver does not replace connections after half an hour or an hour; for what belongs to a session */
	open(max: number, timeout: number, lasting?: boolean): Sql;
	close(): Promise<void>;
};

/**
 * Opens the pools. Every connection is named `watchfloor/<pid>`, for whoever looks at the database.
 * @param timeout seconds that one statement may take
 */
export function connect(url: string, max: number, timeout: number): Client {
	const open = (max: number, timeout: number, lasting = false) =>
		steady(
			postgres(url, {
				max,
				connection: {
					application_name: `watchfloor/${process.pid}`,
					TimeZone: 'UTC',
					statement_timeout: timeout * 1000,
					idle_in_transaction_session_timeout: 60_000
				},
				types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
				onnotice: () => {},
				connect_timeout: 10,
				...(lasting && { max_lifetime: null }),
				...{ socket: dial() }, // the driver takes it; its types do not know it
				backoff: (n) => Math.min(0.05 * 2 ** n, 2)
			}) as unknown as Sql
		);
	const sql = open(max, timeout);
	// Drizzle takes over how its client reads and writes dates and JSON: so it gets connections of its own.
	const drizzled = open(2, timeout);
	return {
		sql,
		db: drizzle(drizzled as never, { schema }),
		url,
		open,
		close: async () => {
			await Promise.all([sql.end({ timeout: 5 }), drizzled.end({ timeout: 5 })]);
		}
	};
}

/**
 * When a connection breaks in the middle of a transaction, the driver rejects it, and then still sends a rollback over
 * what is not there any more, which ends the process. So what runs in a transaction does not tell of a lost connection:
 * the driver knows.
 */
function steady(sql: Sql): Sql {
	const begin = sql.begin.bind(sql) as (...args: unknown[]) => Promise<unknown>;
	const quiet = (work: (tx: Tx) => unknown) => async (tx: Tx) => {
		try {
			return await work(tx);
		} catch (e) {
			if (isLost(e)) return new Promise(() => {});
			throw e;
		}
	};
	return Object.assign(sql, {
		begin: (...args: unknown[]) => begin(...args.slice(0, -1), quiet(args.at(-1) as (tx: Tx) => unknown))
	});
}

/** The driver's and the system's codes of a broken connection, and the classes 08 and 57P of SQLSTATE: the server has closed it. */
const isLost = (e: unknown): boolean =>
	e instanceof Error &&
	'code' in e &&
	/^(CONNECTION_(CLOSED|DESTROYED|ENDED)|EPIPE|ECONNRESET|08...|57P0[1-5])$/.test(String(e.code));

/** Runs `work` in one transaction in which every read sees the same moment. */
export const moment = <T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> =>
	sql.begin('isolation level repeatable read read only', work) as Promise<T>;

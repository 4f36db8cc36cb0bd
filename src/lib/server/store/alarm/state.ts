import type { JSONValue } from 'postgres';
import type { Sql } from '../client';

/** What a rule remembers from one minute to the next beside its alarms: plain data, by name. */

export async function read<T>(sql: Sql, name: string): Promise<T | undefined> {
	const [row] = await sql<{ state: T }[]>`select state from marks where name = ${name}`;
	return row?.state;
}

export async function write(sql: Sql, name: string, state: unknown): Promise<void> {
	await sql`insert into marks (name, seq, state) values (${name}, 0, ${sql.json(state as JSONValue)}) on conflict (name) do update set state = excluded.state`;
}

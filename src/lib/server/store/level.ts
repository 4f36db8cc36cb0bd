import type { Declared } from '$lib/core/picture';
import type { Level } from '$lib/core/severity';
import type { Sql, Tx } from './client';

type Row = Omit<Declared, 'level'> & { level: Level };

/** Declared levels, the newest first. Times are epoch seconds. */
export async function list(sql: Sql | Tx, limit = 100): Promise<Declared[]> {
	return [
		...(await sql<
			Row[]
		>`select level, reason, by, extract(epoch from since)::float8 as since, extract(epoch from until)::float8 as until from levels order by id desc limit ${limit}`)
	];
}

/** The newest level; it may have expired, and then says so by `until`. */
export const latest = async (sql: Sql | Tx): Promise<Declared | null> => (await list(sql, 1))[0] ?? null;

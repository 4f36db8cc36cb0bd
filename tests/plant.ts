import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Row } from '../src/lib/core/judgement';

/**
 * Gives a server with an embedded PostgreSQL in `data` a judgement that nobody made: to learn what is usual takes weeks
 * of reports. It must have been opened with `WATCHFLOOR_ANALYSIS=off`, or its own takes the place of this one within a
 * minute.
 */
export async function plant({ data }: { data: string }, rows: Row[]): Promise<void> {
	const port = readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3];
	const password = readFileSync(join(data, 'postgres.secret'), 'utf8').trim();
	const sql = postgres(`postgres://watchfloor:${password}@127.0.0.1:${port}/watchfloor`, {
		max: 1,
		onnotice: () => {}
	});
	const at = Math.floor(Date.now() / 60_000) * 60;
	try {
		await sql.begin(async (tx) => {
			await tx`delete from judgements`;
			await tx`insert into judgements (clearance, at, seq, rows) values (0, to_timestamp(${at}), 1, ${JSON.stringify(rows)}::text::json)`;
			await tx`select pg_notify('watchfloor_judgement', ${String(at)})`;
		});
	} finally {
		await sql.end();
	}
}

/** What was seen of all classes in the last 60 minutes of a province and a sector (`*`: all), where `mean` is usual. */
export const row = (province: string, sector: string, n: number, mean: number): Row => [
	'now',
	Math.floor(Date.now() / 60_000) * 60 - 3600,
	province,
	sector,
	'*',
	n,
	mean,
	mean * 1.5,
	'judged'
];

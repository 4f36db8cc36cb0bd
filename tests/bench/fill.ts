import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import postgres from 'postgres';
import * as embedded from '$lib/server/store/embedded';
import type { Machine } from './machine';
import type { Poster } from './poster';
import type { Worker } from './worker';

const DAY = 86_400;
/** Days of the reports that really come in; the others are those again, as many times as are needed, further back. */
const DAYS = 3;
/** Minute cells are kept so long; the clean-up would have taken the older ones. */
const MINUTES = 14;

/**
 * Fills a server with `rows` observations of the last two months: a part through its own door, the others made from
 * those in SQL, with all their cells. `cli verify` says afterwards whether they are right. Answers the days that they
 * are spread over.
 */
export async function fill(
	server: Machine,
	poster: Worker<Poster>,
	to: Parameters<Poster['post']>[0],
	rows: number
): Promise<number> {
	const copies = Math.max(1, Math.min(20, Math.round(rows / 10_000)));
	const now = Date.now() / 1000;
	// Reports of each month, so that the server makes the partitions.
	await poster.ask('prepare', copies, { seed: 1, until: now, span: copies * DAYS * DAY });
	await poster.ask('post', to, { sizes: [copies], parallel: 1 });
	await poster.ask('prepare', Math.floor(rows / copies), { seed: 2, until: now, span: DAYS * DAY });
	await poster.ask('post', to, { sizes: [5000], parallel: 3 });

	const own = await embedded.open(server.data);
	await server.stop();
	const sql = postgres(own.url, { max: 1, onnotice: () => {}, connection: { TimeZone: 'UTC' } });
	try {
		await sql.unsafe(`
			set work_mem = '256MB';
			create temp table base as select * from observations where observed_at >= to_timestamp(${now - DAYS * DAY});`);
		for (let k = 1; k < copies; k++)
			await sql.unsafe(`
				insert into observations select observed_at - interval '${k * DAYS} days', gen_random_uuid(), facet_id, source_id, batch_id, rule, source_ip, source_port, source_asn,
					destination_ip, destination_port, fqdn, url, malware, summary, raw from base order by observed_at`);
		await sql.unsafe(`
			drop table base;
			truncate cells_minute, cells_hour, cells_day;
			update meta set value = to_char(date_trunc('hour', now() - interval '${MINUTES} days'), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') where key = 'minutes_from';
			insert into cells_minute select date_trunc('minute', observed_at), facet_id, count(*) from observations
				where observed_at >= (select value::timestamptz from meta where key = 'minutes_from') and facet_id not in (select id from facets where class = 'test') group by 1, 2 order by 1, 2;
			insert into cells_hour select date_trunc('hour', observed_at), facet_id, count(*) from observations
				where facet_id not in (select id from facets where class = 'test') group by 1, 2 order by 1, 2;
			insert into cells_day select date_trunc('day', observed_at), facet_id, count(*) from observations
				where facet_id not in (select id from facets where class = 'test') group by 1, 2 order by 1, 2;`);
		for (const table of ['observations', 'cells_minute', 'cells_hour', 'cells_day', 'facets'])
			await sql.unsafe(`vacuum analyze ${table}`);
	} finally {
		await sql.end({ timeout: 5 });
		await server.start();
		await own.close();
	}
	return copies * DAYS;
}

/** Writes the answer of a query to a file, as CSV. */
export async function dump(url: string, query: string, file: string): Promise<void> {
	const sql = postgres(url, { max: 1, connection: { TimeZone: 'UTC' } });
	try {
		const rows = await sql.unsafe(`copy (${query}) to stdout (format csv)`).readable();
		await pipeline(rows, createWriteStream(file));
	} finally {
		await sql.end({ timeout: 5 });
	}
}

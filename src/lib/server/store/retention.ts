import type { Config } from '../ops/config';
import type { Log } from '../ops/log';
import type { Sql } from './client';
import { Partitions } from './partition';
import * as usual from './usual';

const HOURLY = 3_600_000;

/** Removes once an hour what is older than it is kept: partitions whole, cells and log by rows. Any process may do it, several at once. */
export class Retention {
	#timer: NodeJS.Timeout | undefined;

	constructor(
		readonly sql: Sql,
		readonly config: Config,
		readonly log: Log
	) {}

	start(): void {
		const run = () =>
			void this.run().catch((e: unknown) =>
				this.log.error({ err: e }, 'what is too old could not be removed; tried again in an hour')
			);
		this.#timer = setInterval(run, HOURLY);
		run();
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	async run(): Promise<void> {
		const {
			WATCHFLOOR_KEEP_OBSERVATIONS: observations,
			WATCHFLOOR_KEEP_MINUTES: minutes,
			WATCHFLOOR_KEEP_HOURS: hours,
			WATCHFLOOR_KEEP_LOG: log,
			WATCHFLOOR_KEEP_USUAL: learned
		} = this.config;
		const partitions = await new Partitions(this.sql).drop(Date.now() - observations * 1000);
		// `minutes_from` only grows: where minute cells have once been removed, none are written or read again.
		const minute = await this.sql.begin(async (tx) => {
			await tx`update meta set value = greatest(value::timestamptz, date_trunc('hour', now() - make_interval(secs => ${minutes})))::text where key = 'minutes_from'`;
			return tx`delete from cells_minute where at < (select value::timestamptz from meta where key = 'minutes_from')`;
		});
		const hour = await this
			.sql`delete from cells_hour where at < date_trunc('hour', now() - make_interval(secs => ${hours}))`;
		await this.sql`delete from cells_day where at < date_trunc('day', now() - make_interval(secs => ${hours}))`;
		await usual.forget(this.sql, Date.now() / 1000 - learned);
		await this
			.sql`delete from sightings where observed_at < (select coalesce(min(to_date(right(c.relname, 7), 'YYYY_MM')), current_date) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'observations'::regclass)`;
		const entries = await this
			.sql`delete from log where at < now() - make_interval(secs => ${log}) and seq < (select seq from log_head)`;
		if (partitions.length || minute.count || hour.count || entries.count)
			this.log.info(
				{ partitions, minutes: minute.count, hours: hour.count, entries: entries.count },
				'removed what is too old'
			);
	}
}

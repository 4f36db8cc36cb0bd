import { LATELY } from '$lib/core/indicator';
import { CARRIED } from '$lib/core/observable';
import type { Log } from '../ops/log';
import type { Client, Tx } from '../store/client';
import * as fence from '../store/fence';
import * as indicator from '../store/indicator';
import { append } from '../store/log';
import * as sighting from '../store/sighting';
import { PLACING } from './reattribute';

/** Number of the advisory lock of one round: one process at a time looks back. */
const LOCK = 7_407_007;
/** Milliseconds between looks that nobody asked for. */
const LOOK = 60_000;
/** Indicators of one round. */
const MOST = 50_000;
/** Hours of observations of one transaction. */
const STEP = 24;
/** A round takes its share of the database, then rests this many times as long. */
const REST = 5;

type Settings = { /** seconds */ back: number };
export type Round = { indicators: number; sightings: number };

/**
 * Searches the observations of before for indicators that have come since: the commit of an observation looks for every
 * indicator that was committed before it, so what is left are the observations that were committed before the
 * indicator. Each sighting has a key, so none counts twice, and a round that was broken off is simply done again.
 */
export class Lookback {
	#running: Promise<unknown> | undefined;
	#timer: NodeJS.Timeout | undefined;
	#unlisten: (() => Promise<void>) | undefined;
	#next = 0;
	#closed = false;

	constructor(
		readonly client: Client,
		readonly settings: Settings,
		readonly log: Log
	) {}

	async start(): Promise<void> {
		this.#timer = setInterval(() => this.#wake(), LOOK);
		const { unlisten } = await this.client.sql.listen(
			indicator.CHANNEL,
			() => setTimeout(() => this.#wake(), 1000),
			() => this.#wake()
		);
		this.#unlisten = unlisten;
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearInterval(this.#timer);
		await this.#unlisten?.().catch(() => {});
		await this.#running?.catch(() => {});
	}

	/** One round; null when another process is at it. */
	async round(): Promise<Round | null> {
		const { sql } = this.client;
		const own = await sql.reserve();
		try {
			const [lock] = await own<{ mine: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as mine`;
			if (!lock!.mine) return null;
			try {
				return await this.#search();
			} finally {
				await own`select pg_advisory_unlock(${LOCK})`;
			}
		} finally {
			own.release();
		}
	}

	async #search(): Promise<Round> {
		const { sql } = this.client;
		const fresh = await sql<
			{ id: string }[]
		>`select id from indicators where looked_at is null order by created_at limit ${MOST}`;
		if (!fresh.length) return { indicators: 0, sightings: 0 };
		await fence.pass(sql);
		const ids = fresh.map((f) => f.id);
		let sightings = 0;
		const [range] = await sql<{ from: number; to: number }[]>`
			select floor(extract(epoch from greatest(min(at), now() - make_interval(secs => ${this.settings.back}))))::float8 as from, ceil(extract(epoch from max(at)))::float8 + 3600 as to from cells_hour`;
		if (range!.from !== null)
			for (let to = range!.to; to > range!.from && !this.#closed; to -= STEP * 3600)
				sightings += await this.#step(ids, Math.max(range!.from, to - STEP * 3600), to);
		// Rows are locked in the order of their ids, as whoever marks indicators by a warning list does.
		if (!this.#closed)
			await sql`
				with looked as materialized (select id from indicators where id = any(${ids}::uuid[]) order by id for no key update)
				update indicators i set looked_at = now() from looked l where i.id = l.id`;
		return { indicators: ids.length, sightings };
	}

	/** Searches the observations of some hours. Nobody places them anew meanwhile, or a sighting would stand where it was. */
	#step(ids: string[], from: number, to: number): Promise<number> {
		return this.client.sql.begin(async (tx: Tx) => {
			await tx`set local statement_timeout = 0`;
			// Every join here is by equality: a loop over both sides, which bad estimates choose, takes hours.
			await tx`set local enable_nestloop = off`;
			await tx`select pg_advisory_xact_lock(${PLACING})`;
			const [found] = await tx<{ n: number; news: { indicator: string; facet: number }[] | null }[]>`
				with wanted as materialized (
					select id, value, case when kind in ('ipv4-addr', 'ipv6-addr') then value::inet end as address, kind in ('ipv4-addr', 'ipv6-addr') and value like '%/%' as network
					from indicators where id = any(${ids}::uuid[]) and kind = any(${[...CARRIED]})
				), range as not materialized (
					select * from observations where observed_at >= to_timestamp(${from}) and observed_at < to_timestamp(${to})
				), ends as not materialized (
					select source_ip as ip, observed_at, id, facet_id, source_id, constituent_id from range where source_ip is not null
					union all select destination_ip, observed_at, id, facet_id, source_id, constituent_id from range where destination_ip is not null
				), lengths as materialized (
					select distinct family(address) as family, masklen(address) as length from wanted where network
				), seen as (
					select w.id as indicator_id, o.observed_at, o.id, o.facet_id, o.source_id, o.constituent_id from range o join wanted w on w.address = o.source_ip
					union select w.id, o.observed_at, o.id, o.facet_id, o.source_id, o.constituent_id from range o join wanted w on w.address = o.destination_ip
					union select w.id, o.observed_at, o.id, o.facet_id, o.source_id, o.constituent_id from range o cross join lateral unnest(array[o.fqdn, o.url] || o.carried) v (value) join wanted w on w.value = v.value
					union select w.id, o.observed_at, o.id, o.facet_id, o.source_id, o.constituent_id from ends o join lengths l on l.family = family(o.ip) join wanted w on w.network and w.address = network(set_masklen(o.ip, l.length))
				), sighted as (
					insert into sightings (indicator_id, observed_at, observation_id, facet_id, source_id, constituent_id) select * from seen on conflict do nothing returning indicator_id, observed_at, facet_id
				), first as (
					select distinct on (s.indicator_id, f.sector, f.province, f.tlp) s.indicator_id, s.facet_id from sighted s join facets f on f.id = s.facet_id and f.class <> 'test'
					where s.observed_at >= now() - make_interval(secs => ${LATELY})
						and (select true from sightings o join facets g on g.id = o.facet_id where o.indicator_id = s.indicator_id and g.sector = f.sector and g.province = f.province and g.tlp <= f.tlp and g.class <> 'test' limit 1) is null
					order by s.indicator_id, f.sector, f.province, f.tlp, s.facet_id
				)
				select (select count(*) from sighted) as n, (select json_agg(json_build_object('indicator', indicator_id, 'facet', facet_id)) from first) as news`;
			// What is of today is news for the screens, like what comes in.
			const indicators = found!.news ? await sighting.named(tx, found!.news) : [];
			if (indicators.length) await append(tx, 'indicator', { indicators });
			return found!.n;
		}) as Promise<number>;
	}

	#wake(): void {
		if (this.#closed || this.#running || Date.now() < this.#next) return;
		const began = Date.now();
		this.#running = this.round()
			.then((round) => {
				if (round?.indicators)
					this.log.info({ ...round, ms: Date.now() - began }, 'looked back for indicators that have come since');
			})
			.catch(
				(e: unknown) =>
					this.#closed || this.log.warn({ err: e }, 'could not look back for new indicators; tried again in a minute')
			)
			.finally(() => {
				this.#running = undefined;
				this.#next = Date.now() + REST * (Date.now() - began);
			});
	}
}

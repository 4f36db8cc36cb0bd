import { isIP } from 'node:net';
import { v4 } from '$lib/core/address';
import { CARRIED, normalise, type Observable } from '$lib/core/observable';
import type { Log } from '../ops/log';
import { moment, type Sql } from '../store/client';
import { Follow } from '../store/follow';
import * as indicator from '../store/indicator';
import { Bloom } from './bloom';

const LOOK = 15_000;
/** Indicators of one read. */
const PAGE = 5000;
/** Texts that an empty filter is made for. */
const LEAST = 50_000;

type Row = { kind: Observable['kind']; value: string };

/**
 * Which values are indicators, as far as this process knows. It may name a value that is none – the commit looks it up –
 * but misses none of the transactions before `since`; the commit itself looks for what those after it have brought. So a
 * filter that is behind costs time, never a sighting.
 */
export class Watch {
	#bloom = new Bloom(LEAST);
	/** lengths of the prefixes of networks that are indicators, by family */
	readonly #prefixes = { 4: new Set<number>(), 6: new Set<number>() };
	/** every indicator of a transaction with a lower number is in the filter */
	since = '0';
	readonly sql: Sql;
	readonly #follow: Follow;

	constructor(sql: Sql, log: Log) {
		this.sql = sql;
		this.#follow = new Follow(sql, {
			channel: indicator.CHANNEL,
			every: LOOK,
			look: () => this.#look(),
			failed: (e) => log.warn({ err: e }, 'new indicators could not be read; the commits look them up themselves')
		});
	}

	/** Whether there is anything to look for. */
	get size(): number {
		return this.#bloom.size;
	}

	/** Resolves when the indicators have been read once, and are followed. */
	ready(): Promise<void> {
		return this.#follow.ready();
	}

	/** Ids of indicators that these values may be, networks that hold them included. */
	hits(values: readonly Observable[]): string[] {
		const out: string[] = [];
		for (const { kind, value } of values) {
			if (this.#bloom.has(value)) out.push(indicator.identify(kind, value));
			if (kind !== 'ipv4-addr' && kind !== 'ipv6-addr') continue;
			for (const length of this.#prefixes[kind === 'ipv4-addr' ? 4 : 6]) {
				const network = kind === 'ipv4-addr' ? short(value, length) : normalise(kind, `${value}/${length}`)?.value;
				if (network && this.#bloom.has(network)) out.push(indicator.identify(kind, network));
			}
		}
		return out;
	}

	/** Reads what has been committed since the last look. */
	refresh(): Promise<void> {
		return this.#follow.refresh();
	}

	close(): Promise<void> {
		return this.#follow.close();
	}

	async #look(): Promise<void> {
		await moment(this.sql, async (tx) => {
			await tx`set local statement_timeout = 0`;
			const [now] = await tx<
				{ until: string; n: number }[]
			>`select pg_snapshot_xmin(pg_current_snapshot())::text as until, (select count(*) from indicators where xid >= ${this.since}::text::xid8) as n`;
			const whole = this.#bloom.size + now!.n > this.#bloom.capacity;
			const bloom = whole ? new Bloom(2 * (this.#bloom.size + now!.n)) : this.#bloom;
			const rows = tx<Row[]>`
				select kind, value from indicators where kind = any(${[...CARRIED]}) and xid >= ${whole ? '0' : this.since}::text::xid8`;
			for await (const page of rows.cursor(PAGE)) for (const row of page) this.#add(bloom, row);
			this.#bloom = bloom;
			this.since = now!.until;
		});
	}

	#add(bloom: Bloom, { value }: Row): void {
		if (!bloom.has(value)) bloom.add(value); // what is read again counts once
		const slash = value.indexOf('/');
		if (slash < 0) return;
		const family = isIP(value.slice(0, slash));
		if (family === 4 || family === 6) this.#prefixes[family].add(Number(value.slice(slash + 1)));
	}
}

/** The network of this length that an IPv4 address lies in. */
function short(address: string, length: number): string {
	const n = (v4(address) & (length ? -1 << (32 - length) : 0)) >>> 0;
	return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}/${length}`;
}

import { DAY } from '$lib/core/clock';
import { forbidden, missing } from '$lib/core/error';
import { dayOf, type Episode } from '$lib/core/remedy';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client } from '../client';
import * as scope from '../scope';
import { cases } from './course';
import { counted } from './days';
import { page, type Pair, type Rule } from './pair';

/** Days that the strip of one abuse shows, in which its addresses are named, and how many of those. */
export const STRIP = 90;
export const HOSTS = { days: 30, most: 50 };

/** A day: how often it was seen, and whether a source that has seen it delivered at all. `day` is `2026-08-14`. */
export type Seen = { day: string; n: number; watched: boolean };
export type Host = { address: string; n: number; last: number };
export type Opened = {
	pair: Pair;
	episodes: Episode[];
	days: Seen[];
	/** addresses of single machines, for who may read observations; else null */
	hosts: Host[] | null;
};

/** One kind of abuse in one network. @throws Problem 404 */
export async function one(
	{ sql }: Client,
	viewer: Viewer,
	rule: Rule,
	which: { network: string; type: string }
): Promise<Opened> {
	if (!may(viewer, 'outbound.read')) throw forbidden();
	const told = await cases(sql, viewer, rule.quiet, rule.now, which);
	const { pairs } = await page(sql, viewer, told, { ...which, limit: 1 });
	if (!pairs[0]) throw missing('This abuse');
	const facets = (
		await sql<{ id: number }[]>`
			select p.facet_id as id from outbound_pairs p join facets f on f.id = p.facet_id where p.network = ${which.network} and f.type = ${which.type} and ${counted(sql)} and ${scope.facets(sql, viewer)}`
	).map((f) => f.id);
	const [days, hosts] = await Promise.all([
		sql<Seen[]>`
			select to_char(g.day, 'YYYY-MM-DD') as day, coalesce(d.n, 0)::float8 as n,
				exists (select 1 from outbound_seen s join outbound_watch w on w.source_id = s.source_id and w.day = g.day where s.network = ${which.network} and s.facet_id = any(${facets}::int[])) as watched
			from (select '1970-01-01'::date + i as day from generate_series(${dayOf(rule.now) - STRIP + 1}::int, ${dayOf(rule.now)}::int) i) g
				left join (select day, sum(n) as n from outbound_days where network = ${which.network} and facet_id = any(${facets}::int[]) group by 1) d using (day) order by 1`,
		may(viewer, 'observation.read')
			? sql<Host[]>`
				select host(o.source_ip) as address, count(*)::float8 as n, extract(epoch from max(o.observed_at))::float8 as last from observations o
				where o.facet_id = any(${facets}::int[]) and o.observed_at >= to_timestamp(${rule.now - HOSTS.days * DAY}) and o.source_ip is not null
					and ${which.network.startsWith('AS') ? sql`o.source_asn = ${Number(which.network.slice(2))}` : which.network.includes('/') ? sql`o.source_ip <<= ${which.network}::text::inet and coalesce(o.source_asn, 0) <= 0` : sql`false`}
				group by 1 order by 3 desc, 1 limit ${HOSTS.most}`
			: null
	]);
	return { pair: pairs[0], episodes: told[0]?.episodes ?? [], days: [...days], hosts: hosts && [...hosts] };
}

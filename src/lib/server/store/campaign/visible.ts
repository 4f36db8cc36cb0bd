import { TYPES, type Member, type Shared } from '$lib/core/campaign';
import { rank } from '$lib/core/tlp';
import type { Viewer } from '$lib/core/viewer';
import type { Sql } from '../client';
import * as scope from '../scope';
import { tied } from './tied';

/** What a viewer may see of campaigns. */

type Row = Omit<Member, 'why'> & { campaign: number; why: string };

/**
 * The values of some campaigns that a viewer may know: a value that reports carry by themselves, by those reports; one
 * that is looked for because somebody says so, only by who may see who says so; and only those that belong together by
 * what the viewer sees. The most seen first.
 */
export async function members(sql: Sql, viewer: Viewer, campaigns: number[]): Promise<Map<number, Member[]>> {
	const rows = await sql<Row[]>`
		select m.campaign_id as campaign, k.id, k.kind, left(k.value, 300) as value, m.why, m.added_by as by, l.seen as indicator,
			s.n as count, s.sectors, s.constituents, s.first, s.last
		from campaign_members m join clues k on k.id = m.clue_id
			cross join lateral (select exists (select from claims c where c.indicator_id = k.id and c.tlp <= ${rank(viewer.clearance)}) as seen) l
			cross join lateral (
				select sum(t.n)::bigint as n, count(distinct f.sector) filter (where f.sector <> 'unattributed')::int as sectors, count(distinct nullif(t.constituent_id, 0))::int as constituents,
					extract(epoch from min(t.at))::bigint as first, extract(epoch from max(t.at))::bigint as last
				from traces t join facets f on f.id = t.facet_id where t.clues @> array[k.id] and ${scope.facets(sql, viewer)} and (l.seen or f.type = any(${[...TYPES]}) and position('/' in k.value) = 0)
			) s
		where m.campaign_id = any(${campaigns}::int[]) and m.removed_at is null and s.n > 0 order by s.n desc, k.kind, k.value`;
	const found = new Map<number, Member[]>();
	for (const { campaign, why, ...row } of rows) {
		const member: Member = {
			...row,
			why: row.kind === 'behaviour' ? 'behaviour' : why === 'claimed' && row.indicator ? 'claimed' : 'shared'
		};
		found.set(campaign, [...(found.get(campaign) ?? []), member]);
	}
	return tied(sql, viewer, found);
}

/** Where and when a campaign was seen, by hour or day; constituent 0: none is known. */
export type Place = { at: number; sector: string; province: string; constituent: number; n: number };

/** Places of campaigns by the values of each that the viewer may know. */
export async function places(
	sql: Sql,
	viewer: Viewer,
	shared: ReadonlyMap<number, Member[]>,
	unit: 'hour' | 'day'
): Promise<Map<number, Place[]>> {
	const flat = [...shared].flatMap(([campaign, list]) => list.map((m) => ({ campaign, ...m })));
	const rows = await sql<(Place & { campaign: number })[]>`
		with m as (
			select * from unnest(${flat.map((m) => m.campaign)}::int[], ${flat.map((m) => m.id)}::uuid[], ${flat.map((m) => String(m.indicator))}::text[]::boolean[]) as m (campaign, clue, indicator)
		), g as (
			select campaign, array_agg(clue) as every, array_agg(clue) filter (where indicator) as known from m group by 1
		)
		select g.campaign, extract(epoch from date_trunc(${unit}, t.at))::bigint as at, f.sector, f.province, t.constituent_id as constituent, sum(t.n)::bigint as n
		from g cross join lateral (select * from traces t where t.clues && g.every) t join facets f on f.id = t.facet_id and ${scope.facets(sql, viewer)}
		where f.type = any(${[...TYPES]}) or t.clues && g.known group by 1, 2, 3, 4, 5 order by 2`;
	const found = new Map<number, Place[]>();
	for (const { campaign, ...place } of rows) found.set(campaign, [...(found.get(campaign) ?? []), place]);
	return found;
}

/** What tells most of a campaign comes first. */
const TELLING: Shared[] = ['domain-name', 'url', 'sha-256', 'sha-1', 'md5', 'ipv4-addr', 'ipv6-addr'];

/** What a campaign is called that nobody named: after the value that tells most. */
export function called(shared: Member[]): string {
	const place = (m: Member) => (TELLING.includes(m.kind) ? TELLING.indexOf(m.kind) : TELLING.length);
	const best = [...shared].sort(
		(a, b) =>
			Number(a.kind === 'behaviour') - Number(b.kind === 'behaviour') || place(a) - place(b) || b.count - a.count
	)[0]!;
	return best.kind === 'behaviour' ? best.value : [...best.value].slice(0, 80).join('');
}

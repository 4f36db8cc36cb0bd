import { DAY } from '$lib/core/clock';
import { forbidden } from '$lib/core/error';
import type { Notice, NoticeKind, NoticeStep } from '$lib/core/notice';
import { spread, STANDINGS, type Spread, type Standing } from '$lib/core/remedy';
import { may, type Viewer } from '$lib/core/viewer';
import { visible as alarms } from '../alarm/row';
import type { Client, Sql } from '../client';
import { visible } from '../notice';
import type { Case } from './course';
import { conditions, sums, type Rule, type Sums } from './pair';

/** Days of which recorded notices and attacks are told, and in which abuse counts as present. */
export const YEAR = 365;
export const LATELY = 30;

/** What became of notices of a kind in a year; times in seconds. What has not come is left out of a spread, and counted beside it. */
export type Flow = {
	n: number;
	closed: number;
	rejected: number;
	open: number;
	took: Record<'acknowledged' | 'triaged' | 'closed', Spread | null>;
	/** neither acknowledged nor ended in another way */
	waiting: number;
};
/** How long it took until what networks were told about had ended; what has not ended is left out, and counted. */
export type Remedy = {
	/** from when the network was told, and from when it was first seen */
	told: Spread | null;
	seen: Spread | null;
	/** cases that have not ended, and for how long the oldest has been told */
	open: number;
	oldest: number | null;
	/** cases of which nobody can say, because a source does not deliver */
	unwatched: number;
	/** networks to which something came back */
	repeat: number;
};
/** Figures on the UN norms of responsible State behaviour (A/70/174 ¶13), by their letter. Null: not recorded, which is not nought. */
export type Norms = {
	c: { now: Sums; ever: Sums; standings: Record<Standing, number>; remedy: Remedy; foreign: Flow | null };
	h: { in: Flow | null; out: Flow | null };
	/** constituents that show something on the KEV list at present; null: no rule looks for them, or there is no list */
	i: number | null;
	j: Flow | null;
	/** alarms of attacks on a CERT in a year; null: no rule looks for them, or no constituent is a CERT */
	k: number | null;
};

export async function norms({ sql }: Client, viewer: Viewer, rule: Rule, told: Case[]): Promise<Norms> {
	if (!may(viewer, 'outbound.read')) throw forbidden();
	const [now, ever, exposed, attacked, notices] = await Promise.all([
		sums(sql, viewer, { since: rule.now - LATELY * DAY }),
		sums(sql, viewer, {}),
		watched(
			sql,
			'exposure',
			sql`exists (select from heads h join objects o on o.id = h.object_id where h.kind = 'vulnerability' and o.facts ->> 'exploited' = 'true' and not o.revoked) and exists (select from constituents)`,
			sql`select count(distinct c)::int as n from alarms a cross join lateral unnest(a.constituents) c where a.kind = 'exposure' and a.returned_at is null and ${alarms(sql, viewer)}`
		),
		watched(
			sql,
			'cert',
			sql`exists (
				select from constituents c where lower(c.organisation) in (
					select lower(name) from teams union all select lower(o) from rules r cross join lateral jsonb_array_elements_text(r.params -> 'organisations') o where r.kind = 'cert' and r.enabled
				)
			)`,
			sql`select count(*)::int as n from alarms a where a.kind = 'cert' and a.raised_at >= to_timestamp(${rule.now - YEAR * DAY}) and ${alarms(sql, viewer)}`
		),
		sql<Pick<Notice, 'kind' | 'at' | NoticeStep>[]>`
			select n.kind, extract(epoch from n.at)::float8 as at, extract(epoch from n.acknowledged_at)::float8 as acknowledged, extract(epoch from n.triaged_at)::float8 as triaged,
				extract(epoch from n.closed_at)::float8 as closed, extract(epoch from n.rejected_at)::float8 as rejected
			from notices n where n.kind <> 'abuse' and n.at >= to_timestamp(${rule.now - YEAR * DAY}) and ${visible(sql, viewer)}`
	]);
	const of = (kind: NoticeKind) => flow(notices.filter((n) => n.kind === kind));
	return {
		c: {
			now,
			ever,
			standings: await standings(sql, viewer, told),
			remedy: remedy(told, rule.now),
			foreign: of('foreign')
		},
		h: { in: of('request-in'), out: of('request-out') },
		i: exposed,
		j: of('vulnerability'),
		k: attacked
	};
}

/** A count that stands on a kind of alarm rule; null where none of that kind is on, or it has nothing to look at. */
async function watched(sql: Sql, kind: string, able: ReturnType<Sql>, count: ReturnType<Sql>): Promise<number | null> {
	const [on] = await sql`select 1 from rules where kind = ${kind} and enabled and ${able} limit 1`;
	if (!on) return null;
	const [row] = await sql<{ n: number }[]>`${count}`;
	return row!.n;
}

/** What became of notices; null of none. */
export function flow(notices: Pick<Notice, 'at' | NoticeStep>[]): Flow | null {
	if (!notices.length) return null;
	const took = (step: NoticeStep) => spread(notices.flatMap((n) => (n[step] === null ? [] : [n[step] - n.at])));
	const closed = notices.filter((n) => n.closed !== null).length;
	const rejected = notices.filter((n) => n.rejected !== null).length;
	return {
		n: notices.length,
		closed,
		rejected,
		open: notices.length - closed - rejected,
		took: { acknowledged: took('acknowledged'), triaged: took('triaged'), closed: took('closed') },
		waiting: notices.filter((n) => n.acknowledged === null && n.closed === null && n.rejected === null).length
	};
}

export function remedy(told: Case[], now: number): Remedy {
	const episodes = told.flatMap((c) => c.episodes);
	const ended = episodes.filter((e) => e.remedied !== null);
	const open = episodes.filter((e) => e.remedied === null);
	return {
		told: spread(ended.map((e) => e.remedied! - e.reported)),
		seen: spread(ended.map((e) => e.remedied! - e.first)),
		open: open.length,
		oldest: open.length ? Math.max(...open.map((e) => now - e.reported)) : null,
		unwatched: told.filter((c) => c.standing === 'unwatched').length,
		repeat: new Set(told.filter((c) => c.episodes.some((e) => e.returned !== null)).map((c) => c.network)).size
	};
}

/** How many networks and types stand how. */
async function standings(sql: Sql, viewer: Viewer, told: Case[]): Promise<Record<Standing, number>> {
	const rows = await sql<{ standing: Standing; n: number }[]>`
		select coalesce(t.standing, 'unreported') as standing, count(*)::int as n
		from (select p.network, f.type from outbound_pairs p join facets f on f.id = p.facet_id where ${conditions(sql, viewer, {})} group by 1, 2) p
			left join unnest(${told.map((c) => c.network)}::text[], ${told.map((c) => c.type)}::text[], ${told.map((c) => c.standing)}::text[]) as t (network, type, standing) using (network, type) group by 1`;
	const found = new Map(rows.map((r) => [r.standing, r.n]));
	return Object.fromEntries(STANDINGS.map((s) => [s, found.get(s) ?? 0])) as Record<Standing, number>;
}

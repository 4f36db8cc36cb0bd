import { hash } from 'node:crypto';
import { forbidden, missing } from '$lib/core/error';
import { guess, type Kind } from '$lib/core/observable';
import { ofRank, rank, type Tlp } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql } from './client';
import * as cursor from './cursor';
import * as scope from './scope';

/** Channel on which whoever holds the indicators is woken; they compare, so a lost notification is noticed at the next look. */
export const CHANNEL = 'watchfloor_indicators';

/**
 * Something to look for, by what those say whose claims the viewer may see. Times are epoch seconds; sightings are
 * counted within the viewer's clearance and scope.
 */
export type Indicator = {
	id: string;
	kind: Kind;
	value: string;
	/** the lowest of the claims: who may see that may see this */
	tlp: Tlp;
	/** somebody says to look for it, and has not withdrawn that */
	actionable: boolean;
	/** all who said so have withdrawn it */
	withdrawn: boolean;
	/** every claim is for it as a part of something larger */
	partial: boolean;
	/** the highest; null: nobody says */
	confidence: number | null;
	validFrom: number | null;
	validUntil: number | null;
	/** sources that say so */
	sources: number;
	/** names of lists of values known to be good that hold it */
	warnings: string[];
	/** when the observations of before have been searched for it; null: not yet */
	lookedAt: number | null;
};

/** 128 bits of SHA-256 over kind and value, as a UUID: whoever has the value has the id. */
export function identify(kind: string, value: string): string {
	const h = hash('sha256', `${kind}\u0004${value}`, 'hex');
	return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20, 32)}`;
}

type Row = Omit<Indicator, 'tlp'> & { tlp: number };
const shape = ({ tlp, ...row }: Row): Indicator => ({ ...row, tlp: ofRank(tlp) });

/** The columns of `Indicator`, of `i` (indicators) and `c` (its claims, below). */
const columns = (
	sql: Sql
) => sql`i.id, i.kind, left(i.value, 4000) as value, c.tlp, c.actionable, c.withdrawn, c.partial, c.confidence, c."validFrom", c."validUntil", c.sources,
	coalesce(i.warnings, '{}') as warnings, extract(epoch from i.looked_at)::float8 as "lookedAt"`;

/** What the claims of `i` come to that a viewer may see; without any, the viewer may not see it. */
const claims = (sql: Sql, viewer: Viewer) => sql`
	join lateral (
		select min(c.tlp) as tlp, bool_or(c.actionable and not c.revoked) as actionable, bool_and(c.revoked) as withdrawn, bool_and(c.partial) as partial, max(c.confidence) filter (where not c.revoked) as confidence,
			extract(epoch from min(c.valid_from))::float8 as "validFrom",
			case when bool_or(c.valid_until is null and not c.revoked) then null else extract(epoch from max(c.valid_until))::float8 end as "validUntil", count(distinct c.source_id)::int as sources
		from claims c where c.indicator_id = i.id and c.tlp <= ${rank(viewer.clearance)}
	) c on c.tlp is not null`;

/** A text that is looked for inside values. */
const like = (s: string): string => `%${s.replace(/[\\%_]/g, '\\$&')}%`;

/**
 * One page of indicators, by value: those that contain a text, or, when the text is a value in any of its spellings
 * (`hxxp://…`, `1.2.3[.]4`), that one, the host of a URL, and those that contain it.
 */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	filter: { value?: string; kind?: string; cursor?: string; limit?: number }
): Promise<{ indicators: Indicator[]; next: string | null }> {
	if (!may(viewer, 'indicator.read')) throw forbidden();
	const limit = filter.limit ?? 100;
	const after = filter.cursor ? cursor.decode(filter.cursor, 'text', 'uuid') : null;
	const text = filter.value?.replaceAll('\0', '').trim();
	const exact = text ? guess(text) : undefined;
	// Who asks for a URL asks for its host too.
	const host =
		exact?.kind === 'url'
			? guess(/^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)/.exec(exact.value)?.[1] ?? '')
			: undefined;
	const ids = [exact, host].flatMap((o) => (o ? [identify(o.kind, o.value)] : []));
	const rows = await sql<Row[]>`
		select ${columns(sql)} from indicators i ${claims(sql, viewer)}
		where true ${filter.kind ? sql`and i.kind = ${filter.kind}` : sql``}
			${text ? sql`and (left(i.value, 200) ilike ${like(text)} ${exact ? sql`or i.id = any(${ids}::uuid[]) or left(i.value, 200) ilike ${like(exact.value)}` : sql``})` : sql``}
			${after ? sql`and (left(i.value, 200) collate "C", i.id) > (${after[0]!}::text collate "C", ${after[1]!}::text::uuid)` : sql``}
		order by left(i.value, 200) collate "C", i.id limit ${limit + 1}`;
	const page = rows.slice(0, limit).map(shape);
	const last = page.at(-1);
	return {
		indicators: page,
		next: rows.length > limit && last ? cursor.encode([[...last.value].slice(0, 200).join(''), last.id]) : null
	};
}

/** One indicator. @throws Problem 404 when it is not there for this viewer */
export async function get({ sql }: Client, viewer: Viewer, id: string): Promise<Indicator> {
	if (!may(viewer, 'indicator.read')) throw forbidden();
	const [row] = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)
		? await sql<Row[]>`select ${columns(sql)} from indicators i ${claims(sql, viewer)} where i.id = ${id}`
		: [];
	if (!row) throw missing('The indicator');
	return shape(row);
}

/** An indicator that was seen lately, how often, and where. */
export type Lately = Indicator & { count: number; sectors: string[]; provinces: string[]; last: number };

/** Those seen since a moment (epoch seconds), the most sectors first, then the most often. */
export async function lately({ sql }: Client, viewer: Viewer, from: number, limit = 50): Promise<Lately[]> {
	if (!may(viewer, 'indicator.read')) throw forbidden();
	const rows = await sql<(Row & Omit<Lately, keyof Indicator>)[]>`
		with places as (
			select s.indicator_id, s.facet_id, count(*) as n, max(s.observed_at) as last from sightings s where s.observed_at >= to_timestamp(${from}) group by 1, 2
		), seen as (
			select p.indicator_id, sum(p.n)::bigint as count, array_agg(distinct f.sector) as sectors, array_agg(distinct f.province) as provinces, extract(epoch from max(p.last))::float8 as last
			from places p join facets f on f.id = p.facet_id where ${scope.facets(sql, viewer)} group by 1 order by cardinality(array_agg(distinct f.sector)) desc, sum(p.n) desc limit ${20 * limit}
		)
		select ${columns(sql)}, s.count, s.sectors, s.provinces, s.last from seen s join indicators i on i.id = s.indicator_id ${claims(sql, viewer)}
		where c.actionable and i.warnings is null and (c."validUntil" is null or c."validUntil" > extract(epoch from now())) order by cardinality(s.sectors) desc, s.count desc, i.id limit ${limit}`;
	return rows.map(({ count, sectors, provinces, last, ...row }) => ({
		...shape(row),
		count,
		sectors,
		provinces,
		last
	}));
}

/** Whether there is any indicator that the viewer may see. */
export async function any({ sql }: Client, viewer: Viewer): Promise<boolean> {
	if (!may(viewer, 'indicator.read')) throw forbidden();
	const [row] = await sql<
		{ any: boolean }[]
	>`select exists (select from claims where tlp <= ${rank(viewer.clearance)}) as any`;
	return row!.any;
}

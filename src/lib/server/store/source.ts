import { conflict, forbidden, invalid, missing } from '$lib/core/error';
import type { Source } from '$lib/core/source';
import { ofRank, rank, type Tlp } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';
import { append } from './log';

/** A source with what came of its deliveries; counters are null for a viewer who may not see all that they count. */
export type Detail = Source & {
	accepted: number | null;
	duplicates: number | null;
	quarantined: number | null;
	ignored: number | null;
	lastError: string | null;
	lastErrorAt: number | null;
	/** how it is fetched from; null: it delivers by itself */
	fetch: Fetched | null;
};
/** Where a source is fetched from, and how that goes. Times are epoch seconds. */
export type Fetched = {
	kind: string;
	/** host and path, or the folder */
	from: string;
	/** whether it is being fetched just now */
	running: boolean;
	next: number;
	success: number | null;
	/** in a row */
	failures: number;
};
/** How much of a source was accepted, and when it last brought anything new (epoch seconds). */
export type Rate = {
	slug: string;
	/** in 24 hours */ day: number;
	/** a day, over seven */ week: number;
	fresh: number | null;
};
export type New = { slug: string; name?: string; format: string; tlp: Tlp; /** seconds */ cadence: number };

const columns = (sql: Sql | Tx) => sql`slug, name, format, tlp, cadence, extract(epoch from last_at)::float8 as last`;
type Row = Omit<Source, 'tlp'> & { tlp: number };
const shape = ({ tlp, ...row }: Row): Source => ({
	...row,
	tlp: ofRank(tlp),
	last: row.last === null ? null : Math.floor(row.last)
});

/** The sources that may be named to the viewer, by name. Counts tell of reports of every TLP, place and sector: only who may see all of those gets them. */
export async function list({ sql }: Client, viewer: Viewer): Promise<Detail[]> {
	if (!may(viewer, 'source.read')) throw forbidden();
	const all = viewer.clearance === 'red' && !viewer.sectors && !viewer.provinces;
	const rows = await sql<(Row & Omit<Detail, keyof Source>)[]>`
		select ${columns(sql)}, accepted, duplicates, quarantined, ignored, last_error as "lastError", extract(epoch from last_error_at)::float8 as "lastErrorAt",
			case when f.source_id is not null then json_build_object('kind', f.kind, 'from', coalesce(regexp_replace(f.settings ->> 'url', '^https?://', ''), f.settings ->> 'path', ''), 'running', coalesce(f.leased_until > now(), false),
				'next', extract(epoch from f.next_at)::float8, 'success', extract(epoch from f.last_success)::float8, 'failures', f.failures) end as fetch
		from sources left join fetches f on f.source_id = id where tlp <= ${rank(viewer.clearance)} order by name, slug`;
	return rows.map((r) => {
		const { accepted, duplicates, quarantined, ignored, lastError, lastErrorAt, fetch, ...row } = r;
		const counts = all
			? { accepted, duplicates, quarantined, ignored }
			: { accepted: null, duplicates: null, quarantined: null, ignored: null };
		return { ...shape(row), ...counts, lastError, lastErrorAt, fetch };
	});
}

/** How much the sources bring of late; none for a viewer who may not see all that is counted. */
export async function rates({ sql }: Client, viewer: Viewer): Promise<Rate[]> {
	if (!may(viewer, 'source.read')) throw forbidden();
	if (viewer.clearance !== 'red' || viewer.sectors || viewer.provinces) return [];
	return sql<Rate[]>`
		select s.slug, coalesce(b.day, 0)::float8 as day, coalesce(b.week, 0)::float8 / least(7, greatest(1, extract(epoch from now() - s.created_at) / 86400))::float8 as week,
			(select extract(epoch from n.received_at)::float8 from batches n where n.source_id = s.id and n.accepted > 0 and n.received_at > now() - interval '90 days' order by n.received_at desc limit 1) as fresh
		from sources s left join (
			select source_id, sum(accepted) filter (where received_at > now() - interval '1 day') as day, sum(accepted) as week
			from batches where received_at > now() - interval '7 days' group by 1
		) b on b.source_id = s.id order by s.slug`;
}

/** All sources as every screen sees them. */
export async function all(sql: Sql | Tx): Promise<Source[]> {
	const rows = await sql<Row[]>`select ${columns(sql)} from sources order by name, slug`;
	return rows.map(shape);
}

/** One source as every screen sees it. @throws Problem 404 */
export async function one(sql: Sql | Tx, id: number): Promise<Source> {
	const [row] = await sql<Row[]>`select ${columns(sql)} from sources where id = ${id}`;
	if (!row) throw missing('The source');
	return shape(row);
}

/**
 * Adds a source and tells the screens.
 * @throws Problem `conflict` when the slug is taken, `invalid` when it is no slug
 */
export async function add({ sql }: Client, actor: string, source: New): Promise<number> {
	if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(source.slug))
		throw invalid(`"${source.slug}" is no slug: lower-case letters, digits and hyphens, 64 at the most.`);
	return sql.begin(async (tx) => {
		const [row] = await tx<(Row & { id: number })[]>`
			insert into sources (slug, name, format, tlp, cadence) values (${source.slug}, ${source.name ?? source.slug}, ${source.format}, ${rank(source.tlp)}, ${source.cadence})
			on conflict do nothing returning id, ${columns(tx)}`;
		if (!row) throw conflict(`A source "${source.slug}" exists already.`);
		await tx`insert into audit (actor, action, subject, detail) values (${actor}, 'source.add', ${source.slug}, ${tx.json({ format: source.format, tlp: source.tlp, cadence: source.cadence })})`;
		const { id, ...facts } = row;
		await append(tx, 'source', { source: shape(facts) });
		return id;
	}) as Promise<number>;
}

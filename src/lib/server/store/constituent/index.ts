import { isIP } from 'node:net';
import { z } from 'zod';
import { conflict, forbidden, invalid, missing, Problem } from '$lib/core/error';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql } from '../client';
import * as cursor from '../cursor';
import type { Reference } from '../reference';
import { parse as parseAsset, type Asset } from './asset';
import * as lock from './lock';
import * as overlap from './overlap';
import { columns, record, visible, within, type Constituent } from './row';
import { codes, many, named, unnameable } from './table';

export { exportCsv } from './export';
export { importCsv, type Answer as Imported } from './import';
export type { Overlap, Report as Overlaps } from './overlap';
export type { Constituent } from './row';

export type Counted = Constituent & { networks: number; asns: number; domains: number };
export type Filter = { q?: string; sector?: string; province?: string; team?: string; cursor?: string; limit?: number };

/** One page by name. `q` is a part of a name or a domain, an AS number, or an address: then whoever's networks hold it. */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	filter: Filter = {}
): Promise<{ constituents: Counted[]; next: string | null }> {
	if (!may(viewer, 'constituent.read')) throw forbidden();
	const limit = filter.limit ?? 100;
	const after = filter.cursor ? cursor.decode(filter.cursor, 'text', 'whole') : null;
	const rows = await sql<Counted[]>`
		with page as (
			select c.* from constituents c where ${visible(sql, viewer)} ${filter.q ? found(sql, filter.q) : sql``}
				${filter.sector ? sql`and c.sector = ${filter.sector}` : sql``} ${filter.province ? sql`and c.province = ${filter.province}` : sql``} ${filter.team ? sql`and c.team = ${filter.team}` : sql``}
				${after ? sql`and (lower(c.organisation), c.id) > (${String(after[0])}, ${Number(after[1])}::int)` : sql``}
			order by lower(c.organisation), c.id limit ${limit + 1}
		)
		select ${columns(sql)}, lower(c.organisation) as key, coalesce(n.networks, 0)::int as networks, coalesce(n.asns, 0)::int as asns, coalesce(n.domains, 0)::int as domains
		from page c left join (
			select constituent_id, count(*) filter (where kind = 'cidr') as networks, count(*) filter (where kind = 'asn') as asns, count(*) filter (where kind = 'domain') as domains
			from assets where constituent_id in (select id from page) group by 1
		) n on n.constituent_id = c.id order by lower(c.organisation), c.id`;
	const page = rows.slice(0, limit).map((row) => {
		const { key: _, ...rest } = row as Counted & { key: string };
		return rest;
	});
	const last = rows[limit - 1] as (Counted & { key: string }) | undefined;
	return { constituents: page, next: rows.length > limit && last ? cursor.encode([last.key, last.id]) : null };
}

function found(sql: Sql, q: string) {
	const has = (condition: ReturnType<typeof sql>) =>
		sql`exists (select 1 from assets a where a.constituent_id = c.id and ${condition})`;
	const asset = parseAsset(q);
	const text = sql`c.organisation ilike ${like(q)}`;
	if (typeof asset === 'string')
		return sql`and (${text} or ${has(sql`a.kind = 'domain' and a.value ilike ${like(q)}`)})`;
	if (asset.kind === 'domain')
		return sql`and (${text} or ${has(sql`a.kind = 'domain' and (a.value ilike ${like(asset.value)} or ${asset.value} like '%.' || a.value)`)})`;
	if (asset.kind === 'asn') return sql`and (${text} or ${has(sql`a.kind = 'asn' and a.value = ${asset.value}`)})`;
	// A network is found by an address in it, and by a network around it.
	return sql`and ${has(isIP(q.trim()) ? sql`a.kind = 'cidr' and a.value::inet >>= ${asset.value}::inet` : sql`a.kind = 'cidr' and a.value::inet && ${asset.value}::inet`)}`;
}

/** How many there are that the viewer may see, in all. */
export async function count({ sql }: Client, viewer: Viewer): Promise<number> {
	if (!may(viewer, 'constituent.read')) throw forbidden();
	const [row] = await sql<{ n: number }[]>`select count(*)::int as n from constituents c where ${visible(sql, viewer)}`;
	return row!.n;
}

/** One with all its assets, networks in their order. @throws Problem 404 */
export async function get(
	{ sql }: Client,
	viewer: Viewer,
	id: number
): Promise<{ constituent: Constituent; assets: Asset[] }> {
	if (!may(viewer, 'constituent.read')) throw forbidden();
	const [constituent] = await sql<
		Constituent[]
	>`select ${columns(sql)} from constituents c where c.id = ${id} and ${visible(sql, viewer)}`;
	if (!constituent) throw missing('The constituent');
	const assets = await sql<
		Asset[]
	>`select kind, value from assets where constituent_id = ${id} order by kind, case when kind = 'cidr' then value::inet end, value`;
	return { constituent, assets: [...assets] };
}

const text = z.string().max(1000).default('');
const Input = z.strictObject({
	organisation: z.string().max(1000),
	sector: text,
	province: text,
	team: text,
	assets: z.string().max(200_000).default('')
});
/** What people enter; names, codes and assets in any spelling, an empty text for none. */
export type Input = z.input<typeof Input>;

/**
 * Adds a constituent, or changes the one that still has the version that the viewer saw. Its assets are those given.
 * @throws Problem `invalid` with the path of what is wrong, `conflict` (the name is taken), `precondition_failed` 412, 404, `forbidden`
 */
export async function put(
	{ sql }: Client,
	viewer: Viewer,
	reference: Reference,
	input: Input,
	was?: { id: number; version: number }
): Promise<{ constituent: Constituent; overlaps: overlap.Report }> {
	if (!may(viewer, 'constituent.write')) throw forbidden();
	const facts = checked(input, reference);
	if (!within(viewer, facts)) throw forbidden('You may not put a constituent where you could not see it.');
	return sql.begin(async (tx) => {
		await lock.take(tx);
		if (was) {
			const [before] = await tx<
				{ version: number }[]
			>`select version from constituents c where c.id = ${was.id} and ${visible(tx, viewer)}`;
			if (!before) throw missing('The constituent');
			if (before.version !== was.version)
				throw new Problem(
					'precondition_failed',
					412,
					'Somebody has changed this constituent since you read it. Read it again, then decide.',
					{ version: before.version }
				);
		}
		const [taken] =
			await tx`select 1 from constituents where organisation = ${facts.organisation} and id <> ${was?.id ?? 0}`;
		if (taken) throw conflict(`A constituent "${facts.organisation}" exists already.`, { path: 'organisation' });
		const { organisation, sector, province, team, assets } = facts;
		const [constituent] = was
			? await tx<
					Constituent[]
				>`update constituents c set organisation = ${organisation}, sector = ${sector}, province = ${province}, team = ${team}, version = version + 1, updated_at = now() where c.id = ${was.id} returning ${columns(tx)}`
			: await tx<
					Constituent[]
				>`insert into constituents as c (organisation, sector, province, team) values (${organisation}, ${sector}, ${province}, ${team}) returning ${columns(tx)}`;
		const { id } = constituent!;
		const given = tx`unnest(${assets.map((a) => a.kind)}::text[], ${assets.map((a) => a.value)}::text[]) as g (kind, value)`;
		const removed = await tx<
			{ value: string }[]
		>`delete from assets a where a.constituent_id = ${id} and not exists (select 1 from ${given} where g.kind = a.kind and g.value = a.value) returning value`;
		const added = await tx<
			{ value: string }[]
		>`insert into assets (constituent_id, kind, value) select ${id}, kind, value from ${given} on conflict do nothing returning value`;
		const some = (list: { value: string }[]) => ({
			count: list.length,
			values: list.slice(0, 100).map((a) => a.value)
		});
		await record(tx, viewer, was ? 'constituent.change' : 'constituent.add', String(id), {
			organisation,
			sector,
			province,
			team,
			added: some(added),
			removed: some(removed)
		});
		return { constituent: constituent!, overlaps: await overlap.find(tx, viewer, new Set([id])) };
	}) as Promise<{ constituent: Constituent; overlaps: overlap.Report }>;
}

/**
 * Removes a constituent with its assets. What was observed stays, until it is attributed again as it was.
 * @throws Problem 404, `precondition_failed` 412
 */
export async function remove({ sql }: Client, viewer: Viewer, id: number, version: number): Promise<void> {
	if (!may(viewer, 'constituent.write')) throw forbidden();
	await sql.begin(async (tx) => {
		await lock.take(tx);
		const [row] = await tx<
			{ organisation: string; version: number }[]
		>`select organisation, version from constituents c where c.id = ${id} and ${visible(tx, viewer)}`;
		if (!row) throw missing('The constituent');
		if (row.version !== version)
			throw new Problem(
				'precondition_failed',
				412,
				'Somebody has changed this constituent since you read it. Read it again, then decide.',
				{ version: row.version }
			);
		const gone = await tx`delete from assets where constituent_id = ${id}`;
		await tx`delete from constituents where id = ${id}`;
		await record(tx, viewer, 'constituent.remove', String(id), { organisation: row.organisation, assets: gone.count });
	});
}

function checked(
	input: Input,
	reference: Reference
): Pick<Constituent, 'organisation' | 'sector' | 'province' | 'team'> & { assets: Asset[] } {
	const parsed = Input.safeParse(input);
	if (!parsed.success) {
		const issue = parsed.error.issues[0]!;
		throw invalid(`${issue.path.join('.')}: ${issue.message}`, { path: issue.path.join('.') });
	}
	const organisation = named(parsed.data.organisation);
	const wrong = unnameable(organisation);
	if (wrong) throw invalid(wrong, { path: 'organisation' });
	const known = codes(reference);
	const code = (path: 'sector' | 'province' | 'team'): string | null => {
		const value = parsed.data[path].trim();
		const found = value === '' ? null : known[path](value);
		if (found === undefined) throw invalid(`"${value.slice(0, 80)}" is no ${path} that is known here.`, { path });
		return found;
	};
	const assets = many(parsed.data.assets);
	if (assets.wrong.length) {
		const more = assets.wrong.length - 5;
		throw invalid(`${assets.wrong.slice(0, 5).join('; ')}${more > 0 ? `; and ${more} more` : ''}.`, { path: 'assets' });
	}
	return { organisation, sector: code('sector'), province: code('province'), team: code('team'), assets: assets.good };
}

const like = (q: string): string => `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`;

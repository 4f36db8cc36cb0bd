import {
	WINDOW,
	type Campaign,
	type Detail,
	type Event,
	type Member,
	type Reached,
	type State
} from '$lib/core/campaign';
import { DAY } from '$lib/core/clock';
import { forbidden, missing } from '$lib/core/error';
import { rank } from '$lib/core/tlp';
import { UNATTRIBUTED } from '$lib/core/sector';
import { UNLOCATED } from '$lib/core/province';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql } from './client';
import * as cursor from './cursor';
import { visible as constituents } from './constituent/row';
import * as scope from './scope';
import { called, members, places, type Place } from './campaign/visible';

export type Filter = { state?: 'live' | 'open' | 'quiet' | 'dismissed'; cursor?: string; limit?: number };

/** Campaigns that are looked at together. */
const BATCH = 100;
/** Constituents or sectors of which a viewer must see so many, or the campaign does not exist for them. */
const LEAST = 2;

type Row = {
	id: number;
	name: string | null;
	namedBy: string | null;
	namedTlp: number | null;
	state: State;
	into: number | null;
	version: number;
};
const columns = (sql: Sql) =>
	sql`c.id, c.name, c.named_by as "namedBy", c.named_tlp as "namedTlp", c.state, c.merged_into as into, c.version`;

/** One page of campaigns, the newest first, as far as the viewer may see them. `live`: open or quiet. */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	filter: Filter = {}
): Promise<{ campaigns: Campaign[]; next: string | null }> {
	if (!may(viewer, 'campaign.read')) throw forbidden();
	const limit = filter.limit ?? 100;
	// One that is open may be quiet for who sees a part of it.
	const states = filter.state === 'open' || filter.state === 'dismissed' ? [filter.state] : ['open', 'quiet'];
	let after = filter.cursor ? Number(cursor.decode(filter.cursor, 'whole')[0]) : null;
	const found: Campaign[] = [];
	// Who sees little passes over many: read on until a page is full.
	for (;;) {
		const rows = await sql<Row[]>`
			select ${columns(sql)} from campaigns c where c.state = any(${states}) ${after === null ? sql`` : sql`and c.id < ${after}`} order by c.id desc limit ${BATCH}`;
		const shared = await members(
			sql,
			viewer,
			rows.map((r) => r.id)
		);
		const seen = await places(sql, viewer, shared, 'day');
		for (const row of rows) {
			const one = shape(row, viewer, shared.get(row.id) ?? [], seen.get(row.id) ?? []);
			if (!one || (filter.state === 'open' && one.state !== 'open')) continue;
			if (filter.state === 'quiet' && one.state !== 'quiet') continue;
			if (found.length === limit) return { campaigns: found, next: cursor.encode([found.at(-1)!.id]) };
			found.push(one);
		}
		if (rows.length < BATCH) return { campaigns: found, next: null };
		after = rows.at(-1)!.id;
	}
}

/** What a viewer sees of a campaign; undefined when that is too little for it to exist. */
function shape(row: Row, viewer: Viewer, shared: Member[], seen: Place[]): Campaign | undefined {
	const known = (names: Iterable<string>, none: string) => [...new Set(names)].filter((n) => n !== none).sort();
	const sectors = known(
		seen.map((p) => p.sector),
		UNATTRIBUTED
	);
	const whom = new Set(seen.flatMap((p) => p.constituent || []));
	if (!shared.length || (sectors.length < LEAST && whom.size < LEAST)) return undefined;
	const days = new Map<number, number>();
	for (const p of seen) days.set(p.at - (p.at % DAY), (days.get(p.at - (p.at % DAY)) ?? 0) + p.n);
	// A name may say more than its reader may know: who sees a part only reads their own.
	const named =
		row.name !== null &&
		row.namedTlp! <= rank(viewer.clearance) &&
		((!viewer.sectors && !viewer.provinces) || row.namedBy === viewer.name);
	const last = shared.reduce((t, m) => Math.max(t, m.last), 0);
	return {
		id: row.id,
		name: named ? row.name! : called(shared),
		named,
		state: row.state === 'open' && last < Date.now() / 1000 - WINDOW ? 'quiet' : row.state,
		first: shared.reduce((t, m) => Math.min(t, m.first), Infinity),
		last,
		count: seen.reduce((sum, p) => sum + p.n, 0),
		sectors,
		provinces: known(
			seen.map((p) => p.province),
			UNLOCATED
		),
		constituents: whom.size,
		members: shared.length,
		days: [...days].sort((a, b) => a[0] - b[0]),
		version: row.version
	};
}

/** A campaign with its spread over time. One that is part of another answers with that. @throws Problem 403, 404 */
export async function get(client: Client, viewer: Viewer, id: number): Promise<Detail> {
	if (!may(viewer, 'campaign.read')) throw forbidden();
	const { sql } = client;
	let row: Row | undefined;
	for (let at: number | null = id, steps = 0; at !== null && steps < 100; steps++) {
		[row] = await sql<Row[]>`select ${columns(sql)} from campaigns c where c.id = ${at}`;
		at = row?.into ?? null;
	}
	const shared = row ? await members(sql, viewer, [row.id]) : new Map<number, Member[]>();
	const seen = (await places(sql, viewer, shared, 'hour')).get(row?.id ?? 0) ?? [];
	const found = row && shape(row, viewer, shared.get(row.id) ?? [], seen);
	if (!found) throw missing('The campaign');
	const [names, incidents, history] = await Promise.all([
		sql<{ id: number; name: string; sector: string | null; province: string | null }[]>`
			select c.id, c.organisation as name, c.sector, c.province from constituents c where c.id = any(${[...new Set(seen.map((p) => p.constituent))]}::int[]) and ${constituents(sql, viewer)}`,
		sql<Detail['incidents']>`
			select i.id, i.title, i.sector, extract(epoch from i.opened_at)::float8 as opened from incidents i
			where i.sector = any(${found.sectors}) and i.opened_at >= to_timestamp(${found.first}) and i.opened_at < to_timestamp(${found.last + DAY}) and ${scope.incidents(sql, viewer)} order by i.opened_at desc limit 20`,
		sql<Event[]>`
			select extract(epoch from at)::float8 as at, actor, action, detail from campaign_events where campaign_id = ${found.id} and tlp <= ${rank(viewer.clearance)} order by id`
	]);
	const known = new Map(names.map((n) => [n.id, n.name]));
	const scoped = viewer.sectors !== null || viewer.provinces !== null;
	const hours = new Map<string, Detail['hours'][number]>();
	for (const p of seen) {
		const hour = hours.get(`${p.at} ${p.sector}`) ?? { at: p.at, sector: p.sector, n: 0 };
		hour.n += p.n;
		hours.set(`${p.at} ${p.sector}`, hour);
	}
	const whom = reached(
		seen.filter((p) => p.constituent),
		(p) => String(p.constituent)
	);
	return {
		...found,
		shared: shared.get(found.id)!,
		hours: [...hours.values()].sort((a, b) => a.at - b.at || (a.sector < b.sector ? -1 : 1)),
		bySector: reached(seen, (p) => p.sector),
		byProvince: reached(seen, (p) => p.province),
		byConstituent: whom.map(({ name, ...r }) => {
			const { sector, province } = seen.find((p) => String(p.constituent) === name)!;
			return { id: Number(name), name: known.get(Number(name)) ?? null, sector, province, ...r };
		}),
		incidents: [...incidents],
		// What people wrote about all of it is not for who sees a part.
		history: history
			.filter((e) => e.action !== 'found' || spread(seen.filter((p) => p.at <= e.at)))
			.map((e) => (scoped ? { ...e, detail: {} } : e))
	};
}

/** Whether places are so many that there is a campaign for who sees them: one that others found earlier was not found for these. */
const spread = (seen: Place[]): boolean =>
	new Set(seen.map((p) => p.sector).filter((s) => s !== UNATTRIBUTED)).size >= LEAST ||
	new Set(seen.flatMap((p) => p.constituent || [])).size >= LEAST;

/** Where it was seen, by when it came there. */
function reached(seen: Place[], by: (p: Place) => string): Reached[] {
	const found = new Map<string, Reached>();
	for (const p of seen) {
		const name = by(p);
		const one = found.get(name) ?? { name, count: 0, first: p.at, last: p.at };
		one.count += p.n;
		one.first = Math.min(one.first, p.at);
		one.last = Math.max(one.last, p.at);
		found.set(name, one);
	}
	return [...found.values()].sort((a, b) => a.first - b.first || b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** The campaign that an indicator's value belongs to, if the viewer may see both. */
export async function of(client: Client, viewer: Viewer, indicator: string): Promise<Campaign | null> {
	if (!may(viewer, 'campaign.read')) return null;
	const { sql } = client;
	const [row] = await sql<Row[]>`
		select ${columns(sql)} from campaigns c join campaign_members m on m.campaign_id = c.id and m.removed_at is null where m.clue_id = ${indicator}::uuid and c.state <> 'dismissed'`;
	if (!row) return null;
	const shared = await members(sql, viewer, [row.id]);
	if (!shared.get(row.id)?.some((m) => m.id === indicator)) return null;
	const seen = await places(sql, viewer, shared, 'day');
	return shape(row, viewer, shared.get(row.id)!, seen.get(row.id) ?? []) ?? null;
}

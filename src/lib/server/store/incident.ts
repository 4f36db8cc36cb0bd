import { forbidden, invalid, missing, Problem } from '$lib/core/error';
import type { Incident } from '$lib/core/incident';
import { LEVELS } from '$lib/core/severity';
import { ofRank, rank } from '$lib/core/tlp';
import { may, sees, type Viewer } from '$lib/core/viewer';
import { Change, New } from '$lib/core/draft';
import type { z } from 'zod';
import type { Client, Sql, Tx } from './client';
import * as cursor from './cursor';
import { append } from './log';
import type { Reference } from './reference';
import * as scope from './scope';

export type Filter = {
	status?: 'open' | 'closed' | 'all';
	severity?: string;
	sector?: string;
	province?: string;
	team?: string;
	q?: string;
	/** the most lately opened first, or the most severe first and of those the oldest */
	order?: 'opened' | 'severity';
	cursor?: string;
	limit?: number;
};
/** One change of a case; `at` is epoch seconds. */
export type Event = { at: number; actor: string; version: number; change: Record<string, unknown> };
export type Rules = { reference: Reference; prefix: string; exercise: boolean };

type Row = Omit<Incident, 'tlp'> & { tlp: number };
const shape = ({ tlp, ...row }: Row): Incident => ({ ...row, tlp: ofRank(tlp) });
const columns = (
	sql: Sql | Tx
) => sql`i.id, i.title, i.summary, i.type, i.severity, i.status, i.sector, i.province, i.team, i.tlp,
	extract(epoch from i.opened_at)::float8 as opened, extract(epoch from i.updated_at)::float8 as updated, extract(epoch from i.closed_at)::float8 as closed, i.version`;

/** One page of cases, in the order that is asked for; a cursor leads on in the order that it was given in. */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	filter: Filter = {}
): Promise<{ incidents: Incident[]; next: string | null }> {
	if (!may(viewer, 'incident.read')) throw forbidden();
	const limit = filter.limit ?? 100;
	const grave = filter.order === 'severity';
	const after = !filter.cursor
		? null
		: grave
			? cursor.decode(filter.cursor, 'whole', 'seconds', 'text')
			: cursor.decode(filter.cursor, 'seconds', 'text');
	const level = sql`array_position(${LEVELS as unknown as string[]}::text[], i.severity)`;
	const rows = await sql<Row[]>`
		select ${columns(sql)} from incidents i where ${scope.incidents(sql, viewer)}
			${filter.status === 'open' ? sql`and i.status <> 'closed'` : filter.status === 'closed' ? sql`and i.status = 'closed'` : sql``}
			${filter.severity ? sql`and i.severity = ${filter.severity}` : sql``} ${filter.sector ? sql`and i.sector = ${filter.sector}` : sql``}
			${filter.province ? sql`and i.province = ${filter.province}` : sql``} ${filter.team ? sql`and i.team = ${filter.team}` : sql``}
			${filter.q ? sql`and (i.title ilike ${like(filter.q)} or i.id ilike ${like(filter.q)} or i.summary ilike ${like(filter.q)})` : sql``}
			${!after ? sql`` : grave ? sql`and (-${level}, i.opened_at, i.id) > (${after[0]!}::int, to_timestamp(${after[1]!}), ${after[2]!})` : sql`and (i.opened_at, i.id) < (to_timestamp(${after[0]!}), ${after[1]!})`}
		order by ${grave ? sql`${level} desc, i.opened_at, i.id` : sql`i.opened_at desc, i.id desc`} limit ${limit + 1}`;
	const page = rows.slice(0, limit).map(shape);
	const last = page.at(-1);
	const key = last && [...(grave ? [-(LEVELS.indexOf(last.severity) + 1)] : []), last.opened, last.id];
	return { incidents: page, next: rows.length > limit && key ? cursor.encode(key) : null };
}

/** A case with its history, oldest change first. @throws Problem 404 */
export async function get(
	{ sql }: Client,
	viewer: Viewer,
	id: string
): Promise<{ incident: Incident; history: Event[] }> {
	if (!may(viewer, 'incident.read')) throw forbidden();
	const [row] = await sql<
		Row[]
	>`select ${columns(sql)} from incidents i where i.id = ${id} and ${scope.incidents(sql, viewer)}`;
	if (!row) throw missing('The incident');
	const history = await sql<
		Event[]
	>`select extract(epoch from at)::float8 as at, actor, version, change from incident_events where incident_id = ${id} order by version`;
	// What was written while the case was marked for others stays with those: each change is judged by the facts of its time.
	const facts: Partial<Incident> = {};
	const seen = history.filter(({ change }) => {
		Object.assign(facts, change);
		return sees(viewer, facts as Incident);
	});
	return { incident: shape(row), history: seen };
}

/** A case as it was before it got a version, from its history. */
export async function before(sql: Sql | Tx, { version, ...present }: Incident): Promise<Incident> {
	const rows = await sql<
		{ change: Partial<Incident> & { note?: string } }[]
	>`select change from incident_events where incident_id = ${present.id} and version < ${version} order by version`;
	const { note: _, ...facts } = Object.assign({}, ...rows.map((r) => r.change)) as Partial<Incident> & {
		note?: string;
	};
	return { ...present, ...facts, version: version - 1 };
}

/** All cases that are not closed, whoever may see them: for the picture in memory. */
export async function allOpen(sql: Sql | Tx): Promise<Incident[]> {
	return (await sql<Row[]>`select ${columns(sql)} from incidents i where i.status <> 'closed'`).map(shape);
}

/** Opens a case. @throws Problem `invalid` with the path of what is wrong, `forbidden` */
export async function open({ sql }: Client, viewer: Viewer, input: unknown, rules: Rules): Promise<Incident> {
	if (!may(viewer, 'incident.write')) throw forbidden();
	const given = parse(New, input);
	if (given.opened !== undefined && !rules.exercise)
		throw invalid('opened: only an exercise may say when a case was opened.', { path: 'opened' });
	const facts = known(given, rules.reference);
	if (!sees(viewer, facts)) throw forbidden('You may not open a case that you could not see afterwards.');
	const at = given.opened ? new Date(given.opened) : new Date();
	const year = at.getUTCFullYear();
	return sql.begin(async (tx) => {
		const [count] = await tx<
			{ value: number }[]
		>`insert into counters (name, value) values (${`incident-${year}`}, 1) on conflict (name) do update set value = counters.value + 1 returning value`;
		const id = `${rules.prefix}-${year}-${String(count!.value).padStart(4, '0')}`;
		const [row] = await tx<Row[]>`
			insert into incidents as i (id, title, summary, type, severity, status, sector, province, team, tlp, opened_at, updated_at, closed_at, version)
			values (${id}, ${facts.title}, ${facts.summary}, ${facts.type}, ${facts.severity}, ${facts.status}, ${facts.sector}, ${facts.province}, ${facts.team}, ${rank(facts.tlp)},
				${at}, ${at}, ${facts.status === 'closed' ? new Date() : null}, 1) returning ${columns(tx)}`;
		await record(tx, viewer, id, 1, { ...facts });
		const incident = shape(row!);
		await append(tx, 'incident', { incident });
		return incident;
	}) as Promise<Incident>;
}

/**
 * Changes a case that still has the version the viewer saw.
 * @throws Problem 404, `precondition_failed` 412 with the present version, `invalid`, `forbidden`
 */
export async function change(
	client: Client,
	viewer: Viewer,
	id: string,
	version: number,
	input: unknown,
	rules: Rules
): Promise<Incident> {
	if (!may(viewer, 'incident.write')) throw forbidden();
	const { note, ...given } = parse(Change, input);
	const { incident: before } = await get(client, viewer, id);
	const stale = (present: number) =>
		new Problem(
			'precondition_failed',
			412,
			'Somebody has changed this case since you read it. Read it again, then decide.',
			{ version: present }
		);
	if (before.version !== version) throw stale(before.version);
	const after = known({ ...before, ...given }, rules.reference);
	if (!sees(viewer, after)) throw forbidden('You may not move a case to where you could not see it.');
	const keys = Object.keys(given) as (keyof typeof given)[];
	const changed = Object.fromEntries(keys.filter((k) => after[k] !== before[k]).map((k) => [k, after[k]]));
	if (!Object.keys(changed).length && !note) return before;
	return client.sql.begin(async (tx) => {
		const [row] = await tx<Row[]>`
			update incidents as i set title = ${after.title}, summary = ${after.summary}, type = ${after.type}, severity = ${after.severity}, status = ${after.status}, sector = ${after.sector},
				province = ${after.province}, team = ${after.team}, tlp = ${rank(after.tlp)}, updated_at = now(), version = version + 1,
				closed_at = case when ${after.status} <> 'closed' then null else coalesce(closed_at, now()) end
			where i.id = ${id} and i.version = ${version} returning ${columns(tx)}`;
		if (!row) {
			const [present] = await tx<{ version: number }[]>`select version from incidents where id = ${id}`;
			throw stale(present?.version ?? before.version);
		}
		await record(tx, viewer, id, row.version, note ? { ...changed, note } : changed);
		const incident = shape(row);
		await append(tx, 'incident', { incident });
		return incident;
	}) as Promise<Incident>;
}

async function record(
	tx: Tx,
	viewer: Viewer,
	id: string,
	version: number,
	change: Record<string, unknown>
): Promise<void> {
	await tx`insert into incident_events (incident_id, actor, version, change) values (${id}, ${viewer.name}, ${version}, ${tx.json(change as never)})`;
	await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, ${version === 1 ? 'incident.open' : 'incident.change'}, ${id}, ${tx.json(change as never)})`;
}

/** The same facts with every spelling replaced by the reference data's. @throws Problem `invalid` */
function known<T extends { type: string; sector: string | null; province: string | null; team: string | null }>(
	facts: T,
	reference: Reference
): T {
	const look = <V>(path: string, value: string, found: V | undefined): V => {
		if (found === undefined) throw invalid(`${path}: "${value.slice(0, 80)}" is not known here.`, { path });
		return found;
	};
	return {
		...facts,
		type: look('type', facts.type, reference.type.get(facts.type.toLowerCase())?.slug),
		sector: facts.sector && look('sector', facts.sector, reference.sector.get(facts.sector.toLowerCase())),
		province: facts.province && look('province', facts.province, reference.province.get(facts.province.toLowerCase())),
		team: facts.team && look('team', facts.team, reference.teams.find((t) => t.slug === facts.team)?.slug)
	};
}

function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
	const parsed = schema.safeParse(input);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	const path = issue.path.join('.');
	throw invalid(path ? `${path}: ${issue.message}` : issue.message, { path });
}

const like = (q: string): string => `%${q.replace(/[\\%_]/g, '\\$&')}%`;

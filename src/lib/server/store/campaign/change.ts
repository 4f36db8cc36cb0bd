import { z } from 'zod';
import { label, number, type Detail } from '$lib/core/campaign';
import { conflict, forbidden, invalid, missing, Problem } from '$lib/core/error';
import { rank } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import * as campaign from '../campaign';
import type { Client, Tx } from '../client';
import { LOCK, move } from './move';
import { places } from './visible';

const note = z.string().trim().max(2000).optional();
export const Change = z
	.strictObject({
		name: z.string().trim().max(120).optional().meta({ description: 'empty: after what it shares' }),
		state: z.enum(['open', 'dismissed']).optional(),
		note
	})
	.refine((c) => c.name !== undefined || c.state !== undefined, 'says neither a name nor a state');
export const Merge = z.strictObject({
	from: z
		.array(z.string().refine((t) => number(t) !== undefined, 'is no campaign such as C-12'))
		.min(1)
		.max(20),
	note
});
export const Split = z.strictObject({
	members: z.array(z.guid()).min(1).max(500).meta({ description: 'ids of the values that go' }),
	name: z.string().trim().max(120).optional(),
	note
});

/** Names, dismisses or reopens a campaign that still has the version the viewer saw. @throws Problem 400, 403, 404, 412 */
export async function change(
	client: Client,
	viewer: Viewer,
	id: number,
	version: number,
	input: unknown
): Promise<Detail> {
	const given = parse(Change, input);
	const before = await open(client, viewer, id, version);
	const name = given.name || null;
	await write(client, async (tx) => {
		await bump(tx, before.id, version);
		if (given.name !== undefined) {
			await tx`update campaigns set name = ${name}, named_by = ${name && viewer.name}, named_tlp = ${name && rank(viewer.clearance)} where id = ${before.id}`;
			await record(tx, viewer, before.id, 'name', { name, note: given.note });
		}
		if (given.state !== undefined && (given.state === 'dismissed') !== (before.state === 'dismissed')) {
			await tx`update campaigns set state = ${given.state} where id = ${before.id}`;
			await record(tx, viewer, before.id, given.state === 'dismissed' ? 'dismiss' : 'reopen', { note: given.note });
		}
	});
	return campaign.get(client, viewer, before.id);
}

/** Makes others part of a campaign. @throws Problem 400, 403, 404, 412 */
export async function merge(
	client: Client,
	viewer: Viewer,
	id: number,
	version: number,
	input: unknown
): Promise<Detail> {
	const given = parse(Merge, input);
	const into = await open(client, viewer, id, version);
	const others = new Map<number, Detail>();
	for (const text of given.from) {
		const other = await campaign.get(client, viewer, number(text)!);
		if (other.id === into.id) throw invalid(`from: ${text} is this campaign itself.`, { path: 'from' });
		others.set(other.id, other);
	}
	await write(client, async (tx) => {
		await bump(tx, into.id, version);
		for (const other of others.values()) {
			await bump(tx, other.id, other.version);
			await move(tx, other.id, into.id, viewer.name);
			await tx`delete from campaign_apart where a = ${Math.min(other.id, into.id)} and b = ${Math.max(other.id, into.id)}`;
			await record(tx, viewer, into.id, 'merge', { from: other.id, note: given.note });
			await record(tx, viewer, other.id, 'merge', { into: into.id, note: given.note });
		}
	});
	return campaign.get(client, viewer, into.id);
}

/** Makes a campaign of its own of some values of one; the two are never made one again but by a person. @throws Problem 400, 403, 404, 412 */
export async function split(
	client: Client,
	viewer: Viewer,
	id: number,
	version: number,
	input: unknown
): Promise<Detail> {
	const given = parse(Split, input);
	const from = await open(client, viewer, id, version);
	const goes = new Set(given.members);
	for (const m of goes)
		if (!from.shared.some((s) => s.id === m))
			throw invalid(`members: ${m} is no value of ${label(from.id)}.`, { path: 'members' });
	const parts = [from.shared.filter((m) => goes.has(m.id)), from.shared.filter((m) => !goes.has(m.id))];
	const seen = await places(client.sql, viewer, new Map(parts.map((p, i) => [i, p])), 'day');
	parts.forEach((part, i) => {
		const where = seen.get(i) ?? [];
		const count = (of: (p: (typeof where)[number]) => string | number) =>
			new Set(where.map(of).filter((x) => x && x !== 'unattributed')).size;
		if (!part.length || (count((p) => p.sector) < 2 && count((p) => p.constituent) < 2))
			throw invalid(
				`members: ${i ? 'what stays' : 'what goes'} is not seen in two sectors or at two constituents, and so is no campaign.`,
				{ path: 'members' }
			);
	});
	const made = await write(client, async (tx) => {
		await bump(tx, from.id, version);
		const [row] = await tx<{ id: number }[]>`
			insert into campaigns (name, named_by, named_tlp, state, touched, first_at, last_at) select ${given.name || null}, ${given.name ? viewer.name : null}, ${given.name ? rank(viewer.clearance) : null}, case state when 'dismissed' then 'open' else state end, true, first_at, last_at
			from campaigns where id = ${from.id} returning id`;
		const gone =
			await tx`update campaign_members set removed_at = now(), removed_by = ${viewer.name} where campaign_id = ${from.id} and clue_id = any(${[...goes]}::uuid[]) and removed_at is null`;
		if (gone.count !== goes.size)
			throw conflict('Somebody has moved one of these values meanwhile. Read the campaign again.');
		await tx`
			insert into campaign_members (campaign_id, clue_id, why, added_by) select ${row!.id}, clue_id, why, ${viewer.name} from campaign_members where campaign_id = ${from.id} and clue_id = any(${[...goes]}::uuid[])`;
		await tx`
			insert into campaign_apart (a, b) select least(${row!.id}::int, x), greatest(${row!.id}::int, x) from (
				select ${from.id}::int as x union select case when a = ${from.id} then b else a end from campaign_apart where ${from.id} in (a, b)) o on conflict do nothing`;
		await record(tx, viewer, from.id, 'split', { into: row!.id, values: goes.size, note: given.note });
		await record(tx, viewer, row!.id, 'split', { from: from.id, values: goes.size, note: given.note });
		return row!.id;
	});
	return campaign.get(client, viewer, made);
}

/** The campaign that is to be changed. */
async function open(client: Client, viewer: Viewer, id: number, version: number): Promise<Detail> {
	if (!may(viewer, 'campaign.write')) throw forbidden();
	if (viewer.sectors || viewer.provinces)
		throw forbidden(
			'Your scope shows a part of the nation; what a campaign is has to be decided by who sees all of it.'
		);
	const found = await campaign.get(client, viewer, id);
	if (found.id !== id) throw missing('The campaign');
	if (found.version !== version) throw stale(found.version);
	return found;
}

const stale = (version?: number) =>
	new Problem(
		'precondition_failed',
		412,
		'This campaign has changed since you read it. Read it again, then decide.',
		version === undefined ? {} : { version }
	);

const write = <T>(client: Client, work: (tx: Tx) => Promise<T>): Promise<T> =>
	client.sql.begin(async (tx) => {
		await tx`select pg_advisory_xact_lock(${LOCK})`;
		return work(tx);
	}) as Promise<T>;

/** It is changed by a person, and by nobody else since they looked. */
async function bump(tx: Tx, id: number, version: number): Promise<void> {
	const { count } =
		await tx`update campaigns set version = version + 1, touched = true where id = ${id} and version = ${version} and state <> 'merged'`;
	if (!count) throw stale();
}

async function record(
	tx: Tx,
	viewer: Viewer,
	id: number,
	action: string,
	detail: Record<string, unknown>
): Promise<void> {
	const said = tx.json(
		Object.fromEntries(Object.entries(detail).filter(([, v]) => v !== undefined && v !== '')) as never
	);
	await tx`insert into campaign_events (campaign_id, actor, tlp, action, detail) values (${id}, ${viewer.name}, ${rank(viewer.clearance)}, ${action}, ${said})`;
	await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, ${`campaign.${action}`}, ${label(id)}, ${said})`;
}

function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
	const parsed = schema.safeParse(input);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	const path = issue.path.join('.');
	throw invalid(path ? `${path}: ${issue.message}` : issue.message, { path });
}

import type { z } from 'zod';
import { rings, shown, type Alarm, type What } from '$lib/core/alarm';
import { Acknowledge, Clear, Shelve, Unshelve } from '$lib/core/alarm/draft';
import { full, HOUR, span } from '$lib/core/clock';
import { conflict, forbidden, invalid, missing } from '$lib/core/error';
import { rank } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from '../client';
import { append } from '../log';
import { columns, raised, visible, type Row } from './row';

/** What people do about an alarm. Each is one transaction: the change, what happened, the audit, and the entry of the log that brings it to every screen. */

/** Says that somebody has seen it; one whose condition has ended is cleared by that. @throws Problem 409 when somebody has */
export async function acknowledge(client: Client, viewer: Viewer, id: number, input: unknown = {}): Promise<Alarm> {
	const { note } = parse(Acknowledge, input);
	return act(client, viewer, id, 'acknowledged', { ...(note && { note }) }, (tx) => ({
		change: tx`standing = case a.standing when 'returned' then 'cleared' else 'acknowledged' end, acknowledged_at = now(), acknowledged_by = ${viewer.name},
			cleared_at = case a.standing when 'returned' then now() end`,
		from: tx`a.standing in ('unacknowledged', 'returned')`
	}));
}

/**
 * Puts it aside until a moment; then it rings again, if it is still there.
 * @param longest seconds that it may be put aside for
 */
export async function shelve(
	client: Client,
	viewer: Viewer,
	id: number,
	input: unknown,
	longest = 24 * HOUR
): Promise<Alarm> {
	const { until, reason } = parse(Shelve, input);
	const left = Date.parse(until) / 1000 - Date.now() / 1000;
	if (left <= 0) throw invalid('until: is over already.', { path: 'until' });
	// A form that says "24 hours" is sent some seconds before it is read.
	if (left > longest + 60)
		throw invalid(`until: an alarm can be shelved for ${span(longest)} at the most.`, { path: 'until' });
	return act(client, viewer, id, 'shelved', { until, reason }, (tx) => ({
		change: tx`shelved_until = ${until}::timestamptz, shelved_by = ${viewer.name}, shelved_reason = ${reason}`,
		from: tx`a.standing <> 'cleared'`
	}));
}

/** Takes it from the shelf. @throws Problem 409 when it is not there */
export async function unshelve(client: Client, viewer: Viewer, id: number, input: unknown = {}): Promise<Alarm> {
	const { note } = parse(Unshelve, input);
	return act(client, viewer, id, 'unshelved', { ...(note && { note }) }, (tx) => ({
		change: tx`shelved_until = null, shelved_by = null, shelved_reason = null`,
		from: tx`a.standing <> 'cleared' and a.shelved_until > now()`
	}));
}

/** Ends it. While its condition holds it is not raised again, unless that becomes more. */
export async function clear(client: Client, viewer: Viewer, id: number, input: unknown): Promise<Alarm> {
	const { reason } = parse(Clear, input);
	return act(client, viewer, id, 'cleared', { reason }, (tx) => ({
		change: tx`standing = 'cleared', cleared_at = now(), shelved_until = null, shelved_by = null, shelved_reason = null`,
		from: tx`a.standing <> 'cleared'`
	}));
}

type Move = (tx: Tx) => { change: ReturnType<Sql>; from: ReturnType<Sql> };

async function act(
	{ sql }: Client,
	viewer: Viewer,
	id: number,
	what: What,
	detail: Record<string, unknown>,
	move: Move
): Promise<Alarm> {
	if (!may(viewer, 'alarm.write')) throw forbidden();
	return sql.begin(async (tx) => {
		const { change, from } = move(tx);
		const [row] = await tx<Row[]>`
			update alarms a set ${change}, updated_at = now(), version = version + 1 where a.id = ${id} and ${visible(tx, viewer)} and ${from} returning ${columns(tx)}`;
		if (!row) {
			const [present] = await tx<
				Row[]
			>`select ${columns(tx)} from alarms a where a.id = ${id} and ${visible(tx, viewer)}`;
			if (!present) throw missing('The alarm');
			throw taken(raised(present));
		}
		const after = raised(row);
		// Every scope sees it, and all would lose it.
		if (after.kind === 'silence' && (viewer.sectors || viewer.provinces))
			throw forbidden(
				'A silent source concerns the whole nation; somebody who sees all of it decides about its alarm.'
			);
		// Whoever may see the alarm may see what was done about it.
		await tx`insert into alarm_events (alarm_id, actor, what, tlp, detail) values (${id}, ${viewer.name}, ${what}, ${rank(after.tlp)}, ${tx.json(detail as never)})`;
		await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, ${`alarm.${VERBS[what] ?? what}`}, ${String(id)}, ${tx.json({ ...detail, rule: after.rule } as never)})`;
		await append(tx, 'alarm', { alarms: [after] });
		return shown(after, viewer.clearance)!;
	}) as Promise<Alarm>;
}

const VERBS: Partial<Record<What, string>> = {
	acknowledged: 'acknowledge',
	shelved: 'shelve',
	unshelved: 'unshelve',
	cleared: 'clear'
};

/** Why it cannot be done any more, in words. */
function taken(a: ReturnType<typeof raised>): Error {
	const detail = { standing: a.standing, version: a.version };
	if (a.standing === 'cleared') return conflict('This alarm has been cleared meanwhile.', detail);
	if (a.standing === 'acknowledged' && a.acknowledged && rings(a, Date.now() / 1000))
		return conflict(`${a.acknowledged.by} has acknowledged this alarm already, ${full(a.acknowledged.at)}.`, detail);
	return conflict('This alarm is not in a state in which that can be done; read it again.', detail);
}

/** @throws Problem `invalid` with the path of what is wrong */
function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
	const parsed = schema.safeParse(input);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	const path = issue.path.join('.');
	throw invalid(path ? `${path}: ${issue.message}` : issue.message, { path });
}

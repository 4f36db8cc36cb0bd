import type { Facts, Kind, Priority, Raised, Saying, What } from '$lib/core/alarm';
import { rank } from '$lib/core/tlp';
import type { JSONValue } from 'postgres';
import type { Sql, Tx } from '../client';
import { append, type Told } from '../log';
import { columns, held, raised, type Held, type Row } from './row';

/** What the rules do about alarms: all that one look comes to in one transaction, with one entry of the log. */

/** Something that holds now and that its rule raises an alarm for. */
export type Condition = {
	/** names it within its rule, as long as it holds */
	key: string;
	/** by the rank of the clearance, the lowest first; at least one */
	said: Saying[];
	sector: string | null;
	province: string | null;
	source: string | null;
	href: string;
	/** what it consists of; more of it rings again */
	parts?: string[];
	/** the rank from which each part may be known of; one that is not named here, by whoever sees the alarm */
	known?: ReadonlyMap<string, number>;
	/** whom it concerns */
	constituents?: number[];
};
/** What is written of an alarm beside what its condition says. */
export type Fields = Condition & { kind: Kind; rule: string; response: string; priority: Priority; tlp: number };
export type Note = { what: What; tlp: number; detail?: Facts };

/** One change; `of` has the version that was seen. A change without a note is silent: the log does not say it. */
export type Change =
	| { do: 'raise'; fields: Fields; note: Note }
	| { do: 'tell'; of: Held; fields: Fields; standing: Held['standing']; note?: Note }
	| { do: 'absent'; of: Held; absent: number | null }
	| { do: 'end'; of: Held; note: Note }
	| { do: 'unshelve'; of: Held };

/** The alarms of a rule whose condition has not ended, or that nobody has seen the end of. */
export const of = async (sql: Sql | Tx, rule: string): Promise<Held[]> =>
	(
		await sql<
			Row[]
		>`select ${columns(sql)} from alarms a where a.rule = ${rule} and (a.standing <> 'cleared' or a.returned_at is null) order by a.id`
	).map(held);

/** Alarms whose time on the shelf is over at `now` (epoch seconds). */
export const shelved = async (sql: Sql | Tx, now: number): Promise<Held[]> =>
	(
		await sql<Row[]>`
			select ${columns(sql)} from alarms a where a.standing <> 'cleared' and a.shelved_until <= to_timestamp(${now}) order by a.id`
	).map(held);

/**
 * Makes the changes as of `now` (epoch seconds); what somebody else has changed meanwhile is left for the next look.
 * Answers the alarms that have changed.
 */
export async function keep(sql: Sql, changes: readonly Change[], now: number): Promise<Raised[]> {
	if (!changes.length) return [];
	return sql.begin(async (tx) => {
		const told: Told[] = [];
		for (const change of changes) {
			const row = await make(tx, change, now);
			if (!row) continue;
			const note =
				change.do === 'unshelve' ? { what: 'expired' as const, tlp: row.tlp } : 'note' in change && change.note;
			if (note)
				await tx`insert into alarm_events (alarm_id, at, what, tlp, detail) values (${row.id}, to_timestamp(${now}), ${note.what}, ${note.tlp}, ${tx.json((note as Note).detail ?? {})})`;
			if (change.do !== 'absent') told.push({ ...raised(row), ...('of' in change && before(change.of, row)) });
		}
		if (told.length) await append(tx, 'alarm', { alarms: told });
		return told;
	}) as Promise<Raised[]>;
}

/** Who could see it, where that has changed. */
function before({ tlp, sector, province }: Held, now: Row): Pick<Told, 'was'> {
	const same = rank(tlp) === now.tlp && sector === now.sector && province === now.province;
	return same ? {} : { was: { tlp, sector, province } };
}

async function make(tx: Tx, change: Change, now: number): Promise<Row | undefined> {
	const at = tx`to_timestamp(${now})`;
	if (change.do === 'raise') {
		const f = change.fields;
		const [row] = await tx<Row[]>`
			insert into alarms as a (rule, key, kind, priority, standing, response, sector, province, source, tlp, said, href, parts, constituents, raised_at, updated_at)
			values (${f.rule}, ${f.key}, ${f.kind}, ${f.priority}, 'unacknowledged', ${f.response}, ${f.sector}, ${f.province}, ${f.source}, ${f.tlp}, ${tx.json(f.said as unknown as JSONValue)}, ${f.href},
				${f.parts ?? []}::text[], ${f.constituents ?? []}::int[], ${at}, ${at})
			on conflict do nothing returning ${columns(tx)}`;
		return row;
	}
	const { id, version } = change.of;
	const [row] = await tx<Row[]>`
		update alarms a set ${set(tx, change, now)} where a.id = ${id} and a.version = ${version} returning ${columns(tx)}`;
	return row;
}

function set(tx: Tx, change: Exclude<Change, { do: 'raise' }>, now: number) {
	const at = tx`to_timestamp(${now})`;
	switch (change.do) {
		case 'absent':
			// Not for anybody to see: so it is no new version.
			return tx`absent_at = ${change.absent === null ? null : tx`to_timestamp(${change.absent})`}`;
		case 'unshelve':
			return tx`shelved_until = null, shelved_by = null, shelved_reason = null, updated_at = ${at}, version = version + 1`;
		case 'end': {
			const unseen = change.of.standing === 'unacknowledged' && !(change.of.shelved !== null);
			return tx`standing = ${unseen ? 'returned' : 'cleared'}, returned_at = ${at}, absent_at = null, updated_at = ${at}, cleared_at = ${unseen ? null : tx`coalesce(cleared_at, ${at})`},
				shelved_until = null, shelved_by = null, shelved_reason = null, version = version + 1`;
		}
		case 'tell': {
			const f = change.fields;
			const again = change.standing === 'unacknowledged' && change.of.standing !== 'unacknowledged';
			return tx`standing = ${change.standing}, returned_at = null, absent_at = null, priority = ${f.priority}, sector = ${f.sector}, province = ${f.province}, source = ${f.source}, tlp = ${f.tlp},
				said = ${tx.json(f.said as unknown as JSONValue)}, href = ${f.href}, parts = ${f.parts ?? []}::text[], constituents = ${f.constituents ?? []}::int[], updated_at = ${at}, version = version + 1
				${again ? tx`, acknowledged_at = null, acknowledged_by = null` : tx``}`;
		}
	}
}

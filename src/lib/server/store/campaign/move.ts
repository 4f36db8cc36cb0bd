import type { Tx } from '../client';

/** Number of the advisory lock of whoever changes what belongs to a campaign: the machine, or a person. */
export const LOCK = 7_407_011;

/** All that belongs to one campaign belongs to the other; whom the one was kept apart from, the other is. */
export async function move(tx: Tx, from: number, into: number, by: string | null): Promise<void> {
	await tx`
		with gone as (
			update campaign_members set removed_at = now(), removed_by = ${by} where campaign_id = ${from} and removed_at is null returning clue_id, why
		)
		insert into campaign_members (campaign_id, clue_id, why, added_by) select ${into}, clue_id, why, ${by} from gone
		on conflict (campaign_id, clue_id) do update set removed_at = null, removed_by = null, added_by = excluded.added_by, added_at = now()`;
	await tx`
		insert into campaign_apart (a, b) select least(${into}::int, x), greatest(${into}::int, x) from (select case when a = ${from} then b else a end as x from campaign_apart where ${from} in (a, b)) o where x <> ${into} on conflict do nothing`;
	await tx`update campaigns set state = 'merged', merged_into = ${into}, version = version + 1 where id = ${from}`;
	await tx`update campaigns t set first_at = least(t.first_at, f.first_at), last_at = greatest(t.last_at, f.last_at), touched = t.touched or f.touched, version = t.version + 1 from campaigns f where t.id = ${into} and f.id = ${from}`;
}

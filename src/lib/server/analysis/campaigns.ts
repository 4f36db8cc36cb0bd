import { HOUR } from '$lib/core/clock';
import type { Client, Sql } from '../store/client';
import { gather, KEEP, type Gathered } from './campaigns/gather';
import { RULES, type Norms } from './campaigns/link';
import { refresh } from './campaigns/norms';
import { settle, type Settled } from './campaigns/settle';
import type { Step } from './step';

/** Seconds that what is usual is taken as known. */
const USUAL = HOUR;

/** Finds what belongs together: values that reports share, across constituents, sectors and provinces. */
export function campaigns(): Step {
	let known: { norms: Norms; at: number } | undefined;
	let forgot = 0;
	return {
		name: 'campaigns',
		async run({ client, now, reference, log }) {
			const gathered = await gather(client, now);
			// After much of before was read, what is usual is no more what it was.
			if (!known || now - known.at >= USUAL || gathered.pairs > 1000)
				known = { norms: await refresh(client.sql, reference.sectors.length), at: now };
			const settled = await settle(client, known.norms, now);
			await age(client.sql, now);
			if (now - forgot >= 6 * HOUR) {
				await forget(client.sql, now);
				forgot = now;
			}
			if (settled.changed) log.info({ ...gathered, ...settled }, 'campaigns have changed');
		}
	};
}

/** All that there is to do, until nothing is left: for tests and for a look back. */
export async function catchUp(client: Client, now: number, sectors = 15): Promise<Gathered & Settled> {
	const all = { pairs: 0, traces: 0, judged: 0, changed: 0 };
	for (;;) {
		const one = await gather(client, now);
		all.pairs += one.pairs;
		all.traces += one.traces;
		const [left] = await client.sql<
			{ left: boolean }[]
		>`select seq < (select seq from log_head) or state ->> 'back' is not null as left from marks where name = 'campaigns'`;
		if (!left?.left) break;
	}
	const settled = await settle(client, await refresh(client.sql, sectors), now, Infinity);
	await age(client.sql, now);
	return { ...all, ...settled };
}

/** When campaigns were seen first and last, and which of them have become quiet. */
async function age(sql: Sql, now: number): Promise<void> {
	await sql`
		with seen as (
			select c.id, min(t.at) as first, max(t.at) as last from campaigns c cross join lateral (
				select t.at from campaign_members m join traces t on t.clues @> array[m.clue_id] where m.campaign_id = c.id and m.removed_at is null) t
			where c.state <> 'merged' and c.last_at >= to_timestamp(${now - KEEP}) group by c.id
		)
		update campaigns c set first_at = s.first, last_at = s.last from seen s where s.id = c.id and (c.first_at <> s.first or c.last_at <> s.last)`;
	await sql`
		update campaigns set state = case when last_at < to_timestamp(${now - RULES.window}) then 'quiet' else 'open' end
		where state in ('open', 'quiet') and state <> case when last_at < to_timestamp(${now - RULES.window}) then 'quiet' else 'open' end`;
}

/** Traces and values that are old and belong to nothing. */
async function forget(sql: Sql, now: number): Promise<void> {
	await sql`
		delete from traces t where t.at < to_timestamp(${now - KEEP}) and not exists (select from unnest(t.clues) u (id) join campaign_members m on m.clue_id = u.id and m.removed_at is null)`;
	await sql`
		delete from clues c where c.last_at < to_timestamp(${now - KEEP}) and not exists (select from campaign_members m where m.clue_id = c.id)`;
}

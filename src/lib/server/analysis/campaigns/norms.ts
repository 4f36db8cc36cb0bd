import { DAY, floor } from '$lib/core/clock';
import type { Sql } from '../../store/client';
import { least, type Counts } from './chance';
import { LEAST as BEFORE, RULES, type Norms } from './link';

/** Values up to which all are counted; of more, one in sixteen: ids are digests, so their beginning draws the sample. */
const ALL = 100_000;

const MARK = 'campaigns-usual';

/** What is usual of what is kept; what was judged by something else is judged again. */
export async function refresh(sql: Sql, sectors: number): Promise<Norms> {
	const is = await read(sql, sectors);
	const kept = { since: is.since, day: floor(is.until, DAY), least: [...is.least].sort() };
	const [mark] = await sql<{ state: typeof kept }[]>`select state from marks where name = ${MARK}`;
	await sql`insert into marks (name, seq, state) values (${MARK}, 0, ${sql.json(kept)}) on conflict (name) do update set state = excluded.state`;
	if (!mark) return is;
	const was = new Map(mark.state.least);
	const kinds = [...new Set([...was.keys(), ...is.least.keys()])].filter((kind) => {
		const [a, b] = [was.get(kind) ?? 1, is.least.get(kind) ?? 1];
		return Math.max(a, b) >= 1.25 * Math.min(a, b);
	});
	if (kinds.length)
		await sql`
			update clues set dirty_at = clock_timestamp() where id in (
				select id from clues where dirty_at is null and kind = any(${kinds}) and last_at >= to_timestamp(${is.until - RULES.window}) order by id limit ${ALL})`;
	// Where the data begin, only what came after can say that something is no news.
	if (mark.state.since !== is.since || mark.state.day !== kept.day)
		await sql`
			update clues set dirty_at = clock_timestamp() where dirty_at is null and id in (
				select m.clue_id from campaign_members m join campaigns c on c.id = m.campaign_id where m.removed_at is null and c.first_at < to_timestamp(${Math.max(mark.state.since, is.since) + BEFORE + DAY}))`;
	return is;
}

async function read(sql: Sql, sectors: number): Promise<Norms> {
	const [span] = await sql<{ since: number | null; until: number | null; constituents: number; clues: number }[]>`
		select extract(epoch from date_trunc('day', min(at)))::bigint as since, extract(epoch from max(at))::bigint as until, (select count(*) from constituents)::int as constituents, (select count(*) from (select from clues limit ${ALL + 1}) c)::int as clues from traces`;
	const until = span!.until ?? 0;
	const part = span!.clues > ALL;
	const rows = await sql<(Counts & { kind: string })[]>`
		select kind, count(*)::int as values, (count(*) filter (where n = 1))::int as once, (count(*) filter (where n = 2))::int as twice, percentile_disc(0.5) within group (order by n)::int as median from (
			select c.kind, u.id, sum(t.n)::bigint as n from traces t cross join unnest(t.clues) u (id) join clues c on c.id = u.id
			where t.at >= to_timestamp(${until - RULES.window}) ${part ? sql`and u.id < '10000000-0000-0000-0000-000000000000'` : sql``} group by 1, 2
		) v group by 1`;
	const all = (n: number) => (part ? 16 * n : n);
	return {
		since: span!.since ?? 0,
		until: Math.max(until, (span!.since ?? 0) + DAY),
		constituents: span!.constituents,
		sectors,
		least: new Map(
			rows.map((r) => [r.kind, least({ ...r, values: all(r.values), once: all(r.once), twice: all(r.twice) })])
		)
	};
}

import { BEHAVIOUR } from '$lib/core/campaign';
import { DAY } from '$lib/core/clock';
import { LOCK, move } from '../../store/campaign/move';
import type { Client, Sql, Tx } from '../../store/client';
import { assign, type Decision, type Standing } from './assign';
import type { Clue } from './clue';
import { KEEP } from './gather';
import { components, judge, RULES, type Day, type Link, type Norms, type Rules, type Seen } from './link';

/** Values that are judged together, and that one judgement follows from there. */
const AT_ONCE = 500;
const REACH = 2000;
/** Traces of a value that is no part of anything, from which on it is left alone for a day. */
const MANY = 2000;
/** Indicators of one report or event up to which it says that they belong together. */
const REPORT = 50;
/** Seconds after which nothing is taken from a campaign any more. */
const SETTLED = 14 * DAY;
/** Stands for a link that somebody stated. */
const STATED = Number.MAX_SAFE_INTEGER;

export type Settled = { judged: number; changed: number };

/** Judges what has changed, some at a time, until all is judged or the time (milliseconds) is over. */
export async function settle(
	client: Client,
	norms: Norms,
	now: number,
	time = 4000,
	rules: Rules = RULES
): Promise<Settled> {
	const all: Settled = { judged: 0, changed: 0 };
	// Values before behaviours: what a value explains is no behaviour of its own.
	for (const behaviour of [false, true])
		for (const end = Date.now() + time; Date.now() < end;) {
			const one = await round(client.sql, norms, now, behaviour, rules);
			if (!one.judged) break;
			all.judged += one.judged;
			all.changed += one.changed;
		}
	return all;
}

async function round(sql: Sql, norms: Norms, now: number, behaviour: boolean, rules: Rules): Promise<Settled> {
	const [{ at } = { at: '' }] = await sql<{ at: string }[]>`select clock_timestamp()::text as at`;
	const dirty = await sql<{ id: string }[]>`
		select id from clues where dirty_at is not null and dirty_at <= ${at}::text::timestamptz and (rest_until is null or rest_until < to_timestamp(${now})) and (kind = ${BEHAVIOUR}) = ${behaviour} order by id limit ${AT_ONCE}`;
	if (!dirty.length) return { judged: 0, changed: 0 };
	const area = new Area(sql, norms, now, rules);
	await area.load(dirty.map((d) => d.id));
	await area.grow(behaviour);
	const changed = (await sql.begin(async (tx) => {
		await tx`select pg_advisory_xact_lock(${LOCK})`;
		const standing = await owners(tx, [...area.seen.keys()], now);
		// Of what is not known as a whole, nothing is taken.
		const inside = standing.map((c) =>
			!area.cut && c.members.every((m) => area.seen.has(m.clue)) ? c : { ...c, kept: true }
		);
		const groups = components([...area.seen.values()], area.links, norms, rules);
		const kinds = new Map([...area.seen.values()].map((s) => [s.clue.id, s.clue.kind as string]));
		const apart = await pairs(tx, inside);
		const decisions = assign(groups, inside, apart, (clue) => kinds.get(clue)!);
		for (const d of decisions) await apply(tx, d, area, now);
		const tired = area.tired();
		await tx`update clues set dirty_at = null where id = any(${[...area.seen.keys()]}::uuid[]) and dirty_at <= ${at}::text::timestamptz`;
		if (tired.length)
			await tx`update clues set rest_until = to_timestamp(${now + DAY}), dirty_at = clock_timestamp() where id = any(${tired}::uuid[])`;
		return decisions.length;
	})) as number;
	return { judged: dirty.length, changed };
}

/** What is looked at together: values that have changed, what they are linked with, and the campaigns that they belong to. */
class Area {
	readonly seen = new Map<string, Seen>();
	readonly rows = new Map<string, number>();
	links: Link[] = [];
	/** there is more than one judgement follows */
	cut = false;

	constructor(
		readonly sql: Sql,
		readonly norms: Norms,
		readonly now: number,
		readonly rules: Rules
	) {}

	/** Reads where values were seen. Of a behaviour only what no value of a campaign explains. */
	async load(ids: string[]): Promise<void> {
		const fresh = ids.filter((id) => !this.seen.has(id));
		if (!fresh.length) return;
		const { sql } = this;
		const [about, days] = await Promise.all([
			sql<{ id: string; kind: Clue['kind']; value: string; claimed: boolean; good: boolean }[]>`
				select c.id, c.kind, c.value, coalesce(i.warnings is not null, false) as good,
					exists (select from claims l where l.indicator_id = c.id and l.actionable and not l.partial and not l.revoked and (l.valid_until is null or l.valid_until > to_timestamp(${this.now}))) as claimed
				from clues c left join indicators i on i.id = c.id where c.id = any(${fresh}::uuid[])`,
			sql<(Day & { id: string; rows: number })[]>`
				select c.id, extract(epoch from date_trunc('day', t.at))::bigint as day, f.sector, f.province, t.constituent_id as constituent, sum(t.n)::bigint as n, count(*)::int as rows
				from clues c cross join lateral (select * from traces t where t.clues @> array[c.id] and t.at >= to_timestamp(${this.now - KEEP})) t join facets f on f.id = t.facet_id
				where c.id = any(${fresh}::uuid[]) and (c.kind <> ${BEHAVIOUR} or not exists (
					select from unnest(t.clues) u (id) join campaign_members m on m.clue_id = u.id and m.removed_at is null join clues k on k.id = u.id and k.kind <> ${BEHAVIOUR}))
				group by c.id, 2, f.sector, f.province, t.constituent_id`
		]);
		for (const { claimed, good, ...clue } of about) this.seen.set(clue.id, { clue, claimed, good, days: [] });
		for (const { id, rows, ...day } of days) {
			this.seen.get(id)?.days.push(day);
			this.rows.set(id, (this.rows.get(id) ?? 0) + rows);
		}
	}

	/** Follows links from what ties, as far as it goes; with each campaign that is touched, all that belongs to it. */
	async grow(behaviour: boolean): Promise<void> {
		const followed = new Set<string>();
		for (;;) {
			const mates = await this.sql<{ id: string }[]>`
				select m.clue_id as id from campaign_members m where m.removed_at is null and m.campaign_id in (select campaign_id from campaign_members where removed_at is null and clue_id = any(${[...this.seen.keys()]}::uuid[]))`;
			await this.load(mates.map((m) => m.id));
			const next = [...this.seen.values()].filter(
				(s) => s.clue.kind !== BEHAVIOUR && !followed.has(s.clue.id) && judge(s, this.norms, this.rules) === 'shared'
			);
			if (behaviour || !next.length) return;
			if (this.seen.size > REACH) {
				this.cut = true;
				return;
			}
			const ids = next.map((s) => s.clue.id);
			for (const id of ids) followed.add(id);
			const links = [...(await this.#together(ids)), ...(await this.#stated(ids))];
			this.links.push(...links);
			await this.load(links.map(([, b]) => b));
		}
	}

	/** Values that reports carry beside these. */
	async #together(ids: string[]): Promise<Link[]> {
		const rows = await this.sql<{ a: string; b: string; n: number }[]>`
			select i.id as a, u.id as b, sum(t.n)::bigint as n from unnest(${ids}::uuid[]) as i (id)
				cross join lateral (select * from traces t where t.clues @> array[i.id] and t.at >= to_timestamp(${this.now - KEEP})) t cross join unnest(t.clues) u (id) join clues k on k.id = u.id and k.kind <> ${BEHAVIOUR}
			where u.id <> i.id group by 1, 2`;
		return rows.map((r) => [r.a, r.b, r.n]);
	}

	/** Values that stand in the same report or event of a source as these. */
	async #stated(ids: string[]): Promise<Link[]> {
		const rows = await this.sql<{ a: string; b: string }[]>`
			with own as (
				select distinct c.indicator_id as a, c.source_id, o.group_key from claims c join objects o on o.id = c.object_id where c.indicator_id = any(${ids}::uuid[]) and c.actionable and not c.revoked and o.group_key is not null
			), size as (
				select g.source_id, g.group_key from (select distinct source_id, group_key from own) g
				where (select count(*) from (select from objects o where o.group_key = g.group_key and o.source_id = g.source_id limit ${REPORT + 1}) n) <= ${REPORT}
			)
			select distinct w.a, c.indicator_id as b from own w join size using (source_id, group_key) join objects o on o.group_key = w.group_key and o.source_id = w.source_id join claims c on c.object_id = o.id and c.actionable and not c.revoked
				join clues k on k.id = c.indicator_id where c.indicator_id <> w.a`;
		return rows.map((r) => [r.a, r.b, STATED]);
	}

	/** What is seen so often that it is no part of anything, and need not be looked at again today. */
	tired(): string[] {
		return [...this.seen.values()]
			.filter(
				(s) => (this.rows.get(s.clue.id) ?? 0) > MANY && !['shared', 'wide'].includes(judge(s, this.norms, this.rules))
			)
			.map((s) => s.clue.id);
	}
}

/** Campaigns that any of these belong to. */
async function owners(tx: Tx, ids: string[], now: number): Promise<Standing[]> {
	const rows = await tx<{ id: number; state: Standing['state']; kept: boolean; clue: string; kind: string }[]>`
		select c.id, c.state, c.touched or c.created_at < to_timestamp(${now - SETTLED}) as kept, m.clue_id as clue, k.kind
		from campaigns c join campaign_members m on m.campaign_id = c.id and m.removed_at is null join clues k on k.id = m.clue_id
		where c.id in (select campaign_id from campaign_members where removed_at is null and clue_id = any(${ids}::uuid[])) order by c.id, m.clue_id`;
	const found = new Map<number, Standing>();
	for (const { clue, kind, ...c } of rows) {
		const one = found.get(c.id) ?? { ...c, members: [] };
		one.members.push({ clue, kind });
		found.set(c.id, one);
	}
	return [...found.values()];
}

async function pairs(tx: Tx, standing: Standing[]): Promise<(a: number, b: number) => boolean> {
	const ids = standing.map((c) => c.id);
	const rows = await tx<
		{ a: number; b: number }[]
	>`select a, b from campaign_apart where a = any(${ids}::int[]) or b = any(${ids}::int[])`;
	const known = new Set(rows.map((r) => `${r.a} ${r.b}`));
	return (a, b) => known.has(a < b ? `${a} ${b}` : `${b} ${a}`);
}

async function apply(tx: Tx, d: Decision, area: Area, now: number): Promise<void> {
	const event = (id: number, action: string, detail: object = {}, tlp = 0) =>
		tx`insert into campaign_events (campaign_id, tlp, action, detail) values (${id}, ${tlp}, ${action}, ${tx.json(detail as never)})`;
	// What the machine joined, or came to see anew, may come from above what a viewer of the rest may see.
	const TOP = 4;
	if (d.do === 'take')
		await tx`update campaign_members set removed_at = now() where campaign_id = ${d.id} and clue_id = any(${d.clues}::uuid[])`;
	else if (d.do === 'dissolve') {
		await tx`update campaigns set state = 'dismissed', version = version + 1 where id = ${d.id}`;
		await event(d.id, 'dissolve');
	} else if (d.do === 'merge') {
		await move(tx, d.id, d.into, null);
		await event(d.into, 'merge', { from: d.id }, TOP);
		await event(d.id, 'merge', { into: d.into }, TOP);
	} else if (d.do === 'reopen') {
		await tx`update campaigns set state = 'open', version = version + 1 where id = ${d.id}`;
		await event(d.id, 'reopen', { kinds: d.kinds }, TOP);
	} else {
		let id = d.id;
		if (id === null) {
			const days = d.clues.flatMap((c) => area.seen.get(c)!.days.map((x) => x.day));
			const [row] = await tx<{ id: number }[]>`
				insert into campaigns (first_at, last_at) values (to_timestamp(${Math.min(...days, now)}), to_timestamp(${Math.max(...days, 0)})) returning id`;
			id = row!.id;
			await event(id, 'found');
		}
		const why = (clue: string) => {
			const s = area.seen.get(clue)!;
			return s.clue.kind === BEHAVIOUR ? 'behaviour' : s.claimed ? 'claimed' : 'shared';
		};
		await tx`
			insert into campaign_members (campaign_id, clue_id, why) select ${id}, clue, why from unnest(${d.clues}::uuid[], ${d.clues.map(why)}::text[]) as g (clue, why)
			on conflict (campaign_id, clue_id) do update set removed_at = null, removed_by = null, added_by = null, added_at = now(), why = excluded.why`;
		// What these values explain is no behaviour of its own any more.
		await tx`
			update clues set dirty_at = clock_timestamp(), rest_until = null where kind = ${BEHAVIOUR} and id in (select unnest(t.clues) from traces t where t.clues && ${d.clues}::uuid[]) and not (id = any(${d.clues}::uuid[]))`;
	}
}

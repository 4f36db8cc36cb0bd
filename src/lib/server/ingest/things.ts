import type { Warnings } from '$lib/core/warninglist';
import type { Tx } from '../store/client';
import { copy } from './copy';
import { escape, list, NULL } from './row';
import type { Kept } from './thing';

/** Things of one delivery. */
export type Lot = { batch: number; source: number; things: Kept[] };
/** What became of them: accepted by batch and kind, and the advisories that hold now. */
export type Taken = { accepted: { batch: number; kind: string; n: number }[]; advisories: string[] };

const OBJECTS = 'id, source_id, batch_id, kind, key, group_key, modified_at, name, tlp, revoked, sectors, facts, raw';
const CLAIMS =
	'indicator_id, source_id, key, object_id, tlp, actionable, partial, revoked, confidence, valid_from, valid_until';
const STATEMENTS = 'source_id, key, object_id, of_key, indicator_id, verdict, count, first_at, last_at, tlp';

export const PREPARE = `
	create temp table if not exists stage_objects (n int, like objects excluding all) on commit delete rows;
	create temp table if not exists stage_claims (kind text, value text, warnings text[], like claims excluding all) on commit delete rows;
	create temp table if not exists stage_statements (like statements excluding all) on commit delete rows;
	alter table stage_statements drop column if exists id;
	alter table stage_objects drop column if exists received_at;
	create temp table if not exists fresh_objects (id uuid, batch_id bigint, kind text) on commit delete rows;
	create temp table if not exists held_objects (id uuid) on commit delete rows;`;

/**
 * Takes things in the writing transaction: every version is kept once; of each object the newest one holds, and what it
 * claims and states takes the place of what the version before it did. Rows are locked in the order of their keys. An
 * indicator that a warning list holds is marked when it comes: it must not raise anything before somebody has looked.
 */
export async function take(tx: Tx, lots: Lot[]): Promise<Taken> {
	const all = lots.flatMap((lot) => lot.things.map((thing) => ({ lot, thing })));
	const warnings = await all.find(({ thing }) => thing.claims.length)?.thing.known.current(tx);
	await copy(
		tx,
		`stage_objects (n, ${OBJECTS})`,
		all.map(({ lot, thing }, n) => object(n, lot, thing))
	);
	const claims = warnings
		? all.flatMap(({ lot, thing }) => thing.claims.map((c) => claim(lot, thing, c, warnings)))
		: [];
	const statements = all.flatMap(({ lot, thing }) => thing.seen.map((s) => statement(lot, thing, s)));
	if (claims.length) await copy(tx, `stage_claims (kind, value, warnings, ${CLAIMS})`, claims);
	if (statements.length) await copy(tx, `stage_statements (${STATEMENTS})`, statements);
	const steps = [
		tx`with fresh as (
				insert into objects (${tx.unsafe(OBJECTS)}) select distinct on (id) ${tx.unsafe(OBJECTS)} from stage_objects order by id, n
				on conflict do nothing returning id, batch_id, kind
			) insert into fresh_objects select * from fresh`,
		tx`with newest as (
				select distinct on (source_id, key) source_id, key, id, o.kind, modified_at from stage_objects o join fresh_objects using (id)
				order by source_id, key, modified_at desc nulls first, n desc
			), head as (
				insert into heads as h (source_id, key, object_id, kind, modified_at) select * from newest order by source_id, key
				on conflict (source_id, key) do update set object_id = excluded.object_id, kind = excluded.kind, modified_at = excluded.modified_at
					where h.modified_at is null or excluded.modified_at is null or excluded.modified_at >= h.modified_at
				returning object_id
			) insert into held_objects select object_id from head`,
		tx`delete from claims c using stage_objects o join held_objects using (id) where c.source_id = o.source_id and c.key = o.key`,
		tx`delete from statements s using stage_objects o join held_objects using (id) where s.source_id = o.source_id and s.key = o.key`
	];
	if (claims.length)
		steps.push(
			tx`insert into indicators (id, kind, value, warnings) select distinct on (indicator_id) indicator_id, kind, value, warnings from stage_claims c join held_objects h on h.id = c.object_id
				order by indicator_id on conflict do nothing`,
			tx`insert into claims (${tx.unsafe(CLAIMS)}) select distinct on (indicator_id, source_id, key) ${tx.unsafe(CLAIMS)} from stage_claims c join held_objects h on h.id = c.object_id
				order by indicator_id, source_id, key on conflict do nothing`
		);
	if (statements.length)
		steps.push(
			tx`insert into statements (${tx.unsafe(STATEMENTS)}) select distinct ${tx.unsafe(STATEMENTS)} from stage_statements s join held_objects h on h.id = s.object_id`
		);
	const accepted = tx<
		Taken['accepted']
	>`select batch_id as batch, kind, count(*)::int as n from fresh_objects group by 1, 2`;
	const advisories = tx<
		{ id: string }[]
	>`select o.id from stage_objects o join held_objects using (id) where o.kind = 'advisory' group by 1`;
	await Promise.all([...steps, accepted, advisories]);
	return { accepted: [...(await accepted)], advisories: (await advisories).map((a) => a.id) };
}

const whole = (n: number, most: number): number => Math.min(Math.max(Math.round(n) || 0, 0), most);
const or = (s: string | null): string => (s === null ? NULL : escape(s));

const object = (n: number, { source, batch }: Lot, t: Kept): string =>
	`${n}\t${t.id}\t${source}\t${batch}\t${escape(t.kind)}\t${escape(t.key)}\t${or(t.group)}\t${t.modified ?? NULL}\t${or(t.name)}\t${t.tlp}\t${t.revoked}\t${list(t.sectors ?? [])}\t${or(t.facts)}\t${escape(t.raw)}\n`;

const claim = ({ source }: Lot, t: Kept, c: Kept['claims'][number], warnings: Warnings): string =>
	`${c.kind}\t${escape(c.value)}\t${list(warnings.match(c))}\t${c.id}\t${source}\t${escape(t.key)}\t${t.id}\t${t.tlp}\t${c.actionable}\t${c.partial ?? false}\t${t.revoked}\t${c.confidence === undefined ? NULL : whole(c.confidence, 100)}\t${c.from ?? NULL}\t${c.until ?? NULL}\n`;

const statement = ({ source }: Lot, t: Kept, s: Kept['seen'][number]): string =>
	`${source}\t${escape(t.key)}\t${t.id}\t${or(s.key)}\t${s.indicator ?? NULL}\t${s.verdict}\t${whole(s.count, Number.MAX_SAFE_INTEGER)}\t${s.first ?? NULL}\t${s.last ?? NULL}\t${t.tlp}\n`;

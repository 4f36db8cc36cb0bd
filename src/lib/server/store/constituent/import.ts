import { forbidden } from '$lib/core/error';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Tx } from '../client';
import type { Reference } from '../reference';
import * as lock from './lock';
import * as overlap from './overlap';
import { record, visible } from './row';
import { Faults, read, type Column, type Entry, type Fault, type Limits } from './table';

/** What became of a table: all of it is in, or nothing. `errors` names at most 1,000 of `wrong`. */
export type Answer =
	| {
			imported: true;
			rows: number;
			added: number;
			changed: number;
			unchanged: number;
			assets: number;
			overlaps: overlap.Report;
			wrong: 0;
			errors: [];
	  }
	| { imported: false; rows: number; wrong: number; errors: Fault[] };

/** Rows of one statement. */
const LOT = 10_000;

class Refused extends Error {
	constructor(readonly faults: Faults) {
		super('the table was refused');
	}
}

/**
 * Takes a table of constituents in one transaction. A row replaces what is known of its organisation, its assets
 * included, as far as the table has the columns; organisations that it does not name stay as they are.
 * @throws Problem `forbidden`, `too_large` (413)
 */
export async function importCsv(
	{ sql }: Client,
	viewer: Viewer,
	reference: Reference,
	input: AsyncIterable<Uint8Array> | string,
	limits: Limits
): Promise<Answer> {
	if (!may(viewer, 'constituent.write')) throw forbidden();
	const { columns, entries, faults } = await read(input, reference, limits);
	const refused = (f: Faults): Answer => ({ imported: false, rows: entries.length, wrong: f.count, errors: f.list });
	if (faults.count) return refused(faults);
	try {
		return (await sql.begin(async (tx) => {
			await lock.take(tx);
			await stage(tx, entries);
			await own(tx, viewer, entries);
			const { added, changed } = await merge(tx, columns);
			await own(tx, viewer, entries);
			const ids = await tx<{ id: number }[]>`select id from incoming`;
			const [count] = await tx<{ assets: number }[]>`select count(*)::int as assets from incoming_assets`;
			const overlaps = await overlap.find(tx, viewer, new Set(ids.map((r) => r.id)));
			const unchanged = entries.length - added - changed;
			await record(tx, viewer, 'constituent.import', `${entries.length} rows`, {
				added,
				changed,
				unchanged,
				assets: count!.assets,
				conflicts: overlaps.conflicts,
				nested: overlaps.nested
			});
			return {
				imported: true,
				rows: entries.length,
				added,
				changed,
				unchanged,
				assets: count!.assets,
				overlaps,
				wrong: 0,
				errors: []
			} satisfies Answer;
		})) as Answer;
	} catch (e) {
		if (e instanceof Refused) return refused(e.faults);
		throw e;
	}
}

async function stage(tx: Tx, entries: Entry[]): Promise<void> {
	await tx.unsafe(`
		create temp table incoming (line int, organisation text, sector text, province text, team text, id int, fresh boolean not null default false) on commit drop;
		create temp table incoming_assets (line int, kind text collate "C", value text collate "C") on commit drop;`);
	for (let i = 0; i < entries.length; i += LOT) {
		const lot = entries.slice(i, i + LOT);
		const column = <T>(of: (e: Entry) => T) => lot.map(of);
		await tx`insert into incoming (line, organisation, sector, province, team) select * from unnest(${column((e) => e.line)}::int[], ${column((e) => e.organisation)}::text[],
			${column((e) => e.sector ?? null)}::text[], ${column((e) => e.province ?? null)}::text[], ${column((e) => e.team ?? null)}::text[])`;
	}
	const assets = entries.flatMap((e) => (e.assets ?? []).map((a) => ({ line: e.line, ...a })));
	for (let i = 0; i < assets.length; i += LOT) {
		const lot = assets.slice(i, i + LOT);
		await tx`insert into incoming_assets select * from unnest(${lot.map((a) => a.line)}::int[], ${lot.map((a) => a.kind)}::text[], ${lot.map((a) => a.value)}::text[])`;
	}
	await tx.unsafe(
		'create index on incoming (organisation); create index on incoming_assets (line, kind, value); analyze incoming; analyze incoming_assets'
	);
	await tx`update incoming i set id = c.id from constituents c where c.organisation = i.organisation`;
}

/** Refuses rows of organisations that the viewer may not see: before the change, and after it. */
async function own(tx: Tx, viewer: Viewer, entries: Entry[]): Promise<void> {
	if (!viewer.sectors && !viewer.provinces) return;
	const rows = await tx<
		{ line: number }[]
	>`select i.line from incoming i join constituents c on c.id = i.id where not coalesce((${visible(tx, viewer)}), false) order by 1`;
	if (!rows.length) return;
	const names = new Map(entries.map((e) => [e.line, e.organisation]));
	const faults = new Faults();
	for (const { line } of rows)
		faults.add(
			line,
			'organisation',
			`"${names.get(line) ?? ''}" is outside of the sectors and provinces that you may change.`
		);
	throw new Refused(faults);
}

async function merge(tx: Tx, columns: Set<Column>): Promise<{ added: number; changed: number }> {
	await tx`
		with added as (insert into constituents (organisation, sector, province, team) select organisation, sector, province, team from incoming where id is null order by line returning id, organisation)
		update incoming i set id = a.id, fresh = true from added a where a.organisation = i.organisation`;
	const changed = new Set<number>();
	const note = (rows: { id: number }[]) => rows.forEach((r) => changed.add(r.id));
	const facts = (['sector', 'province', 'team'] as const).filter((c) => columns.has(c));
	if (facts.length) {
		const set = facts.map((f) => `${f} = i.${f}`).join(', ');
		const differs = facts.map((f) => `c.${f} is distinct from i.${f}`).join(' or ');
		note(
			await tx.unsafe<{ id: number }[]>(
				`update constituents c set ${set} from incoming i where c.id = i.id and not i.fresh and (${differs}) returning c.id`
			)
		);
	}
	if (columns.has('assets')) {
		note(
			await tx<
				{ id: number }[]
			>`delete from assets a using incoming i where a.constituent_id = i.id and not i.fresh and not exists (select 1 from incoming_assets n where n.line = i.line and n.kind = a.kind and n.value = a.value) returning a.constituent_id as id`
		);
		note(
			await tx<{ id: number }[]>`
			with put as (insert into assets (constituent_id, kind, value) select i.id, n.kind, n.value from incoming_assets n join incoming i using (line) order by 1, 2, 3 on conflict do nothing returning constituent_id)
			select distinct p.constituent_id as id from put p join incoming i on i.id = p.constituent_id where not i.fresh`
		);
	}
	if (changed.size)
		await tx`update constituents set version = version + 1, updated_at = now() where id = any(${[...changed]})`;
	const [count] = await tx<{ fresh: number }[]>`select count(*)::int as fresh from incoming where fresh`;
	return { added: count!.fresh, changed: changed.size };
}

import { forbidden, invalid, missing } from '$lib/core/error';
import type { Kind } from '$lib/core/observable';
import { TYPES, Warnings, type Type, type WarningList } from '$lib/core/warninglist';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';

/**
 * Number of the advisory lock that holds the lists still: whoever marks indicators shares it until its transaction ends,
 * and whoever changes the lists waits for them. So each indicator is either there when a change has it marked, or marked
 * by the lists of after the change.
 */
const LOCK = 7_407_008;
/** Indicators, and entries, of one read. */
const PAGE = 5000;
/** Characters of a name. */
const LONGEST = 500;

/** A list as it is loaded; `loaded` is epoch seconds, `indicators` how many it holds. */
export type Loaded = Pick<WarningList, 'name' | 'type' | 'version' | 'kinds'> & {
	entries: number;
	loaded: number;
	indicators: number;
};
/** What a change came to: indicators in all, and those whose lists are others now. */
export type Marked = { indicators: number; changed: number };

/** Which lists hold a value, as the database has it. */
export class Known {
	#version: string | undefined;
	#warnings = new Warnings([]);

	/** The lists, which stay as they are until the transaction ends. */
	async current(tx: Tx): Promise<Warnings> {
		const [, [row]] = await Promise.all([
			tx`select pg_advisory_xact_lock_shared(${LOCK})`,
			tx<{ value: string }[]>`select value from meta where key = 'warninglists'`
		]);
		const version = row?.value ?? '0';
		if (version !== this.#version) {
			this.#warnings = new Warnings(await read(tx));
			this.#version = version;
		}
		return this.#warnings;
	}
}

/**
 * Loads lists, each in the place of one with its name, and marks the indicators that they hold. When that is broken off,
 * the lists are there and new indicators are marked; loading them again marks the others.
 */
export async function load({ sql }: Client, viewer: Viewer, lists: readonly WarningList[]): Promise<Marked> {
	if (!may(viewer, 'warning.write')) throw forbidden();
	const all = lists.map(checked);
	await change(sql, async (tx) => {
		for (const { name, type, kinds, version, entries } of all) {
			await tx`
				insert into warninglists (name, type, version, entries, loaded_at) values (${name}, ${spoken(type, kinds)}, ${version}, ${entries}::text[], clock_timestamp())
				on conflict (name) do update set type = excluded.type, version = excluded.version, entries = excluded.entries, loaded_at = excluded.loaded_at`;
			await audit(tx, viewer, 'warning.load', name, { type, kinds, version, entries: entries.length });
		}
	});
	return mark(sql);
}

/** Removes a list, and what it had marked is looked for again. @throws Problem 404 */
export async function remove({ sql }: Client, viewer: Viewer, name: string): Promise<Marked> {
	if (!may(viewer, 'warning.write')) throw forbidden();
	await change(sql, async (tx) => {
		const { count } = await tx`delete from warninglists where name = ${plain(name)}`;
		if (!count) throw missing(`The warning list "${name.slice(0, 80)}"`);
		await audit(tx, viewer, 'warning.remove', plain(name), {});
	});
	return mark(sql);
}

/** The lists, by name. */
export async function list({ sql }: Client, viewer: Viewer): Promise<Loaded[]> {
	if (!may(viewer, 'indicator.read')) throw forbidden();
	const rows = await sql<(Omit<Loaded, 'type' | 'kinds'> & { type: string })[]>`
		with held as (select unnest(warnings) as name, count(*)::int as n from indicators where warnings is not null group by 1)
		select l.name, l.type, l.version, cardinality(l.entries) as entries, extract(epoch from l.loaded_at)::float8 as loaded, coalesce(h.n, 0) as indicators
		from warninglists l left join held h using (name) order by l.name`;
	return rows.map((row) => ({ ...row, ...heard(row.type) }));
}

/** Changes the lists while nobody marks anything by them. */
const change = (sql: Sql, work: (tx: Tx) => Promise<void>) =>
	sql.begin(async (tx) => {
		await tx`set local statement_timeout = 0`;
		await work(tx);
		await tx`select pg_advisory_xact_lock(${LOCK})`;
		await tx`insert into meta (key, value) values ('warninglists', '1') on conflict (key) do update set value = (meta.value::bigint + 1)::text`;
	});

/** Marks every indicator by the lists that hold it, some at a time; whoever does so at the same time comes to the same. */
async function mark(sql: Sql): Promise<Marked> {
	const known = new Known();
	const done: Marked = { indicators: 0, changed: 0 };
	for (let after: string | null = null; ;) {
		const page = await sql.begin(async (tx) => {
			await tx`set local statement_timeout = 0`;
			const warnings = await known.current(tx);
			const rows = await tx<{ id: string; kind: Kind; value: string; warnings: string[] | null }[]>`
				select id, kind, value, warnings from indicators where ${after}::text is null or id > ${after}::text::uuid order by id limit ${PAGE}`;
			const others = rows
				.map(({ id, warnings: before, ...of }) => ({ id, before: array(before ?? []), now: array(warnings.match(of)) }))
				.filter(({ before, now }) => before !== now);
			// Rows are locked in the order of their ids, or this and the look-back could wait for each other.
			if (others.length)
				await tx`
					with other as materialized (
						select i.id, o.warnings from unnest(${others.map((o) => o.id)}::uuid[], ${others.map((o) => o.now)}::text[]) o (id, warnings) join indicators i using (id)
						order by i.id for no key update of i
					) update indicators i set warnings = o.warnings::text[] from other o where i.id = o.id`;
			return { last: rows.at(-1)?.id, looked: rows.length, changed: others.length };
		});
		done.indicators += page.looked;
		done.changed += page.changed;
		if (page.looked < PAGE) return done;
		after = page.last!;
	}
}

/** All lists, in the order of their names. */
async function read(tx: Tx): Promise<Pick<WarningList, 'name' | 'type' | 'kinds' | 'entries'>[]> {
	const lists = new Map<string, ReturnType<typeof heard> & { name: string; entries: string[] }>();
	for (const { name, type } of await tx<{ name: string; type: string }[]>`
		select name, type from warninglists order by name collate "C"`)
		lists.set(name, { name, ...heard(type), entries: [] });
	const entries = tx<{ name: string; value: string }[]>`select name, unnest(entries) as value from warninglists`;
	for await (const rows of entries.cursor(PAGE))
		for (const { name, value } of rows) lists.get(name)!.entries.push(value);
	return [...lists.values()];
}

function checked(list: WarningList): WarningList {
	const name = plain(list.name).trim();
	if (!name || name.length > LONGEST)
		throw invalid(`The name of the list has ${name.length} characters; 1 to ${LONGEST} are allowed.`);
	if (!TYPES.includes(list.type)) throw invalid(`The type of the list "${name}" is not known.`);
	if (!list.entries.length) throw invalid(`The list "${name}" has no entry that can be taken.`);
	return { ...list, name, version: list.version && plain(list.version), entries: list.entries.map(plain) };
}

/** The column says both how entries are meant and, if not of all, of which kinds: `hostname:domain-name,url`. */
const spoken = (type: Type, kinds: Kind[] | null): string => (kinds ? `${type}:${kinds.join(',')}` : type);
function heard(column: string): { type: Type; kinds: Kind[] | null } {
	const [type, kinds] = column.split(':') as [Type, string | undefined];
	return { type, kinds: kinds === undefined ? null : (kinds.split(',').filter(Boolean) as Kind[]) };
}

/** An array of texts as PostgreSQL reads it; an empty one is null. */
const array = (texts: string[]): string | null =>
	texts.length ? `{${texts.map((t) => `"${t.replace(/["\\]/g, '\\$&')}"`).join(',')}}` : null;

/** Text as PostgreSQL takes it, and as values of indicators are kept: no NUL, no half of a character. */
const plain = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

const audit = (tx: Tx, viewer: Viewer, action: string, subject: string, detail: object) =>
	tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, ${action}, ${subject}, ${tx.json(detail as never)})`;

import { z } from 'zod';
import { SPECIALS, type Special } from '$lib/core/calendar';
import { DAY } from '$lib/core/clock';
import { conflict, forbidden, invalid, missing, Problem } from '$lib/core/error';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';
import { append } from './log';

/** An entry of the calendar as people keep it; days are `2026-08-14`, in Pakistan, both inclusive. */
export type Entry = {
	id: number;
	kind: (typeof SPECIALS)[number];
	name: string;
	from: string;
	to: string;
	/** comes again on the same days of every year, and did so before */
	yearly: boolean;
	/** `proposed`: first content that nobody has looked at; it counts all the same */
	status: 'proposed' | 'confirmed';
	note: string;
	by: string;
	/** epoch seconds */
	updated: number;
	version: number;
};

/** Years before this one, and after it, for which yearly entries are written out: as long as counts are kept, and further than anybody looks ahead. */
const BEFORE = 6;
const AFTER = 2;
/** Days of one entry at the most: more than a year is no exception. */
const LONGEST = 366;

/** Epoch seconds at which a day begins in Pakistan. */
const start = (day: string): number => Date.parse(`${day}T00:00:00+05:00`) / 1000;

const text = (max: number) =>
	z
		.string()
		.trim()
		.max(max, `has more than ${max} characters`)
		.regex(/^[^\0]*$/, 'holds a NUL character');
const day = z.iso.date({ error: () => 'is a day such as 2026-08-14' });
const Input = z
	.strictObject({
		kind: z.enum(SPECIALS, { error: () => `is one of ${SPECIALS.join(', ')}` }),
		name: text(120).min(1, 'is missing'),
		from: day,
		to: day,
		yearly: z.boolean().default(false),
		note: text(1000).default('')
	})
	.refine((e) => e.from <= e.to, { path: ['to'], error: 'is before the first day' })
	.refine((e) => (start(e.to) - start(e.from)) / DAY < LONGEST, {
		path: ['to'],
		error: `is more than ${LONGEST} days after the first day`
	});
/** What people enter. */
export type Input = z.input<typeof Input>;

const columns = (
	sql: Sql | Tx
) => sql`id, kind, name, from_day::text as "from", to_day::text as "to", yearly, status, note, by,
	extract(epoch from updated_at)::float8 as updated, version`;

/** All entries, in the order of their days. */
export async function list({ sql }: Client, viewer: Viewer): Promise<Entry[]> {
	if (!may(viewer, 'picture.read')) throw forbidden();
	return [...(await sql<Entry[]>`select ${columns(sql)} from specials order by from_day, kind, name, id`)];
}

/** The calendar as the arithmetic of what is usual takes it, by time; `now` in epoch seconds. */
export async function all(sql: Sql | Tx, now = Date.now() / 1000): Promise<Special[]> {
	const rows = await sql<Entry[]>`select ${columns(sql)} from specials`;
	return rows
		.flatMap((row) => (row.yearly ? years(row, now) : [row]))
		.map(({ kind, name, from, to }) => ({ from: start(from), to: start(to) + DAY, kind, name }))
		.sort((a, b) => a.from - b.from || a.to - b.to || (a.kind < b.kind ? -1 : 1));
}

/** An entry that comes every year, in each year that matters; 29 February only where there is one. */
export function years<T extends { from: string; to: string }>(entry: T, now: number): T[] {
	const present = new Date(now * 1000).getUTCFullYear();
	return Array.from({ length: BEFORE + AFTER + 1 }, (_, i) => inside(entry, present - BEFORE + i)).flat();
}

/** Entries that touch a year, by their days; yearly ones with the days that they have in it. */
export const of = (entries: Entry[], year: number): Entry[] =>
	entries
		.flatMap((e) => (e.yearly ? [...inside(e, year - 1), ...inside(e, year)] : [e]))
		.filter((e) => Number(e.from.slice(0, 4)) <= year && Number(e.to.slice(0, 4)) >= year)
		.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.id - b.id));

/** An entry as it begins in a year, if there are such days. */
function inside<T extends { from: string; to: string }>(entry: T, year: number): T[] {
	const by = year - Number(entry.from.slice(0, 4));
	const shifted = (day: string) => `${Number(day.slice(0, 4)) + by}${day.slice(4)}`;
	const made = { ...entry, from: shifted(entry.from), to: shifted(entry.to) };
	return real(made.from) && real(made.to) ? [made] : [];
}

/** Whether there is such a day. */
const real = (day: string): boolean =>
	!Number.isNaN(Date.parse(day)) && new Date(day).toISOString().slice(0, 10) === day;

/** Adds an entry. @throws Problem `invalid` with the path of what is wrong, `conflict`, `forbidden` */
export async function add({ sql }: Client, viewer: Viewer, input: Input): Promise<Entry> {
	const entry = checked(viewer, input);
	return sql.begin(async (tx) => {
		await unique(tx, entry);
		const [made] = await tx<Entry[]>`
			insert into specials (kind, name, from_day, to_day, yearly, note, by)
			values (${entry.kind}, ${entry.name}, ${entry.from}::text::date, ${entry.to}::text::date, ${entry.yearly}, ${entry.note}, ${viewer.name})
			returning ${columns(tx)}`;
		return told(tx, viewer, 'calendar.add', made!, entry);
	}) as Promise<Entry>;
}

/**
 * Changes an entry that nobody has changed since; whoever saves it has looked at it, so it is confirmed.
 * @throws Problem as `add`, 404, `precondition_failed` 412
 */
export async function change(
	{ sql }: Client,
	viewer: Viewer,
	was: { id: number; version: number },
	input: Input
): Promise<Entry> {
	const entry = checked(viewer, input);
	return sql.begin(async (tx) => {
		await unique(tx, entry, was.id);
		const [made] = await tx<Entry[]>`
			update specials set kind = ${entry.kind}, name = ${entry.name}, from_day = ${entry.from}::text::date, to_day = ${entry.to}::text::date, yearly = ${entry.yearly},
				note = ${entry.note}, status = 'confirmed', by = ${viewer.name}, updated_at = now(), version = version + 1
			where id = ${was.id} and version = ${was.version} returning ${columns(tx)}`;
		return told(tx, viewer, 'calendar.change', made ?? (await stale(tx, was.id)), entry);
	}) as Promise<Entry>;
}

/** Removes an entry that nobody has changed since. @throws Problem 404, `precondition_failed` 412, `forbidden` */
export async function remove({ sql }: Client, viewer: Viewer, was: { id: number; version: number }): Promise<Entry> {
	allowed(viewer);
	return sql.begin(async (tx) => {
		const [gone] = await tx<
			Entry[]
		>`delete from specials where id = ${was.id} and version = ${was.version} returning ${columns(tx)}`;
		const entry = gone ?? (await stale(tx, was.id));
		return told(tx, viewer, 'calendar.remove', entry, entry);
	}) as Promise<Entry>;
}

/** What is a holiday changes what is usual everywhere. */
function allowed(viewer: Viewer): void {
	if (!may(viewer, 'calendar.write')) throw forbidden();
	if (viewer.sectors || viewer.provinces)
		throw forbidden('The calendar holds for the whole nation; it is changed by somebody who sees all of it.');
}

function checked(viewer: Viewer, input: Input): z.output<typeof Input> {
	allowed(viewer);
	const parsed = Input.safeParse(input);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	const path = issue.path.join('.');
	throw invalid(`${path}: ${issue.message}.`, { path });
}

async function unique(tx: Tx, { kind, name, from, to }: z.output<typeof Input>, but = 0): Promise<void> {
	// One at a time: the table is small and seldom written, and two that send the same form at once must not both be first.
	await tx`lock table specials in share row exclusive mode`;
	const [same] = await tx`
		select 1 from specials where kind = ${kind} and lower(name) = lower(${name}) and from_day = ${from}::text::date and to_day = ${to}::text::date and id <> ${but}`;
	if (same) throw conflict(`The calendar has this entry already: ${name}, from ${from} to ${to}.`);
}

/** Why a conditional change found nothing. */
async function stale(tx: Tx, id: number): Promise<never> {
	const [row] = await tx<{ version: number }[]>`select version from specials where id = ${id}`;
	if (!row) throw missing('The entry');
	throw new Problem(
		'precondition_failed',
		412,
		'Somebody has changed this entry since you read it. Read it again, then decide.',
		{ version: row.version }
	);
}

/** The audit row, and the entry of the log by which those who judge read the calendar anew. */
async function told(tx: Tx, viewer: Viewer, action: string, made: Entry, detail: object): Promise<Entry> {
	await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, ${action}, ${String(made.id)}, ${tx.json(detail as never)})`;
	await append(tx, 'calendar', {});
	return made;
}

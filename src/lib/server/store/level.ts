import type { z } from 'zod';
import { Declare, Withdraw } from '$lib/core/draft';
import { conflict, forbidden, invalid } from '$lib/core/error';
import { LONGEST, type Kept } from '$lib/core/level';
import type { Declared } from '$lib/core/picture';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';
import { append } from './log';

type Row = Omit<Kept, 'withdrawn'> & { withdrawnAt: number | null; withdrawnBy: string; withdrawnReason: string };

/**
 * Declared levels with their ends, the newest first. Times are epoch seconds. A level ends when the next is declared,
 * when it is taken back, or when its time is over, whichever comes first.
 */
export async function list(sql: Sql | Tx, limit = 100): Promise<Kept[]> {
	const rows = await sql<Row[]>`
		select id, level, reason, by, extract(epoch from since)::float8 as since, extract(epoch from until)::float8 as until,
			extract(epoch from withdrawn_at)::float8 as "withdrawnAt", withdrawn_by as "withdrawnBy", withdrawn_reason as "withdrawnReason",
			extract(epoch from least(until, withdrawn_at, lead(since) over (order by id)))::float8 as ended
		from levels order by id desc limit ${limit}`;
	return rows.map(({ withdrawnAt, withdrawnBy, withdrawnReason, ...row }) => ({
		...row,
		withdrawn: withdrawnAt === null ? null : { at: withdrawnAt, by: withdrawnBy, reason: withdrawnReason }
	}));
}

/** The newest level, unless it was taken back; it may have expired, and then says so by `until`. None older comes back. */
export async function latest(sql: Sql | Tx): Promise<Declared | null> {
	const [newest] = await list(sql, 1);
	return newest && !newest.withdrawn ? declared(newest) : null;
}

/**
 * Declares a level for the nation: change, audit and the entry that every screen follows, in one transaction.
 * @throws Problem `invalid` with the path of what is wrong, `forbidden`, `conflict` when another was declared meanwhile
 */
export async function declare({ sql }: Client, viewer: Viewer, input: unknown): Promise<Kept> {
	allowed(viewer);
	const { level, reason, until, over } = parse(Declare, input);
	const end = Date.parse(until) / 1000;
	const now = Date.now() / 1000;
	if (end <= now) throw invalid('until: is past already.', { path: 'until' });
	if (end > now + LONGEST)
		throw invalid('until: is more than 30 days away. A level that holds longer is declared again.', { path: 'until' });
	return sql.begin(async (tx) => {
		await unchanged(tx, over);
		await tx`insert into levels (level, reason, by, since, until) values (${level}, ${reason}, ${viewer.name}, clock_timestamp(), ${new Date(until).toISOString()})`;
		const [made] = await list(tx, 1);
		await record(tx, viewer, 'level.declare', made!, { level, reason, until: new Date(until).toISOString() });
		await append(tx, 'level', { level: declared(made!) });
		return made!;
	}) as Promise<Kept>;
}

/**
 * Takes the level back before its time: then none is declared.
 * @throws Problem `invalid`, `forbidden`, `conflict` when there is none, or another than was seen
 */
export async function withdraw({ sql }: Client, viewer: Viewer, input: unknown): Promise<Kept> {
	allowed(viewer);
	const { reason, over } = parse(Withdraw, input);
	return sql.begin(async (tx) => {
		await unchanged(tx, over);
		const [newest] = await list(tx, 1);
		if (!newest || newest.withdrawn) throw conflict('No level is declared, so there is none to take back.');
		await tx`update levels set withdrawn_at = clock_timestamp(), withdrawn_by = ${viewer.name}, withdrawn_reason = ${reason} where id = ${newest.id}`;
		const [after] = await list(tx, 1);
		await record(tx, viewer, 'level.withdraw', after!, { level: after!.level, reason });
		await append(tx, 'level', { level: null });
		return after!;
	}) as Promise<Kept>;
}

/** The level of the nation is for those who see all of it. */
function allowed(viewer: Viewer): void {
	if (!may(viewer, 'level.declare')) throw forbidden();
	if (viewer.sectors || viewer.provinces)
		throw forbidden(
			'The national level is declared by somebody who sees the whole nation; your scope is a part of it.'
		);
}

/** One at a time from here on, and nobody over another's head. */
async function unchanged(tx: Tx, over: number | null | undefined): Promise<void> {
	await tx`lock table levels in share row exclusive mode`;
	if (over === undefined) return;
	const [newest] = await list(tx, 1);
	const holds = newest && !newest.withdrawn ? newest : undefined;
	if ((holds?.id ?? null) === over) return;
	throw conflict(
		holds
			? `${holds.by} has declared another level since you looked: ${holds.level}. Look at it, then decide.`
			: 'The level was taken back since you looked.'
	);
}

async function record(
	tx: Tx,
	viewer: Viewer,
	action: string,
	{ id }: Kept,
	detail: Record<string, unknown>
): Promise<void> {
	await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, ${action}, ${`level ${id}`}, ${tx.json(detail as never)})`;
}

const declared = ({ level, reason, by, since, until }: Kept): Declared => ({ level, reason, by, since, until });

function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
	const parsed = schema.safeParse(input);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	const path = issue.path.join('.');
	throw invalid(path ? `${path}: ${issue.message}` : issue.message, { path });
}

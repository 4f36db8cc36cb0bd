import { z } from 'zod';
import { ABUSES, network } from '$lib/core/abuse';
import { Tlp } from '$lib/core/draft';
import { forbidden, invalid, missing, Problem } from '$lib/core/error';
import { NOTICES, STEPS, TAKES, type Notice, type NoticeKind, type NoticeStep } from '$lib/core/notice';
import { ofRank, rank } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';
import * as cursor from './cursor';
import * as scope from './scope';

/** Seconds by which a clock may be ahead of ours. */
const AHEAD = 300;

const text = (max: number) =>
	z
		.string()
		.trim()
		.max(max, `has more than ${max} characters`)
		.regex(/^[^\0]*$/, 'holds a NUL character');
const moment = z.iso
	.datetime({ offset: true, error: () => 'is a time such as 2026-08-14T09:30:00+05:00' })
	.transform((iso) => Date.parse(iso) / 1000);
const step = moment.nullable();

/** A new notice; times are ISO 8601. */
export const New = z.strictObject({
	kind: z.enum(NOTICES, { error: () => `is one of ${NOTICES.join(', ')}` }),
	network: z
		.string()
		.max(60)
		.transform((word, ctx) => {
			const found = network(word);
			if (found === undefined)
				ctx.addIssue({ code: 'custom', message: 'is no network: AS17557, 203.0.113.0/24, 2001:db8::/48' });
			return found ?? z.NEVER;
		})
		.nullish(),
	type: z.enum(ABUSES, { error: () => `is one of ${ABUSES.join(', ')}` }).nullish(),
	party: text(200).min(1, 'is missing'),
	reference: text(200).default(''),
	note: text(4000).default(''),
	tlp: z.union([Tlp]).default('amber'),
	at: moment.optional()
});
export type New = z.input<typeof New>;

/** What became of a notice; null takes a step back, what is not given stays. */
export const Change = z
	.strictObject({
		party: text(200).min(1, 'is missing'),
		reference: text(200),
		note: text(4000),
		acknowledged: step,
		triaged: step,
		closed: step,
		rejected: step
	})
	.partial();
export type Change = z.input<typeof Change>;

type Row = Omit<Notice, 'tlp'> & { tlp: number };
const shape = ({ tlp, ...row }: Row): Notice => ({ ...row, tlp: ofRank(tlp) });
const columns = (sql: Sql | Tx) => sql`n.id, n.kind, n.network, n.type, n.party, n.reference, n.note, n.tlp, n.by,
	n.changed_by as "changedBy", n.version, extract(epoch from n.at)::float8 as at, extract(epoch from n.updated_at)::float8 as updated,
	extract(epoch from n.acknowledged_at)::float8 as acknowledged, extract(epoch from n.triaged_at)::float8 as triaged, extract(epoch from n.closed_at)::float8 as closed, extract(epoch from n.rejected_at)::float8 as rejected`;

/**
 * What the viewer may see, as a condition on `n` (notices): up to the clearance; within a scope only what a network was
 * told of abuse that the viewer may see, because the others say of no sector or province that they are its.
 */
export const visible = (sql: Sql | Tx, viewer: Viewer) =>
	sql`n.tlp <= ${rank(viewer.clearance)} ${
		viewer.sectors || viewer.provinces
			? sql`and n.kind = 'abuse' and exists (select 1 from outbound_pairs p join facets f on f.id = p.facet_id where p.network = n.network and (n.type is null or f.type = n.type) and ${scope.facets(sql as Sql, viewer)})`
			: sql``
	}`;

export type Filter = {
	kind?: NoticeKind;
	network?: string;
	type?: string;
	/** neither closed nor rejected */
	open?: boolean;
	cursor?: string;
	limit?: number;
};

/** One page of notices, the latest first. A filter for a type also answers what was told of the whole network. */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	filter: Filter = {}
): Promise<{ notices: Notice[]; next: string | null }> {
	if (!may(viewer, 'outbound.read')) throw forbidden();
	const limit = filter.limit ?? 100;
	const after = filter.cursor ? cursor.decode(filter.cursor, 'seconds', 'whole') : null;
	const rows = await sql<Row[]>`
		select ${columns(sql)} from notices n where ${visible(sql, viewer)}
			${filter.kind ? sql`and n.kind = ${filter.kind}` : sql``} ${filter.network ? sql`and n.network = ${filter.network}` : sql``}
			${filter.type ? sql`and (n.type = ${filter.type} or n.type is null)` : sql``}
			${filter.open ? sql`and n.closed_at is null and n.rejected_at is null` : sql``}
			${after ? sql`and (n.at, n.id) < (to_timestamp(${after[0]!}), ${after[1]!}::int)` : sql``}
		order by n.at desc, n.id desc limit ${limit + 1}`;
	const page = rows.slice(0, limit);
	const last = page.at(-1);
	return {
		notices: page.map(shape),
		next: rows.length > limit && last ? cursor.encode([last.at, last.id]) : null
	};
}

/** Records a notice. @throws Problem `invalid` with the path of what is wrong, `forbidden` */
export async function add({ sql }: Client, viewer: Viewer, input: New): Promise<Notice> {
	if (!may(viewer, 'outbound.write')) throw forbidden();
	const given = read(New, input);
	const { kind, party, reference, note, tlp } = given;
	const at = given.at ?? Date.now() / 1000;
	if (kind === 'abuse' && !given.network) throw invalid('network: is missing: whom was it told?', { path: 'network' });
	if (given.type && !given.network) throw invalid('network: is missing beside the type.', { path: 'network' });
	if (rank(tlp) > rank(viewer.clearance)) throw forbidden('You may not mark it above your own clearance.');
	if (at > Date.now() / 1000 + AHEAD) throw invalid('at: is in the future.', { path: 'at' });
	return sql.begin(async (tx) => {
		const [row] = await tx<Row[]>`
			insert into notices as n (kind, network, type, party, reference, note, tlp, at, by)
			values (${kind}, ${given.network ?? null}, ${given.type ?? null}, ${party}, ${reference}, ${note}, ${rank(tlp)}, to_timestamp(${at}), ${viewer.name}) returning ${columns(tx)}`;
		const made = shape(row!);
		const [seen] = await tx`select 1 from notices n where n.id = ${made.id} and ${visible(tx, viewer)}`;
		if (!seen) throw forbidden('You may record only what a network was told of abuse that you may see.');
		await audit(tx, viewer, 'notice.add', made.id, { kind, network: made.network, type: made.type, party, at });
		return made;
	}) as Promise<Notice>;
}

/**
 * Records what became of a notice that nobody has changed since.
 * @throws Problem `invalid`, 404, `precondition_failed` 412, `forbidden`
 */
export async function change(
	{ sql }: Client,
	viewer: Viewer,
	was: { id: number; version: number },
	input: Change
): Promise<Notice> {
	if (!may(viewer, 'outbound.write')) throw forbidden();
	const given = read(Change, input);
	return sql.begin(async (tx) => {
		const [row] = await tx<
			Row[]
		>`select ${columns(tx)} from notices n where n.id = ${was.id} and ${visible(tx, viewer)} for update`;
		if (!row) throw missing('The notice');
		if (row.version !== was.version)
			throw new Problem(
				'precondition_failed',
				412,
				'Somebody has changed this notice since you read it. Read it again, then decide.',
				{ version: row.version }
			);
		const next = { ...row, ...given };
		consistent(next);
		const time = (s: number | null) => tx`to_timestamp(${s}::float8)`;
		const [made] = await tx<Row[]>`
			update notices n set party = ${next.party}, reference = ${next.reference}, note = ${next.note}, acknowledged_at = ${time(next.acknowledged)}, triaged_at = ${time(next.triaged)},
				closed_at = ${time(next.closed)}, rejected_at = ${time(next.rejected)}, changed_by = ${viewer.name}, updated_at = now(), version = version + 1
			where n.id = ${was.id} returning ${columns(tx)}`;
		await audit(tx, viewer, 'notice.change', was.id, given);
		return shape(made!);
	}) as Promise<Notice>;
}

/** @throws Problem `invalid` when the steps of a notice cannot have been so */
function consistent(n: Pick<Notice, 'kind' | 'at' | NoticeStep>): void {
	for (const step of STEPS) {
		const at = n[step];
		if (at === null) continue;
		if (!TAKES[n.kind].includes(step)) throw invalid(`${step}: is no step of this kind of notice.`, { path: step });
		if (at < Math.floor(n.at)) throw invalid(`${step}: is before the notice itself.`, { path: step });
		if (at > Date.now() / 1000 + AHEAD) throw invalid(`${step}: is in the future.`, { path: step });
	}
	if (n.closed !== null && n.rejected !== null)
		throw invalid('rejected: it is closed already; a notice has one end.', { path: 'rejected' });
}

function read<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
	const parsed = schema.safeParse(input);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	const path = issue.path.join('.');
	throw invalid(path ? `${path}: ${issue.message}.` : `${issue.message}.`, { path });
}

const audit = (tx: Tx, viewer: Viewer, action: string, id: number, detail: object) =>
	tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, ${action}, ${String(id)}, ${tx.json(detail as never)})`;

import type { Kind } from '$lib/core/alarm';
import { Change } from '$lib/core/alarm/draft';
import { PARAMS } from '$lib/core/alarm/params';
import { RULES, type Kept } from '$lib/core/alarm/rules';
import { forbidden, invalid, missing, Problem } from '$lib/core/error';
import { may, type Viewer } from '$lib/core/viewer';
import type { z } from 'zod';
import type { Client, Sql, Tx } from './client';

const columns = (sql: Sql | Tx) =>
	sql`slug, kind, name, priority, params, response, enabled, version, extract(epoch from updated_at)::float8 as updated, updated_by as by`;

/** All rules as they hold now, in the order of their first content; those whose thresholds cannot be read are in `broken`, with why. */
export async function all(sql: Sql | Tx): Promise<{ rules: Kept[]; broken: { slug: string; why: string }[] }> {
	const rows = await sql<Kept[]>`select ${columns(sql)} from rules`;
	const place = (slug: string) => (RULES.findIndex((r) => r.slug === slug) + RULES.length + 1) % (RULES.length + 1);
	const out: { rules: Kept[]; broken: { slug: string; why: string }[] } = { rules: [], broken: [] };
	for (const row of [...rows].sort((a, b) => place(a.slug) - place(b.slug) || (a.slug < b.slug ? -1 : 1))) {
		const parsed = Object.hasOwn(PARAMS, row.kind) ? PARAMS[row.kind].safeParse(row.params) : undefined;
		if (parsed?.success) out.rules.push({ ...row, params: parsed.data } as Kept);
		else
			out.broken.push({ slug: row.slug, why: parsed ? reason(parsed.error) : `the kind "${row.kind}" is not known` });
	}
	return out;
}

/** The rules, for a person. Which constituents a rule names is for who may read all constituents; to others it says only how many. */
export async function list({ sql }: Client, viewer: Viewer): Promise<Kept[]> {
	if (!may(viewer, 'alarm.read')) throw forbidden();
	const { rules } = await all(sql);
	if (may(viewer, 'constituent.read') && !viewer.sectors && !viewer.provinces) return rules;
	return rules.map((r) =>
		r.kind === 'cert' ? { ...r, params: { ...r.params, organisations: r.params.organisations.map(() => WITHHELD) } } : r
	);
}

/** Stands for a name that the viewer may not read. */
const WITHHELD = 'withheld';

/**
 * Changes a rule that still has the version that the viewer saw. It holds from the next minute.
 * @throws Problem `forbidden`, 404, `precondition_failed` 412, `invalid` with the path of what is wrong
 */
export async function change(
	{ sql }: Client,
	viewer: Viewer,
	slug: string,
	version: number,
	input: unknown
): Promise<Kept> {
	if (!may(viewer, 'rule.write')) throw forbidden();
	if (viewer.sectors || viewer.provinces)
		throw forbidden('A rule rings for the whole nation; it is changed by somebody who sees all of it.');
	const parsed = Change.safeParse(input);
	if (!parsed.success) throw wrong(parsed.error);
	const given = parsed.data;
	return sql.begin(async (tx) => {
		const [before] = await tx<Kept[]>`select ${columns(tx)} from rules where slug = ${slug} for update`;
		if (!before) throw missing('The rule');
		if (before.version !== version)
			throw new Problem(
				'precondition_failed',
				412,
				'Somebody has changed this rule since you read it. Read it again, then decide.',
				{ version: before.version }
			);
		const params = check(before.kind, { ...before.params, ...given.params });
		const [row] = await tx<Kept[]>`
			update rules set priority = ${given.priority ?? before.priority}, params = ${tx.json(params as never)}, response = ${given.response ?? before.response}, enabled = ${given.enabled ?? before.enabled},
				version = version + 1, updated_at = now(), updated_by = ${viewer.name} where slug = ${slug} returning ${columns(tx)}`;
		const detail = {
			before: { priority: before.priority, params: before.params, enabled: before.enabled },
			after: { priority: row!.priority, params, enabled: row!.enabled }
		};
		await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, 'rule.change', ${slug}, ${tx.json(detail as never)})`;
		return row!;
	}) as Promise<Kept>;
}

function check(kind: Kind, params: unknown): unknown {
	const parsed = PARAMS[kind].safeParse(params);
	if (!parsed.success) throw wrong(parsed.error, 'params');
	return parsed.data;
}

const reason = (error: z.ZodError, under?: string): string => {
	const issue = error.issues[0]!;
	const path = [...(under ? [under] : []), ...issue.path].join('.');
	return path ? `${path}: ${issue.message}` : issue.message;
};
const wrong = (error: z.ZodError, under?: string): Problem =>
	invalid(reason(error, under), { path: [...(under ? [under] : []), ...error.issues[0]!.path].join('.') });

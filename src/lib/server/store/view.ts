import { conflict, forbidden, invalid, missing } from '$lib/core/error';
import { ofRank, rank } from '$lib/core/tlp';
import { New, screen, type View } from '$lib/core/view';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';

/** Number of the advisory locks under which the views of one person are counted. */
const LOCK = 7_407_031;

type Row = Omit<View, 'tlp' | 'href'> & { tlp: number };
const columns = (sql: Sql | Tx, viewer: Viewer) =>
	sql`id, name, by, owner = ${viewer.id} as mine, path, params, shared, tlp, extract(epoch from created_at)::float8 as created`;
const shape = ({ tlp, ...row }: Row): View => ({
	...row,
	tlp: ofRank(tlp),
	href: row.params ? `${row.path}?${row.params}` : row.path
});

/** Whether the viewer's role opens the screen of a view. */
const opens = (viewer: Viewer, path: string): boolean => {
	const right = screen(path);
	return right !== undefined && may(viewer, right);
};

/** The viewer's own, and what others share with a clearance like theirs, by name; `path`: only of this screen. */
export async function list({ sql }: Pick<Client, 'sql'>, viewer: Viewer, path?: string): Promise<View[]> {
	if (!may(viewer, 'picture.read')) throw forbidden();
	const rows = await sql<Row[]>`
		select ${columns(sql, viewer)} from views where (owner = ${viewer.id} or (shared and tlp <= ${rank(viewer.clearance)})) ${path === undefined ? sql`` : sql`and path = ${path}`}
		order by owner <> ${viewer.id}, name, id limit 2000`;
	return rows.filter((row) => opens(viewer, row.path)).map(shape);
}

/**
 * Saves a slice of a screen under a name.
 * @param most views of one person
 * @throws Problem 403; `invalid` that says where; `conflict` when the name is taken, or there are too many
 */
export async function save({ sql }: Pick<Client, 'sql'>, viewer: Viewer, input: unknown, most: number): Promise<View> {
	if (!may(viewer, 'view.write')) throw forbidden();
	const parsed = New.safeParse(input);
	if (!parsed.success) {
		const issue = parsed.error.issues[0]!;
		const path = issue.path.join('.');
		throw invalid(`${path || 'The view'}: ${issue.message}`, { path });
	}
	const given = parsed.data;
	if (!opens(viewer, given.path)) throw forbidden('Your role does not open this screen.');
	const tlp = given.tlp ?? viewer.clearance;
	if (rank(tlp) > rank(viewer.clearance)) throw forbidden('That TLP is above your clearance.');
	return sql.begin(async (tx) => {
		await tx`select pg_advisory_xact_lock(${LOCK}, hashtext(${viewer.id}))`;
		const [held] = await tx<{ n: number }[]>`select count(*)::int as n from views where owner = ${viewer.id}`;
		if (held!.n >= most)
			throw conflict(`You have ${held!.n} saved views, and ${most} is the most: remove some first.`, { limit: most });
		const [row] = await tx<Row[]>`
			insert into views (owner, by, name, path, params, shared, tlp) values (${viewer.id}, ${viewer.name}, ${given.name}, ${given.path}, ${given.params}, ${given.shared}, ${rank(tlp)})
			on conflict do nothing returning ${columns(tx, viewer)}`;
		if (!row) throw conflict(`You have a view "${given.name}" already.`, { path: 'name' });
		await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, 'view.save', ${String(row.id)}, ${tx.json({ name: given.name, path: given.path, params: given.params, shared: given.shared, tlp })})`;
		return shape(row);
	}) as Promise<View>;
}

/** Removes a view: one's own, or, for who manages access, one that others share. @throws Problem 403; 404 when it is not there for this viewer */
export async function remove({ sql }: Pick<Client, 'sql'>, viewer: Viewer, id: number): Promise<void> {
	if (!may(viewer, 'view.write')) throw forbidden();
	await sql.begin(async (tx) => {
		const [row] = await tx<{ name: string; owner: string }[]>`
			delete from views where id = ${id} and (owner = ${viewer.id} ${may(viewer, 'access.manage') ? tx`or (shared and tlp <= ${rank(viewer.clearance)})` : tx``}) returning name, owner`;
		if (!row) throw missing('The view');
		await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, 'view.remove', ${String(id)}, ${tx.json(row)})`;
	});
}

import { z } from 'zod';
import { forbidden, invalid, missing, Problem } from '$lib/core/error';
import { SCENES } from '$lib/core/scene';
import { CALM, LIMITS, name as named, NAME, SCREENS, type Settings, type Told } from '$lib/core/screen';
import { may, type Viewer } from '$lib/core/viewer';
import type { Client, Sql, Tx } from './client';

/** On which a change of how a screen is set is told. */
export const CHANNEL = 'watchfloor_screens';
/** Days of silence after which a screen gives its place to a new one. */
const GONE = 30;

const within = ([least, most]: readonly [number, number]) =>
	z.number(`is a number from ${least} to ${most}`).min(least, `is at least ${least}`).max(most, `is at most ${most}`);
const word = z.string().max(64).nullable();

/** What may be changed; what is not given stays. */
export const Change = z
	.strictObject({
		scenes: z
			.array(z.enum(SCENES, { error: () => `is one of ${SCENES.join(', ')}` }))
			.min(1, 'is empty: a screen shows at least one scene')
			.max(LIMITS.scenes)
			.refine((all) => new Set(all).size === all.length, 'names a scene twice'),
		seconds: within(LIMITS.seconds),
		paused: z.boolean(),
		sector: word,
		province: word,
		campaign: z.number().int().positive().nullable(),
		diagonal: within(LIMITS.diagonal).nullable(),
		distance: within(LIMITS.distance).nullable(),
		sound: z.boolean()
	})
	.partial();
export type Change = z.infer<typeof Change>;

/** What a screen says of itself. */
export const Said = z.strictObject({
	name: z.string().max(NAME).nullable(),
	width: z.number().int().min(1).max(65_535),
	height: z.number().int().min(1).max(65_535),
	shows: z.string().max(120)
});
export type Said = z.infer<typeof Said>;

export type Screen = Told & {
	name: string;
	/** when it last said that it is there (epoch seconds) */
	seen: number;
	width: number;
	height: number;
	shows: string;
	updated: number;
	by: string | null;
};

const columns = (
	sql: Sql | Tx
) => sql`name, settings, version, extract(epoch from seen_at)::float8 as seen, width, height,
	shows, extract(epoch from updated_at)::float8 as updated, updated_by as by`;
/** Settings of an older version lack what is newer: that is as usual. */
const whole = <T extends { settings: unknown }>(row: T): T & { settings: Settings } => ({
	...row,
	settings: { ...CALM, ...(row.settings as Partial<Settings>) }
});

/** All screens, by name. */
export async function list({ sql }: Client, viewer: Viewer): Promise<Screen[]> {
	if (!may(viewer, 'screen.read')) throw forbidden();
	return (await sql<Screen[]>`select ${columns(sql)} from screens order by name limit ${SCREENS}`).map(whole);
}

/** How all screens are set, for who delivers it. */
export async function all(sql: Sql): Promise<{ name: string; told: Told }[]> {
	const rows = await sql<({ name: string } & Told)[]>`select name, settings, version from screens limit ${SCREENS}`;
	return rows.map(whole).map(({ name, settings, version }) => ({ name, told: { settings, version } }));
}

/**
 * A screen says that it is there. One that is new gets a place; it is set as usual.
 * @throws Problem `invalid`, `busy` 409 when there are too many that were seen lately
 */
export async function say({ sql }: Client, viewer: Viewer, said: Said & { name: string }): Promise<Told> {
	if (!may(viewer, 'picture.read')) throw forbidden();
	const name = named(said.name);
	if (!name) throw invalid(`name: has 1 to ${NAME} characters, none of them a control character.`, { path: 'name' });
	const { width, height, shows } = said;
	const [known] = await sql<Told[]>`
		update screens set seen_at = now(), width = ${width}, height = ${height}, shows = ${shows} where name = ${name} returning settings, version`;
	if (known) return whole(known);
	return sql.begin(async (tx) => {
		await tx`lock table screens in share row exclusive mode`;
		const [{ n } = { n: 0 }] = await tx<{ n: number }[]>`select count(*)::int as n from screens`;
		if (n >= SCREENS) {
			const gone = await tx`
				delete from screens where name = (select name from screens where seen_at < now() - make_interval(days => ${GONE}) order by seen_at limit 1) returning 1`;
			if (!gone.length)
				throw new Problem('busy', 409, `There are ${SCREENS} screens already; this one cannot be set from the desk.`);
		}
		const [row] = await tx<Told[]>`
			insert into screens (name, settings, width, height, shows) values (${name}, ${tx.json(CALM as never)}, ${width}, ${height}, ${shows})
			on conflict (name) do update set seen_at = now() returning settings, version`;
		return whole(row!);
	}) as Promise<Told>;
}

/**
 * Sets a screen that still has the version that the viewer saw; it hears of it at once.
 * @throws Problem `forbidden`, 404, `precondition_failed` 412, `invalid` with the path of what is wrong
 */
export async function change(
	{ sql }: Client,
	viewer: Viewer,
	was: { name: string; version: number },
	input: unknown,
	known: { sectors: { slug: string }[]; provinces: { code: string }[] }
): Promise<Screen> {
	if (!may(viewer, 'screen.write')) throw forbidden();
	const parsed = Change.safeParse(input);
	if (!parsed.success) {
		const issue = parsed.error.issues[0]!;
		const path = issue.path.join('.');
		throw invalid(path ? `${path}: ${issue.message}` : issue.message, { path });
	}
	const given = parsed.data;
	if (given.sector && !known.sectors.some((s) => s.slug === given.sector))
		throw invalid(`sector: "${given.sector}" is not known here.`, { path: 'sector' });
	if (given.province && !known.provinces.some((p) => p.code === given.province))
		throw invalid(`province: "${given.province}" is not known here.`, { path: 'province' });
	return sql.begin(async (tx) => {
		const [row] = await tx<Screen[]>`select ${columns(tx)} from screens where name = ${was.name} for update`;
		if (!row) throw missing('The screen');
		if (row.version !== was.version)
			throw new Problem(
				'precondition_failed',
				412,
				'Somebody has set this screen since you read it. Read it again, then decide.',
				{ version: row.version }
			);
		const before = whole(row).settings;
		const after = { ...before, ...given };
		const [made] = await tx<Screen[]>`
			update screens set settings = ${tx.json(after as never)}, version = version + 1, updated_at = now(), updated_by = ${viewer.name} where name = ${was.name} returning ${columns(tx)}`;
		await tx`insert into audit (actor, action, subject, detail) values (${viewer.id}, 'screen.change', ${was.name}, ${tx.json({ before, after } as never)})`;
		await tx`select pg_notify(${CHANNEL}, '')`;
		return whole(made!);
	}) as Promise<Screen>;
}

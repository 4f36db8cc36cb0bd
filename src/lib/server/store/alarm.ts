import { heard, RINGING, shown, type Alarm, type Event, type Raised } from '$lib/core/alarm';
import { rate as measure, TEN, type Rate } from '$lib/core/alarm/rate';
import { DAY } from '$lib/core/clock';
import { forbidden, missing } from '$lib/core/error';
import { rank } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import { columns, raised, visible, type Row } from './alarm/row';
import type { Client, Sql, Tx } from './client';
import { visible as constituents } from './constituent/row';
import * as cursor from './cursor';

/** An alarm with what happened to it, and whom it concerns, as far as the viewer may read their names. */
export type Opened = { alarm: Alarm; history: Event[]; constituents: { id: number; organisation: string }[] };

/** All alarms that are not cleared, whoever may see them: for the picture in memory. */
export const open = async (sql: Sql | Tx): Promise<Raised[]> =>
	(await sql<Row[]>`select ${columns(sql)} from alarms a where a.standing <> 'cleared' order by a.id`).map(raised);

/** One page of alarms, the latest raised first. */
export async function list(
	{ sql }: Client,
	viewer: Viewer,
	filter: { state?: 'open' | 'cleared' | 'all'; cursor?: string; limit?: number } = {}
): Promise<{ alarms: Alarm[]; next: string | null }> {
	if (!may(viewer, 'alarm.read')) throw forbidden();
	const limit = filter.limit ?? 100;
	const after = filter.cursor ? cursor.decode(filter.cursor, 'seconds', 'whole') : null;
	const rows = await sql<Row[]>`
		select ${columns(sql)} from alarms a where ${visible(sql, viewer)}
			${filter.state === 'open' ? sql`and a.standing <> 'cleared'` : filter.state === 'cleared' ? sql`and a.standing = 'cleared'` : sql``}
			${after ? sql`and (a.raised_at, a.id) < (to_timestamp(${after[0]!}), ${after[1]!}::int)` : sql``}
		order by a.raised_at desc, a.id desc limit ${limit + 1}`;
	const page = rows.slice(0, limit);
	const last = page.at(-1);
	return {
		alarms: page.flatMap((row) => shown(raised(row), viewer.clearance) ?? []),
		next: rows.length > limit && last ? cursor.encode([last.raised, last.id]) : null
	};
}

/** One alarm with its history, the oldest first. @throws Problem 404 */
export async function get({ sql }: Client, viewer: Viewer, id: number): Promise<Opened> {
	if (!may(viewer, 'alarm.read')) throw forbidden();
	const [row] = await sql<Row[]>`select ${columns(sql)} from alarms a where a.id = ${id} and ${visible(sql, viewer)}`;
	const alarm = row && shown(raised(row), viewer.clearance);
	if (!alarm) throw missing('The alarm');
	const [history, names] = await Promise.all([
		sql<
			Event[]
		>`select extract(epoch from at)::float8 as at, actor, what, detail from alarm_events where alarm_id = ${id} and tlp <= ${rank(viewer.clearance)} order by id`,
		may(viewer, 'constituent.read')
			? sql<
					Opened['constituents']
				>`select c.id, c.organisation from constituents c where c.id = any(${heard(row.said, viewer.clearance)?.constituents ?? row.constituents}::int[]) and ${constituents(sql, viewer)} order by c.organisation`
			: []
	]);
	return { alarm, history: [...history], constituents: [...names] };
}

/** How often alarms rang over the last day, of those that the viewer may see. `now` is epoch seconds. */
export async function rate({ sql }: Client, viewer: Viewer, now: number): Promise<Rate> {
	if (!may(viewer, 'alarm.read')) throw forbidden();
	const rows = await sql<(Row & { at: number })[]>`
		select extract(epoch from e.at)::float8 as at, ${columns(sql)} from alarm_events e join alarms a on a.id = e.alarm_id
		where e.at >= to_timestamp(${now - DAY - TEN}) and e.what = any(${RINGING as string[]}) and e.tlp <= ${rank(viewer.clearance)} and ${visible(sql, viewer)}`;
	return measure(
		rows.flatMap(({ at, ...row }) => {
			const alarm = shown(raised(row as Row), viewer.clearance);
			return alarm ? [{ at, priority: alarm.priority }] : [];
		}),
		now
	);
}

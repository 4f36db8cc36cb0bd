import { error, type ServerLoadEvent } from '@sveltejs/kit';
import { DAY, floor, MINUTE } from '$lib/core/clock';
import { UNLOCATED } from '$lib/core/province';
import { UNATTRIBUTED } from '$lib/core/sector';
import { Tally } from '$lib/core/tally';
import { may } from '$lib/core/viewer';
import * as aggregate from '$lib/server/store/aggregate';
import * as observation from '$lib/server/store/observation';
import { close } from '$lib/ui/map/district';
import { land } from '$lib/ui/map/land';
import type { By } from '$lib/wire/query';
import { enter, read } from '../desk';
import { related } from './related';
import { under } from './under';

/** Observations that the page of an area ends with. */
const LAST = 20;

type Kind = 'sector' | 'province';

/**
 * Of one sector or province: its picture, what was reported in it and in which direction in the shown hours, the same
 * hours of the day before, and the last observations for whom they are.
 * @throws 404 when there is no such area, or it is outside the viewer's scope
 */
export async function load(
	event: Pick<ServerLoadEvent, 'url' | 'depends'> & { locals: App.Locals },
	kind: Kind,
	key: string
) {
	const { app, viewer, seat } = enter(event, 'picture.read');
	event.depends('area:counts');
	const known =
		kind === 'sector'
			? app.reference.sectors.map((s) => ({ key: s.slug, name: s.name }))
			: app.reference.provinces.map((p) => ({ key: p.code, name: p.name }));
	const rest = kind === 'sector' ? { key: UNATTRIBUTED, name: 'Unattributed' } : { key: UNLOCATED, name: 'Unlocated' };
	const area = [...known, rest].find((a) => a.key === key);
	const scope = kind === 'sector' ? viewer.sectors : viewer.provinces;
	if (!area || (scope && !scope.includes(key))) error(404, `This ${kind} does not exist, or you may not see it.`);

	const boundary = app.boundary();
	const view = app.live.view(viewer, kind === 'sector' ? { sectors: [key] } : { provinces: [key] });
	const from = Tally.of(view.tally).shown[0] ?? view.at - DAY;
	const filter = kind === 'sector' ? { sector: key } : { province: key };
	const to = floor(view.at, MINUTE) + MINUTE;
	const count = (by: By, back = 0) =>
		aggregate.run(app.client, viewer, {
			by: [by],
			from: from - back,
			to: to - (back ? MINUTE : 0) - back,
			...filter
		});
	const [types, directions, before, last, beside] = await read(
		Promise.all([
			count('type'),
			count('direction'),
			count('class', DAY),
			may(viewer, 'observation.read') ? observation.list(app.client, viewer, { ...filter, limit: LAST }) : null,
			related(app, viewer, kind, key, view.at)
		])
	);
	return {
		viewer: seat,
		view,
		kind,
		area,
		/** of the types and directions */
		span: { from, to },
		land: kind === 'sector' ? land(boundary.name, boundary.topology) : null,
		close: kind === 'province' ? close(boundary.name, boundary.topology, key) : null,
		set: { name: boundary.name, districts: boundary.districts },
		tiles: under(app),
		types: types.cells.map((c) => ({ key: c.type ?? '', n: c.count })),
		directions: directions.cells.map((c) => ({ key: c.direction ?? '', n: c.count })),
		before: before.total,
		related: beside,
		last: last && last.observations.map(({ raw: _, ...row }) => row)
	};
}

export type Data = Awaited<ReturnType<typeof load>>;

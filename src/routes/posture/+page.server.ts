import { DAY, floor, MINUTE } from '$lib/core/clock';
import { Tally } from '$lib/core/tally';
import * as aggregate from '$lib/server/store/aggregate';
import * as incident from '$lib/server/store/incident';
import { enter, read } from '../desk';
import { grave } from './decision';
import * as posture from '$lib/server/store/posture';
import * as past from './past';
import type { PageServerLoad } from './$types';

/** Severe and high cases that are shown with their last note. */
const NAMED = 4;

const sums = (cells: aggregate.Cell[], of: (cell: aggregate.Cell) => string | undefined): Record<string, number> => {
	const out: Record<string, number> = {};
	for (const cell of cells) out[of(cell) ?? ''] = (out[of(cell) ?? ''] ?? 0) + cell.count;
	return out;
};

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'picture.read');
	event.depends('posture:past');
	const view = app.live.view(viewer, {});
	const from = Tally.of(view.tally).shown[0] ?? view.at - DAY;
	const to = floor(view.at, MINUTE);
	const named = view.incidents.filter(grave).slice(0, NAMED);
	const [before, all, details, week, day] = await read(
		Promise.all([
			aggregate.run(app.client, viewer, { by: ['sector', 'class'], from: from - DAY, to: to - DAY }),
			past.cases(app.client, viewer),
			Promise.all(named.map((i) => incident.get(app.client, viewer, i.id).catch(() => null))),
			posture.past(app.client, viewer, view.at - 7 * DAY),
			posture.past(app.client, viewer, view.at - DAY)
		])
	);
	return {
		viewer: seat,
		view,
		/** the index a week ago, or a day ago while it is younger than a week */
		index: week ? past.values('last week', week) : day ? past.values('yesterday', day) : null,
		/** the day before, the same hours */
		before: { sectors: sums(before.cells, (c) => c.sector), classes: sums(before.cells, (c) => c.class) },
		openBefore: all && (await past.openAt(app.client, viewer, all, view.at - DAY)),
		close: all && past.timeToClose(all, view.at),
		notes: Object.fromEntries(
			details.flatMap((d) =>
				d ? [[d.incident.id, { version: d.incident.version, last: past.lastNote(d.history) }] as const] : []
			)
		)
	};
};

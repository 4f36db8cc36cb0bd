import { DAY, floor, MINUTE } from '$lib/core/clock';
import { UNATTRIBUTED } from '$lib/core/sector';
import { Tally } from '$lib/core/tally';
import * as aggregate from '$lib/server/store/aggregate';
import * as incident from '$lib/server/store/incident';
import { enter, read } from '../desk';
import { grave } from './decision';
import * as past from './past';
import type { PageServerLoad } from './$types';

/** Severe and high cases that are shown with their last note. */
const NAMED = 8;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'picture.read');
	event.depends('posture:past');
	const view = app.live.view(viewer, {});
	const from = Tally.of(view.tally).shown[0] ?? view.at - DAY;
	const to = floor(view.at, MINUTE);
	const named = view.incidents.filter(grave).slice(0, NAMED);
	const [before, all, details] = await read(
		Promise.all([
			aggregate.run(app.client, viewer, { by: ['sector'], from: from - DAY, to: to - DAY }),
			past.cases(app.client, viewer),
			Promise.all(named.map((i) => incident.get(app.client, viewer, i.id).catch(() => null)))
		])
	);
	return {
		viewer: seat,
		view,
		/** the day before, the same hours */
		before: {
			from: from - DAY,
			to: to - DAY,
			total: before.total,
			sectors: Object.fromEntries(before.cells.map((c) => [c.sector ?? UNATTRIBUTED, c.count]))
		},
		openBefore: all && (await past.openAt(app.client, viewer, all, view.at - DAY)),
		close: all && past.timeToClose(all, view.at),
		notes: Object.fromEntries(
			details.flatMap((d) =>
				d ? [[d.incident.id, { version: d.incident.version, last: past.lastNote(d.history) }] as const] : []
			)
		)
	};
};

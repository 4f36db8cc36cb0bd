import { order } from '$lib/core/incident';
import { grave } from './decision';
import * as past from './past';
import { read as asked } from './against';
import * as incident from '$lib/server/store/incident';
import { enter, read } from '../desk';
import type { PageServerLoad } from './$types';

/** Severe and high cases that are shown with their last note. */
const NAMED = 4;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'picture.read');
	event.depends('posture:past');
	const view = app.live.view(viewer, {});
	const named = view.incidents.filter(grave).sort(order).slice(0, NAMED);
	const all = await read(past.cases(app.client, viewer));
	const [then, details] = await read(
		Promise.all([
			past.before(app.client, viewer, view, asked(event.url), all),
			Promise.all(named.map((i) => incident.get(app.client, viewer, i.id).catch(() => null)))
		])
	);
	return {
		viewer: seat,
		view,
		then,
		close: all && past.timeToClose(all, view.at),
		notes: Object.fromEntries(
			details.flatMap((d) =>
				d ? [[d.incident.id, { version: d.incident.version, last: past.lastNote(d.history) }] as const] : []
			)
		)
	};
};

import * as dossier from '$lib/server/store/dossier';
import { enter, read } from '../../desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'indicator.read');
	event.depends('indicators:one');
	const { sightings, ...indicator } = await read(dossier.open(app.client, viewer, event.params.id));
	const hours = new Map<number, number>();
	for (const s of sightings) hours.set(s.at, (hours.get(s.at) ?? 0) + s.count);
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		indicator,
		hours: [...hours].sort((a, b) => a[0] - b[0]),
		scoped: viewer.sectors !== null || viewer.provinces !== null
	};
};

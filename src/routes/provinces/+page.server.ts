import { land } from '$lib/ui/map/land';
import { under } from '../area/under';
import { enter } from '../desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
	const { app, viewer, seat } = enter(event, 'picture.read');
	const { name, topology } = app.boundary();
	return { viewer: seat, view: app.live.view(viewer, {}), land: land(name, topology), tiles: under(app) };
};

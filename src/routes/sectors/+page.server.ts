import { enter } from '../desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
	const { app, viewer, seat } = enter(event, 'picture.read');
	return { viewer: seat, view: app.live.view(viewer, {}) };
};

import * as source from '$lib/server/store/source';
import { enter, read } from '../desk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'source.read');
	event.depends('sources:list');
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		sources: await read(source.list(app.client, viewer)),
		origin: event.url.origin
	};
};

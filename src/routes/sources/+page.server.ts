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
		// Counting a week may take too long for the database just now; the page is of use without it.
		rates: await source.rates(app.client, viewer).catch((e: unknown) => {
			app.log.warn({ err: e }, 'the rates of the sources could not be counted');
			return [];
		}),
		origin: event.url.origin
	};
};

import * as outbound from '$lib/server/store/outbound';
import { may } from '$lib/core/viewer';
import { enter, read, texts } from '../desk';
import { filter, rule } from './filter';
import type { PageServerLoad } from './$types';

const LIMIT = 50;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'outbound.read');
	const asked = filter(event.url.searchParams, app);
	const { cursor } = texts(event.url.searchParams, ['cursor']);
	const by = rule(app);
	const { sql } = app.client;
	const told = await read(outbound.cases(sql, viewer, by.quiet, by.now));
	const [page, norms, fresh] = await read(
		Promise.all([
			outbound.page(sql, viewer, told, { ...asked.filter, cursor: cursor || undefined, limit: LIMIT }),
			outbound.norms(app.client, viewer, by, told),
			outbound.freshness(app.client)
		])
	);
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		...page,
		filter: asked.values,
		wrong: asked.wrong,
		norms,
		fresh,
		quiet: by.quiet,
		lately: outbound.LATELY,
		scoped: viewer.sectors !== null || viewer.provinces !== null,
		mayWrite: may(viewer, 'outbound.write')
	};
};

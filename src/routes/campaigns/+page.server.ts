import * as campaign from '$lib/server/store/campaign';
import { enter, read, texts } from '../desk';
import type { PageServerLoad } from './$types';

const LIMIT = 100;
const STATES = ['live', 'dismissed'] as const;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'campaign.read');
	event.depends('campaigns:list');
	const view = app.live.view(viewer, {});
	const asked = texts(event.url.searchParams, ['state', 'cursor']);
	const state = STATES.find((s) => s === asked.state) ?? 'live';
	const page = await read(
		campaign.list(app.client, viewer, { state, limit: LIMIT, cursor: asked.cursor || undefined })
	);
	return {
		viewer: seat,
		view,
		...page,
		campaigns: page.campaigns.sort((a, b) => b.last - a.last || b.count - a.count || b.id - a.id),
		state,
		scoped: viewer.sectors !== null || viewer.provinces !== null
	};
};

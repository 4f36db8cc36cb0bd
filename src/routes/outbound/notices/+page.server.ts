import { NOTICES } from '$lib/core/notice';
import { may } from '$lib/core/viewer';
import * as notice from '$lib/server/store/notice';
import { enter, read, texts } from '../../desk';
import { add, step } from '../entry';
import type { Actions, PageServerLoad } from './$types';

const LIMIT = 50;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'outbound.read');
	const asked = texts(event.url.searchParams, ['kind', 'state', 'cursor']);
	const page = await read(
		notice.list(app.client, viewer, {
			kind: NOTICES.find((k) => k === asked.kind),
			open: asked.state === 'open',
			cursor: asked.cursor || undefined,
			limit: LIMIT
		})
	);
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		...page,
		filter: { kind: asked.kind, state: asked.state },
		scoped: viewer.sectors !== null || viewer.provinces !== null,
		mayWrite: may(viewer, 'outbound.write')
	};
};

export const actions: Actions = { add, step };

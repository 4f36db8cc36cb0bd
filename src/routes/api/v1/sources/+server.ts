import { json, type RequestHandler } from '@sveltejs/kit';
import { health } from '$lib/core/source';
import * as source from '$lib/server/store/source';
import { problem } from '../../problem';
import { viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		const now = Date.now() / 1000;
		const sources = await source.list(event.locals.app.client, viewer(event, 'source.read'));
		return json({ sources: sources.map((s) => ({ ...s, health: health(s, now) })) });
	} catch (e) {
		return problem(e, event);
	}
};

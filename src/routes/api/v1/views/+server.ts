import { json, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import * as view from '$lib/server/store/view';
import { problem } from '../../problem';
import { body, query, viewer } from '../../viewer';

const Asked = z.strictObject({ path: z.string().max(200).optional() });

/** Saved slices of screens: one's own, and those that are shared. */
export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'picture.read');
		const { path } = query(event.url, Asked);
		return json({ views: await view.list(event.locals.app.client, who, path) });
	} catch (e) {
		return problem(e, event);
	}
};

export const POST: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'view.write');
		const { client, config } = event.locals.app;
		const made = await view.save(client, who, await body(event.request), config.WATCHFLOOR_MAX_VIEWS);
		return json(made, { status: 201 });
	} catch (e) {
		return problem(e, event);
	}
};

import { json, type RequestHandler } from '@sveltejs/kit';
import * as level from '$lib/server/store/level';
import { problem } from '../../problem';
import { viewer } from '../../viewer';

/** The levels that were declared for the nation, the newest first. */
export const GET: RequestHandler = async (event) => {
	try {
		viewer(event, 'picture.read');
		return json({ levels: await level.list(event.locals.app.client.sql) });
	} catch (e) {
		return problem(e, event);
	}
};

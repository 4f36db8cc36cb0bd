import { json, type RequestHandler } from '@sveltejs/kit';
import * as level from '$lib/server/store/level';
import { problem } from '../../problem';
import { body, viewer } from '../../viewer';

/** The levels that were declared for the nation, the newest first. */
export const GET: RequestHandler = async (event) => {
	try {
		viewer(event, 'picture.read');
		return json({ levels: await level.list(event.locals.app.client.sql) });
	} catch (e) {
		return problem(e, event);
	}
};

export const POST: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'level.declare');
		const { client, live } = event.locals.app;
		const made = await level.declare(client, who, await body(event.request));
		await live.caughtUp();
		return json(made, { status: 201 });
	} catch (e) {
		return problem(e, event);
	}
};

import { json, type RequestHandler } from '@sveltejs/kit';
import * as level from '$lib/server/store/level';
import { problem } from '../../../problem';
import { body, viewer } from '../../../viewer';

export const POST: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'level.declare');
		const { client, live } = event.locals.app;
		const made = await level.withdraw(client, who, await body(event.request));
		await live.caughtUp();
		return json(made);
	} catch (e) {
		return problem(e, event);
	}
};

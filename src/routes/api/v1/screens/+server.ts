import { json, type RequestHandler } from '@sveltejs/kit';
import * as screen from '$lib/server/store/screen';
import { problem } from '../../problem';
import { viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		return json({ screens: await screen.list(event.locals.app.client, viewer(event, 'screen.read')) });
	} catch (e) {
		return problem(e, event);
	}
};

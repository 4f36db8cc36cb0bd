import { json, type RequestHandler } from '@sveltejs/kit';
import * as indicator from '$lib/server/store/indicator';
import { problem } from '../../../problem';
import { viewer } from '../../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		return json(await indicator.get(event.locals.app.client, viewer(event, 'indicator.read'), event.params.id!));
	} catch (e) {
		return problem(e, event);
	}
};

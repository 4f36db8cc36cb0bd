import { json, type RequestHandler } from '@sveltejs/kit';
import * as rule from '$lib/server/store/rule';
import { problem } from '../../problem';
import { viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		return json({ rules: await rule.list(event.locals.app.client, viewer(event, 'alarm.read')) });
	} catch (e) {
		return problem(e, event);
	}
};

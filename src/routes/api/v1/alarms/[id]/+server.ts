import { json, type RequestHandler } from '@sveltejs/kit';
import * as alarm from '$lib/server/store/alarm';
import { problem } from '../../../problem';
import { viewer } from '../../../viewer';
import { number } from './number';

export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'alarm.read');
		const { alarm: found, ...rest } = await alarm.get(event.locals.app.client, who, number(event.params.id));
		return json({ ...found, ...rest });
	} catch (e) {
		return problem(e, event);
	}
};

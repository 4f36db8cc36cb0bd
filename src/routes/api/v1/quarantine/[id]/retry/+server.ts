import { json, type RequestHandler } from '@sveltejs/kit';
import { missing } from '$lib/core/error';
import { problem } from '../../../../problem';
import { viewer } from '../../../../viewer';

export const POST: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'quarantine.retry');
		if (!/^\d{1,15}$/.test(event.params.id ?? '')) throw missing('The record');
		return json(await event.locals.app.ingest.retry(who, Number(event.params.id)));
	} catch (e) {
		return problem(e, event);
	}
};

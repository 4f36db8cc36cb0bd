import { json, type RequestHandler } from '@sveltejs/kit';
import * as dossier from '$lib/server/store/dossier';
import { problem } from '../../../problem';
import { viewer } from '../../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		return json(await dossier.open(event.locals.app.client, viewer(event, 'indicator.read'), event.params.id!));
	} catch (e) {
		return problem(e, event);
	}
};

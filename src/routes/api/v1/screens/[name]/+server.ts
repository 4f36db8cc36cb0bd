import { json, type RequestHandler } from '@sveltejs/kit';
import * as screen from '$lib/server/store/screen';
import { problem } from '../../../problem';
import { body, version, viewer } from '../../../viewer';

/** Sets a screen that still has the version of `If-Match`. */
export const PATCH: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'screen.write');
		const was = { name: event.params.name!, version: version(event) };
		const { client, reference } = event.locals.app;
		const set = await screen.change(client, who, was, await body(event.request), reference);
		return json(set, { headers: { etag: `"${set.version}"` } });
	} catch (e) {
		return problem(e, event);
	}
};

import { json, type RequestHandler } from '@sveltejs/kit';
import * as incident from '$lib/server/store/incident';
import { problem } from '../../../problem';
import { body, rules, version, viewer } from '../../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		const found = await incident.get(event.locals.app.client, viewer(event, 'incident.read'), event.params.id!);
		return json({ ...found.incident, history: found.history }, { headers: { etag: `"${found.incident.version}"` } });
	} catch (e) {
		return problem(e, event);
	}
};

/** Changes a case that still has the version of `If-Match`. */
export const PATCH: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'incident.write');
		const from = version(event);
		const changed = await incident.change(
			event.locals.app.client,
			who,
			event.params.id!,
			from,
			await body(event.request),
			rules(event.locals.app)
		);
		await event.locals.app.live.caughtUp();
		return json(changed, { headers: { etag: `"${changed.version}"` } });
	} catch (e) {
		return problem(e, event);
	}
};

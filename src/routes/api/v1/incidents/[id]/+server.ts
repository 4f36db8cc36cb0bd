import { json, type RequestHandler } from '@sveltejs/kit';
import { Problem } from '$lib/core/error';
import * as incident from '$lib/server/store/incident';
import { problem } from '../../../problem';
import { body, rules, viewer } from '../../../viewer';

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
		const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(event.request.headers.get('if-match') ?? '')?.[1];
		if (!match)
			throw new Problem(
				'precondition_required',
				428,
				'A change needs If-Match with the version that you read, such as If-Match: "3".'
			);
		const changed = await incident.change(
			event.locals.app.client,
			who,
			event.params.id!,
			Number(match),
			await body(event.request),
			rules(event.locals.app)
		);
		await event.locals.app.live.caughtUp();
		return json(changed, { headers: { etag: `"${changed.version}"` } });
	} catch (e) {
		return problem(e, event);
	}
};

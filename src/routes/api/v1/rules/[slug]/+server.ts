import { json, type RequestHandler } from '@sveltejs/kit';
import * as rule from '$lib/server/store/rule';
import { problem } from '../../../problem';
import { body, version, viewer } from '../../../viewer';

/** Changes a rule that still has the version of `If-Match`. */
export const PATCH: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'rule.write');
		const from = version(event);
		const changed = await rule.change(
			event.locals.app.client,
			who,
			event.params.slug!,
			from,
			await body(event.request)
		);
		return json(changed, { headers: { etag: `"${changed.version}"` } });
	} catch (e) {
		return problem(e, event);
	}
};

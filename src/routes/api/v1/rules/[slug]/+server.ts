import { json, type RequestHandler } from '@sveltejs/kit';
import { Problem } from '$lib/core/error';
import * as rule from '$lib/server/store/rule';
import { problem } from '../../../problem';
import { body, viewer } from '../../../viewer';

/** Changes a rule that still has the version of `If-Match`. */
export const PATCH: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'rule.write');
		const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(event.request.headers.get('if-match') ?? '')?.[1];
		if (!match)
			throw new Problem(
				'precondition_required',
				428,
				'A change needs If-Match with the version that you read, such as If-Match: "3".'
			);
		const changed = await rule.change(
			event.locals.app.client,
			who,
			event.params.slug!,
			Number(match),
			await body(event.request)
		);
		return json(changed, { headers: { etag: `"${changed.version}"` } });
	} catch (e) {
		return problem(e, event);
	}
};

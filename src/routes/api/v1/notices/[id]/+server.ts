import { json, type RequestHandler } from '@sveltejs/kit';
import { missing, Problem } from '$lib/core/error';
import * as notice from '$lib/server/store/notice';
import { problem } from '../../../problem';
import { body, viewer } from '../../../viewer';

/** Records what became of a notice that still has the version of `If-Match`. */
export const PATCH: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'outbound.write');
		const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(event.request.headers.get('if-match') ?? '')?.[1];
		if (!match)
			throw new Problem(
				'precondition_required',
				428,
				'A change needs If-Match with the version that you read, such as If-Match: "3".'
			);
		if (!/^\d{1,9}$/.test(event.params.id!)) throw missing('The notice');
		const was = { id: Number(event.params.id), version: Number(match) };
		const changed = await notice.change(
			event.locals.app.client,
			who,
			was,
			(await body(event.request)) as notice.Change
		);
		return json(changed, { headers: { etag: `"${changed.version}"` } });
	} catch (e) {
		return problem(e, event);
	}
};

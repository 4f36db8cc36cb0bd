import { json, type RequestHandler } from '@sveltejs/kit';
import { missing } from '$lib/core/error';
import * as notice from '$lib/server/store/notice';
import { problem } from '../../../problem';
import { body, version, viewer } from '../../../viewer';

/** Records what became of a notice that still has the version of `If-Match`. */
export const PATCH: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'outbound.write');
		const from = version(event);
		if (!/^\d{1,9}$/.test(event.params.id!)) throw missing('The notice');
		const was = { id: Number(event.params.id), version: from };
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

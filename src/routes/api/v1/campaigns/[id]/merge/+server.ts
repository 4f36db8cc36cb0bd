import type { RequestHandler } from '@sveltejs/kit';
import { merge } from '$lib/server/store/campaign/change';
import { problem } from '../../../../problem';
import { body, version, viewer } from '../../../../viewer';
import { answer, asked } from '../../asked';

/** Makes other campaigns part of this one. */
export const POST: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'campaign.write');
		const [id, seen] = [asked(event), version(event)];
		return answer(await merge(event.locals.app.client, who, id, seen, await body(event.request)));
	} catch (e) {
		return problem(e, event);
	}
};

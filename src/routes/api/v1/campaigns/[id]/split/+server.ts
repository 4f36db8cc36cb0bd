import type { RequestHandler } from '@sveltejs/kit';
import { split } from '$lib/server/store/campaign/change';
import { problem } from '../../../../problem';
import { body, version, viewer } from '../../../../viewer';
import { answer, asked } from '../../asked';

/** Makes a campaign of its own of some values of this one; the answer is the new one. */
export const POST: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'campaign.write');
		const [id, seen] = [asked(event), version(event)];
		return answer(await split(event.locals.app.client, who, id, seen, await body(event.request)), true);
	} catch (e) {
		return problem(e, event);
	}
};

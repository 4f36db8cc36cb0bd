import type { RequestHandler } from '@sveltejs/kit';
import * as campaign from '$lib/server/store/campaign';
import { change } from '$lib/server/store/campaign/change';
import { problem } from '../../../problem';
import { body, version, viewer } from '../../../viewer';
import { answer, asked } from '../asked';

export const GET: RequestHandler = async (event) => {
	try {
		return answer(await campaign.get(event.locals.app.client, viewer(event, 'campaign.read'), asked(event)));
	} catch (e) {
		return problem(e, event);
	}
};

/** Names, dismisses or reopens a campaign that still has the version of `If-Match`. */
export const PATCH: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'campaign.write');
		const [id, seen] = [asked(event), version(event)];
		return answer(await change(event.locals.app.client, who, id, seen, await body(event.request)));
	} catch (e) {
		return problem(e, event);
	}
};

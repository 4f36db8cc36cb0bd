import { json, type RequestHandler } from '@sveltejs/kit';
import * as observation from '$lib/server/store/observation';
import { Pages } from '$lib/wire/query';
import { problem } from '../../problem';
import { iso, known, query, seconds, viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'observation.read');
		const { app } = event.locals;
		const { from, to, at, ...asked } = query(event.url, Pages(app.config.WATCHFLOOR_MAX_RETURN));
		const { observations, ...places } = await observation.list(
			app.client,
			who,
			{
				...known(asked, app),
				from: from && seconds(from),
				to: to && seconds(to),
				at: at && seconds(at)
			} as observation.Query,
			app.config.WATCHFLOOR_SEARCH_TIMEOUT
		);
		return json({ observations: observations.map((o) => ({ ...o, observed: iso(o.observed) })), ...places });
	} catch (e) {
		return problem(e, event);
	}
};

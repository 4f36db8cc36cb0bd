import { json, type RequestHandler } from '@sveltejs/kit';
import * as observation from '$lib/server/store/observation';
import { Filter, page } from '$lib/wire/query';
import { problem } from '../../problem';
import { iso, known, query, seconds, viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'observation.read');
		const { from, to, ...asked } = query(event.url, Filter.extend(page(event.locals.app.config.WATCHFLOOR_MAX_RETURN)));
		const { observations, next } = await observation.list(event.locals.app.client, who, {
			...known(asked, event.locals.app),
			from: from && seconds(from),
			to: to && seconds(to)
		} as observation.Query);
		return json({ observations: observations.map((o) => ({ ...o, observed: iso(o.observed) })), next });
	} catch (e) {
		return problem(e, event);
	}
};

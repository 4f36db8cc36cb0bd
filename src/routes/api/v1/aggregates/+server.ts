import { json, type RequestHandler } from '@sveltejs/kit';
import { DAY } from '$lib/core/clock';
import * as aggregate from '$lib/server/store/aggregate';
import { Aggregates } from '$lib/wire/query';
import { problem } from '../../problem';
import { iso, known, query, seconds, viewer } from '../../viewer';

/** Counts; without `from` and `to` those of the last 24 hours. */
export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'picture.read');
		const { from, to, ...asked } = query(event.url, Aggregates);
		const end = to ? seconds(to) : Date.now() / 1000 + 300;
		const answer = await aggregate.run(
			event.locals.app.client,
			who,
			{
				...known(asked, event.locals.app),
				from: from ? seconds(from) : end - DAY - 300,
				to: end
			},
			event.locals.app.config.WATCHFLOOR_MAX_CELLS
		);
		return json({ ...answer, from: iso(answer.from), to: iso(answer.to) });
	} catch (e) {
		return problem(e, event);
	}
};

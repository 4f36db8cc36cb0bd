import { json, type RequestHandler } from '@sveltejs/kit';
import * as observation from '$lib/server/store/observation';
import { problem } from '../../api/problem';
import { viewer } from '../../api/viewer';
import { slice } from '../part';

/** How many observations of a slice have come since a number of the log. */
export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'observation.read');
		const { app } = event.locals;
		const number = (name: string) => {
			const n = Number(event.url.searchParams.get(name) || NaN);
			return Number.isFinite(n) && n >= 0 ? n : undefined;
		};
		const seq = number('seq');
		const at = number('after') ?? Date.now() / 1000;
		return json(
			await observation.newer(
				app.client,
				who,
				slice(event.url, app),
				{ seq: seq && Math.floor(seq), at },
				app.config.WATCHFLOOR_SEARCH_TIMEOUT
			)
		);
	} catch (e) {
		return problem(e, event);
	}
};

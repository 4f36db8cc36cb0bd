import { json, type RequestHandler } from '@sveltejs/kit';
import * as observation from '$lib/server/store/observation';
import { problem } from '../../api/problem';
import { viewer } from '../../api/viewer';
import { line, slice } from '../part';

/** Rows of a page at the most. */
const LIMIT = 100;

/** A page of rows for the table that reads on while it is scrolled. */
export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'observation.read');
		const { app } = event.locals;
		const asked = event.url.searchParams;
		const at = asked.get('at');
		const { observations, ...ways } = await observation.list(
			app.client,
			who,
			{
				...slice(event.url, app),
				cursor: asked.get('cursor') || undefined,
				newer: asked.get('newer') || undefined,
				at: at ? Date.parse(at) / 1000 || undefined : undefined,
				limit: LIMIT
			} as observation.Query,
			app.config.WATCHFLOOR_SEARCH_TIMEOUT
		);
		return json({ rows: observations.map(line), ...ways });
	} catch (e) {
		return problem(e, event);
	}
};

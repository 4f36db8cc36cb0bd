import { json, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import { KINDS } from '$lib/core/observable';
import * as indicator from '$lib/server/store/indicator';
import { page } from '$lib/wire/query';
import { problem } from '../../problem';
import { query, viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'indicator.read');
		return json(
			await indicator.list(
				event.locals.app.client,
				who,
				query(
					event.url,
					z.object({
						value: z.string().max(2000).optional(),
						kind: z.enum(KINDS).optional(),
						...page(event.locals.app.config.WATCHFLOOR_MAX_RETURN)
					})
				)
			)
		);
	} catch (e) {
		return problem(e, event);
	}
};

import { json, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import * as quarantine from '$lib/server/store/quarantine';
import { page } from '$lib/wire/query';
import { problem } from '../../problem';
import { query, viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'quarantine.read');
		const asked = query(
			event.url,
			z.object({
				source: z.string().max(64).optional(),
				code: z.string().max(64).optional(),
				...page(event.locals.app.config.WATCHFLOOR_MAX_RETURN)
			})
		);
		return json(await quarantine.list(event.locals.app.client, who, asked));
	} catch (e) {
		return problem(e, event);
	}
};

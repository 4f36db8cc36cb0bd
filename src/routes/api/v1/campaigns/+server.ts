import { json, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import * as campaign from '$lib/server/store/campaign';
import { page } from '$lib/wire/query';
import { problem } from '../../problem';
import { query, viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'campaign.read');
		const asked = query(
			event.url,
			z.object({ state: z.enum(['live', 'open', 'quiet', 'dismissed']).optional(), ...page(200) })
		);
		return json(await campaign.list(event.locals.app.client, who, asked));
	} catch (e) {
		return problem(e, event);
	}
};

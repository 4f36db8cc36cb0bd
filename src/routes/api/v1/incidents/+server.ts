import { json, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import * as incident from '$lib/server/store/incident';
import { page } from '$lib/wire/query';
import { problem } from '../../problem';
import { body, query, rules, viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'incident.read');
		const word = z.string().max(64).optional();
		const asked = query(
			event.url,
			z.object({
				status: z.enum(['open', 'closed', 'all']).default('all'),
				severity: word,
				sector: word,
				province: word,
				team: word,
				q: z.string().max(200).optional(),
				...page(event.locals.app.config.WATCHFLOOR_MAX_RETURN)
			})
		);
		return json(await incident.list(event.locals.app.client, who, asked));
	} catch (e) {
		return problem(e, event);
	}
};

export const POST: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'incident.write');
		const { client } = event.locals.app;
		const made = await incident.open(client, who, await body(event.request), rules(event.locals.app));
		await event.locals.app.live.caughtUp();
		return json(made, {
			status: 201,
			headers: { location: `/api/v1/incidents/${made.id}`, etag: `"${made.version}"` }
		});
	} catch (e) {
		return problem(e, event);
	}
};

import { json, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import { NOTICES } from '$lib/core/notice';
import * as notice from '$lib/server/store/notice';
import { page } from '$lib/wire/query';
import { problem } from '../../problem';
import { body, query, viewer } from '../../viewer';

export const GET: RequestHandler = async (event) => {
	try {
		const { client, config } = event.locals.app;
		const who = viewer(event, 'outbound.read');
		const asked = query(
			event.url,
			z.strictObject({
				kind: z.enum(NOTICES).optional(),
				network: z.string().max(64).optional(),
				type: z.string().max(64).optional(),
				...page(config.WATCHFLOOR_MAX_RETURN)
			})
		);
		return json(await notice.list(client, who, asked));
	} catch (e) {
		return problem(e, event);
	}
};

/** Records what was told, asked or received. */
export const POST: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'outbound.write');
		const made = await notice.add(event.locals.app.client, who, (await body(event.request)) as notice.New);
		return json(made, {
			status: 201,
			headers: { location: `/api/v1/notices/${made.id}`, etag: `"${made.version}"` }
		});
	} catch (e) {
		return problem(e, event);
	}
};

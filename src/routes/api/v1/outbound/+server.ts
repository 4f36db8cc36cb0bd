import { json, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import { ABUSES, network } from '$lib/core/abuse';
import { DAY } from '$lib/core/clock';
import { STANDINGS } from '$lib/core/remedy';
import * as outbound from '$lib/server/store/outbound';
import { page } from '$lib/wire/query';
import { problem } from '../../problem';
import { known, query, viewer } from '../../viewer';

/** What networks of ours were seen to do to others, with the figures on the norms. */
export const GET: RequestHandler = async (event) => {
	try {
		const { app } = event.locals;
		const who = viewer(event, 'outbound.read');
		const word = z.string().max(64).optional();
		const asked = query(
			event.url,
			z.strictObject({
				network: z
					.string()
					.max(64)
					.transform((text, ctx) => {
						const found = network(text);
						if (found === undefined)
							ctx.addIssue({ code: 'custom', message: 'is no network such as AS64500 or 203.0.113.0/24' });
						return found ?? z.NEVER;
					})
					.optional(),
				type: z.enum(ABUSES).optional(),
				sector: word,
				province: word,
				standing: z.enum(STANDINGS).optional(),
				sort: z.enum(outbound.SORTS).optional(),
				...page(app.config.WATCHFLOOR_MAX_RETURN)
			})
		);
		const rule = { quiet: Math.floor(app.config.WATCHFLOOR_REMEDIED / DAY), now: Date.now() / 1000 };
		const { sql } = app.client;
		const told = await outbound.cases(sql, who, rule.quiet, rule.now);
		const [found, norms, fresh] = await Promise.all([
			outbound.page(sql, who, told, known(asked, app)),
			outbound.norms(app.client, who, rule, told),
			outbound.freshness(app.client)
		]);
		return json({ ...found, norms, ...fresh });
	} catch (e) {
		return problem(e, event);
	}
};

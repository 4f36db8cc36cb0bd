import { json, type RequestHandler } from '@sveltejs/kit';
import { z } from 'zod';
import { flood } from '$lib/core/alarm/flood';
import * as alarm from '$lib/server/store/alarm';
import { page } from '$lib/wire/query';
import { problem } from '../../problem';
import { query, viewer } from '../../viewer';

/** Alarms, how often they rang over the last day, and the flood, if there is one, among those that are open. */
export const GET: RequestHandler = async (event) => {
	try {
		const { client, config, live, reference } = event.locals.app;
		const who = viewer(event, 'alarm.read');
		const asked = query(
			event.url,
			z.object({ state: z.enum(['open', 'cleared', 'all']).default('open'), ...page(config.WATCHFLOOR_MAX_RETURN) })
		);
		const now = Date.now() / 1000;
		const [found, rate] = await Promise.all([alarm.list(client, who, asked), alarm.rate(client, who, now)]);
		const names = {
			sector: (slug: string) => reference.sectors.find((s) => s.slug === slug)?.short ?? slug,
			province: (code: string) => reference.provinces.find((p) => p.code === code)?.short ?? code
		};
		return json({ ...found, rate, flood: flood(live.view(who, {}).alarms, now, names) });
	} catch (e) {
		return problem(e, event);
	}
};

import { json, type RequestHandler } from '@sveltejs/kit';
import { Problem } from '$lib/core/error';
import * as act from '$lib/server/store/alarm/act';
import { problem } from '../../../../problem';
import { body, viewer } from '../../../../viewer';
import { number } from '../number';

const VERBS = new Set(['acknowledge', 'shelve', 'unshelve', 'clear'] as const);
type Verb = typeof VERBS extends Set<infer V> ? V : never;

/** Something that a person does about an alarm; what needs no reason needs no body. */
export const POST: RequestHandler = async (event) => {
	try {
		const verb = event.params.verb as Verb;
		if (!VERBS.has(verb)) throw new Problem('not_found', 404, 'There is no such path; see /api/v1/openapi.json.');
		const who = viewer(event, 'alarm.write');
		const id = number(event.params.id);
		const { client, config, live } = event.locals.app;
		const given =
			event.request.headers.get('content-length') === '0' || !event.request.body ? {} : await body(event.request);
		const changed =
			verb === 'shelve'
				? await act.shelve(client, who, id, given, config.WATCHFLOOR_SHELVE)
				: await act[verb](client, who, id, given);
		await live.caughtUp();
		return json(changed);
	} catch (e) {
		return problem(e, event);
	}
};

import type { RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import { forbidden, invalid, Problem, unauthenticated } from '$lib/core/error';
import { may, type Right, type Viewer } from '$lib/core/viewer';
import type { Rules } from '$lib/server/store/incident';

/** The viewer of a request who has the right. @throws Problem 401 or 403 */
export function viewer({ locals }: RequestEvent, right: Right): Viewer {
	if (!locals.grant) throw unauthenticated();
	if (!locals.viewer || !may(locals.viewer, right))
		throw forbidden(locals.viewer ? undefined : 'A source may only deliver its reports.');
	return locals.viewer;
}

/** The query of a request by its schema; an empty parameter counts as absent. @throws Problem 400 that names the parameter */
export function query<S extends z.ZodType>(url: URL, schema: S): z.output<S> {
	const given = Object.fromEntries([...url.searchParams].filter(([, value]) => value !== ''));
	const parsed = schema.safeParse(given);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	throw invalid(`${issue.path.join('.')}: ${issue.message}`, { path: issue.path.join('.') });
}

/** Epoch seconds of an ISO 8601 time. */
export const seconds = (iso: string): number => Date.parse(iso) / 1000;
/** ISO 8601 of epoch seconds. */
export const iso = (s: number | null): string | null => (s === null ? null : new Date(s * 1000).toISOString());

/** Characters of a JSON body at the most. */
const LONGEST = 1_048_576;

/** The JSON body of a request. @throws Problem 400, 413 */
export async function body(request: Request): Promise<unknown> {
	if (Number(request.headers.get('content-length')) > LONGEST)
		throw new Problem('too_large', 413, `The body has more than ${LONGEST} bytes.`);
	const text = await request.text();
	if (text.length > LONGEST) throw new Problem('too_large', 413, `The body has more than ${LONGEST} characters.`);
	try {
		return JSON.parse(text);
	} catch {
		throw invalid('The body is not JSON.');
	}
}

/** What incidents are checked against. */
export const rules = ({ reference, config, mode }: App.Locals['app']): Rules => ({
	reference,
	prefix: config.WATCHFLOOR_INCIDENT_PREFIX,
	exercise: mode === 'exercise'
});

import { isHttpError } from '@sveltejs/kit';
import { isProblem, Problem } from '$lib/core/error';

/**
 * Errors as programs see them: `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `code`, `detail`
 * (a sentence for a person) and `error_id`, and whatever else the problem tells about itself.
 */

const TITLES: Record<number, string> = {
	400: 'Bad request',
	401: 'Unauthenticated',
	403: 'Forbidden',
	404: 'Not found',
	405: 'Method not allowed',
	406: 'Not acceptable',
	409: 'Conflict',
	412: 'Precondition failed',
	413: 'Too large',
	415: 'Unsupported format',
	422: 'Unprocessable',
	428: 'Precondition required',
	429: 'Too much at once',
	500: 'Server error',
	503: 'Not available now'
};

/** What is used of a request's event. */
type Event = {
	locals: { id: string; app: Pick<App.Locals['app'], 'log' | 'metrics'> };
	route: { id: string | null };
	request: { method: string };
};

/**
 * The answer to anything thrown in a route of the interface. What is not ours is logged under the error id and told to
 * nobody: it may hold a query, a path, a password.
 */
export function problem(e: unknown, event: Event): Response {
	const { id, app } = event.locals;
	const known = recognise(e);
	const cause = sqlstate(e);
	if (cause) app.metrics.queries.inc({ code: cause });
	if (!known || cause)
		app.log[known ? 'warn' : 'error'](
			{ id, err: e, route: event.route.id, method: event.request.method },
			'request failed'
		);
	return write(known ?? new Problem('internal', 500, 'Something went wrong on our side. It has been recorded.'), id);
}

/** An answer of the interface that the framework made by itself (no such path, no such method), as a problem. */
export function gap(answer: Response, event: Event): Response {
	if (answer.status < 400 || answer.headers.get('content-type')?.startsWith('application/problem+json')) return answer;
	const [code, message] =
		answer.status === 404
			? ['not_found', 'There is no such path; see /api/v1/openapi.json.']
			: answer.status === 405
				? ['method_not_allowed', 'This path does not know that method.']
				: answer.status >= 500
					? ['internal', 'Something went wrong on our side. It has been recorded.']
					: ['invalid', 'The request cannot be answered.'];
	const made = write(new Problem(code, answer.status, message), event.locals.id);
	const allow = answer.headers.get('allow');
	if (allow) made.headers.set('allow', allow);
	return made;
}

function write(p: Problem, id: string): Response {
	const { retryAfter, ...detail } = p.detail;
	const body = {
		...detail,
		type: 'about:blank',
		title: TITLES[p.status] ?? 'Error',
		status: p.status,
		code: p.code,
		detail: p.message,
		error_id: id
	};
	const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
	if (typeof retryAfter === 'number') headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfter)));
	if (p.status === 401) headers['www-authenticate'] = 'Bearer realm="watchfloor"';
	return new Response(JSON.stringify(body), { status: p.status, headers });
}

/** Ours as it is; what the database says about itself in our words; undefined for what nobody foresaw. */
function recognise(e: unknown): Problem | undefined {
	if (isProblem(e)) return e;
	if (isHttpError(e))
		return new Problem(
			e.status === 413 ? 'too_large' : e.status === 404 ? 'not_found' : 'invalid',
			e.status,
			e.body.message
		);
	const code = sqlstate(e);
	if (code === '57014')
		return new Problem('too_slow', 503, 'This took too long: narrow the time range.', { retryAfter: 1 });
	if (code && lost(code))
		return new Problem('database', 503, 'The database cannot be reached now; try again.', { retryAfter: 1 });
	// SQLSTATE class 22: a value that the database cannot hold, such as half a character.
	if (code?.startsWith('22'))
		return new Problem('invalid', 400, 'A value in the request cannot be stored or compared.');
	return undefined;
}

/** Codes with which PostgreSQL refuses or ends connections, and those of the driver and the network. */
const lost = (code: string) =>
	/^(08|57P0|53300)/.test(code) ||
	/^CONNECT/.test(code) ||
	['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(
		code
	);

/** The code that the database or its connection gave, however deep it is wrapped; undefined when it was neither. */
function sqlstate(e: unknown): string | undefined {
	for (let at: unknown = e, n = 0; at instanceof Error && n < 5; at = at.cause, n++) {
		if (isProblem(at) || !('code' in at) || typeof at.code !== 'string') continue;
		if (at.name === 'PostgresError' || (lost(at.code) && !('path' in at))) return at.code;
	}
	return undefined;
}

import { isProblem, Problem } from '$lib/core/error';

/** What went wrong with a fetch, in words for people: no query, no credentials, nothing of what the other side has written. */

/** An address as people may see it: without its query, and never a name or password in it. */
export const show = (url: URL): string => `${url.origin}${url.pathname}`.slice(0, 200);

/** An answer that is none: its status, and how long the server wants to be left alone (seconds). */
export const refusal = (url: URL, status: number, retryAfter?: number): Problem =>
	new Problem(
		'answer',
		502,
		`The server answered ${status}${MEANING.get(status) ?? ''} for ${show(url)}.`,
		retryAfter === undefined ? { status } : { status, retryAfter }
	);

/** The server says that this one thing is not to be had; it may have others. */
export const isGone = (e: unknown): e is Problem =>
	isProblem(e) && e.code === 'answer' && [403, 404, 410].includes(Number(e.detail.status));

/** It is there, and larger than is taken. */
export const isLarge = (e: unknown): e is Problem => isProblem(e) && e.code === 'too_large';

const MEANING = new Map([
	[401, ' (the secret is missing or not the right one)'],
	[403, ' (forbidden)'],
	[404, ' (not found)'],
	[406, ' (it does not speak this version)'],
	[429, ' (too many requests)'],
	[503, ' (not available)']
]);

/** Whatever a request throws, as a problem of ours. */
export function explain(e: unknown, url: URL): unknown {
	if (isProblem(e)) return e;
	const say = (what: string) => new Problem('fetch', 502, what);
	const code = codeOf(e);
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA')
		return say(`The name ${url.hostname} is not known${code === 'EAI_AGAIN' ? ' just now' : ''}.`);
	if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
		return say(`No connection to ${url.host} came about in time (WATCHFLOOR_FETCH_CONNECT).`);
	if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
		return say(`The server went silent in the middle of ${show(url)} (WATCHFLOOR_FETCH_IDLE).`);
	if (e instanceof Error && e.name === 'TimeoutError')
		return say(`The answer for ${show(url)} took too long (WATCHFLOOR_FETCH_TIME).`);
	if (e instanceof Error && e.name === 'AbortError') return e;
	if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code))
		return say(`The certificate or the encryption of ${url.host} is not trusted (${code}).`);
	if (code === 'ECONNREFUSED') return say(`Nobody listens at ${url.host}.`);
	if (e instanceof Error && e.name === 'HTTPParserError') return say(`What answers at ${url.host} speaks no HTTP.`);
	if (code) return say(`The connection to ${url.host} failed (${code}).`);
	return e;
}

/** The code of an error, or of the first one of several that it stands for. */
function codeOf(e: unknown): string {
	if (e instanceof AggregateError && e.errors.length) return codeOf(e.errors[0]);
	if (!(e instanceof Error)) return '';
	if ('code' in e && typeof e.code === 'string') return e.code;
	return e.cause ? codeOf(e.cause) : '';
}

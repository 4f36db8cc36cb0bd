import { randomBytes } from 'node:crypto';
import { isHttpError, type Handle, type HandleServerError, type RequestEvent, type ServerInit } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { building } from '$app/environment';
import { forbidden } from '$lib/core/error';
import { COOKIE, parse } from '$lib/core/theme';
import { may } from '$lib/core/viewer';
import * as access from '$lib/server/access';
import { compose } from '$lib/server/app';
import * as shared from '$lib/server/shared';
import { gap, problem } from './routes/api/problem';
import { login } from './routes/login/way';

/** Composes the product once per process; `main.ts` takes the same instance from `shared`. */
export const init: ServerInit = async () => {
	if (!building) shared.set(await compose(process.env));
};

/** Doors that a stranger may knock at. The interfaces answer for themselves, with 401 and not with a page. */
const OPEN = ['/login', '/setup', '/logout', '/healthz', '/readyz', '/metrics'];
const interfaces = (path: string) => path.startsWith('/api/');
const open = (path: string) => interfaces(path) || OPEN.includes(path);
const SAFE = ['GET', 'HEAD', 'OPTIONS'];
/** Bytes of a form at the most, apart from the table that constituents come in. Reports come in elsewhere, under limits of their own. */
const FORM = 256 * 1024;
const TABLE = '/constituents';

/** Who asks, and under which name it stands in the log. Measures and logs the answer; never a query, which may hold a secret. */
const identify: Handle = async ({ event, resolve }) => {
	const began = performance.now();
	const app = shared.get();
	const id = randomBytes(8).toString('hex');
	Object.assign(event.locals, { app, id, grant: null, viewer: null });
	event.locals.grant = await app.access.request(event.request.headers);
	event.locals.viewer = access.viewer(event.locals.grant);
	const answer = secure(event, await resolve(event));
	const seconds = (performance.now() - began) / 1000;
	const route = event.route.id ?? 'none';
	app.metrics.requests.observe({ route, status: answer.status }, seconds);
	app.log.debug(
		{
			id,
			method: event.request.method,
			route,
			path: event.url.pathname,
			status: answer.status,
			ms: Math.round(seconds * 1000),
			as: event.locals.grant?.id
		},
		'request'
	);
	return answer;
};

/**
 * Turns strangers to the sign-in. A change that a cookie authorises must come from our own pages, and so must every
 * form: a foreign page could sign somebody in as somebody else. A bearer token is never sent by a browser on its own.
 */
const guard: Handle = async ({ event, resolve }) => {
	const path = event.url.pathname;
	const { app, grant, viewer } = event.locals;
	if (!SAFE.includes(event.request.method)) {
		const bearer = /^bearer(\s|$)/i.test(event.request.headers.get('authorization') ?? '');
		const page = !interfaces(path);
		if ((page || (grant && !bearer)) && !app.access.own(event.request.headers)) {
			if (!page)
				return problem(
					forbidden('A change that a cookie authorises must come from our own pages: send a bearer token.'),
					event
				);
			return new Response(
				'This form was not sent from our own pages. Is ORIGIN set to the address that the browser shows?',
				{ status: 403 }
			);
		}
		const length = event.request.headers.get('content-length');
		const table = path === TABLE && viewer && may(viewer, 'constituent.write') ? app.config.WATCHFLOOR_MAX_IMPORT : 0;
		if (page && (length === null || !(Number(length) <= FORM + table)))
			return new Response('This form is too large, or does not say how large it is.', {
				status: length === null ? 411 : 413
			});
	}
	if (!viewer && !open(path))
		return new Response(null, { status: 303, headers: { location: login(path + event.url.search) } });
	const answer = await resolve(event, { transformPageChunk: themed(event) });
	return interfaces(path) ? gap(answer, event) : answer;
};

/** Writes the chosen theme into the page's first tag, which app.html begins with: a script would come after a flash of the other. */
function themed(event: RequestEvent) {
	let begun = false;
	return ({ html }: { html: string }) => {
		if (begun) return html;
		begun = true;
		return html.replace('data-theme="system"', `data-theme="${parse(event.cookies.get(COOKIE))}"`);
	};
}

export const handle = sequence(identify, guard);

/** What every answer carries. Pages bring their own content policy with a nonce; everything else may load nothing. */
function secure(event: RequestEvent, from: Response): Response {
	const answer = new Response(from.body, from);
	const set = (name: string, value: string) => answer.headers.has(name) || answer.headers.set(name, value);
	set('x-content-type-options', 'nosniff');
	// Not no-referrer: with it a browser sends `Origin: null` with our own forms, too.
	set('referrer-policy', 'same-origin');
	set('x-frame-options', 'DENY');
	set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
	set('cross-origin-opener-policy', 'same-origin');
	set('cross-origin-resource-policy', 'same-origin');
	set('content-security-policy', "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
	set('cache-control', 'private, no-store');
	set('x-request-id', event.locals.id);
	if (event.locals.app.access.cookies.secure) set('strict-transport-security', 'max-age=31536000');
	return answer;
}

/** A person gets a sentence and a name for it; the log gets the rest. */
export const handleError: HandleServerError = ({ error, event, status, message }) => {
	const { id, app } = event.locals;
	if (status === 404) return { message: 'There is no such page.', id };
	if (status < 500) return { message, id };
	if (!isHttpError(error))
		app?.log.error({ id, err: error, route: event.route.id, method: event.request.method }, 'request failed');
	return { message: 'Something went wrong on our side. It has been recorded.', id };
};

import type { RequestHandler } from '@sveltejs/kit';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
/** How this machine calls itself; a proxy passes on the name that it was asked for. */
const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const FORWARDED = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded', 'x-real-ip', 'via'];

/**
 * Measurements for Prometheus: for whoever asks from this machine itself, and for operators with a token. They count
 * reports of every marking, so a proxy must not pass them on: one that says that it forwards is refused.
 */
export const GET: RequestHandler = async ({ locals, getClientAddress, request, url }) => {
	const near =
		!FORWARDED.some((name) => request.headers.has(name)) &&
		LOCAL.test(url.hostname) &&
		LOOPBACK.test(address(getClientAddress));
	if (!near && !['operator', 'admin'].includes(locals.viewer?.role ?? ''))
		return new Response('Ask from this machine, or with the token of an operator.\n', { status: 403 });
	const { registry } = locals.app.metrics;
	return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
};

/** Empty when the address is to be taken from a header (ADDRESS_HEADER) that this request lacks. */
function address(get: () => string): string {
	try {
		return get();
	} catch {
		return '';
	}
}

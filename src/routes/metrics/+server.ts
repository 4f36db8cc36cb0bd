import type { RequestHandler } from '@sveltejs/kit';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Measurements for Prometheus: for whoever asks from this machine itself, and for operators with a token. They count
 * reports of every marking, so a proxy must not pass them on: one that says that it forwards is refused.
 */
export const GET: RequestHandler = async ({ locals, getClientAddress, request }) => {
	const near =
		!request.headers.has('x-forwarded-for') &&
		!request.headers.has('forwarded') &&
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

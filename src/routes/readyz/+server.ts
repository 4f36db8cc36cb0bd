import type { RequestHandler } from '@sveltejs/kit';

/** Ready to serve: the database answers and the picture moves. */
export const GET: RequestHandler = async ({ locals }) =>
	(await locals.app.ready())
		? new Response('ready\n')
		: new Response('not ready\n', { status: 503, headers: { 'retry-after': '1' } });

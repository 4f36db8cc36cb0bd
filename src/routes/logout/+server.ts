import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Ends the session, and forgets the token of a wall in this browser (the token itself lives until it is revoked). */
export const POST: RequestHandler = async ({ locals, cookies, request }) => {
	const names = locals.app.access.cookies;
	if (cookies.get(names.session)) await locals.app.access.leave(request.headers);
	for (const name of [names.session, names.token])
		cookies.delete(name, { path: '/', httpOnly: true, secure: names.secure });
	redirect(303, '/login');
};

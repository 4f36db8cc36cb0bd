import { redirect, type RequestHandler } from '@sveltejs/kit';
import { COOKIE, parse, YEAR } from '$lib/core/theme';
import { inside } from '../login/way';

/** Keeps the theme that somebody chose, and goes back to where that was: the way for a browser without JavaScript. */
export const POST: RequestHandler = async ({ request, cookies, locals }) => {
	const form = await request.formData();
	const theme = parse(form.get('theme'));
	const secure = locals.app.access.cookies.secure;
	// Not httpOnly: with JavaScript the page changes it without a request.
	if (theme === 'system') cookies.delete(COOKIE, { path: '/', secure, httpOnly: false });
	else cookies.set(COOKIE, theme, { path: '/', maxAge: YEAR, sameSite: 'lax', secure, httpOnly: false });
	redirect(303, inside(form.get('back')) ?? '/');
};

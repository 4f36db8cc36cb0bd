import { fail, redirect } from '@sveltejs/kit';
import { isProblem } from '$lib/core/error';
import type { Actions, PageServerLoad } from './$types';

/** Only while there is nobody; afterwards there is nothing to see here. */
export const load: PageServerLoad = async ({ locals }) => {
	if (!(await locals.app.access.vacant())) redirect(303, '/login');
};

export const actions: Actions = {
	default: async (event) => {
		const form = await event.request.formData();
		const text = (name: string) => {
			const value = form.get(name);
			return typeof value === 'string' ? value : '';
		};
		const given = { code: text('code').trim(), name: text('name').trim(), email: text('email').trim() };
		const { access } = event.locals.app;
		try {
			const who = await access.redeem({ ...given, password: text('password') });
			const cookie = await access.enter({
				...who,
				address: event.getClientAddress(),
				agent: event.request.headers.get('user-agent') ?? ''
			});
			event.cookies.set(cookie.name, cookie.value, {
				path: '/',
				httpOnly: true,
				sameSite: 'lax',
				secure: access.cookies.secure,
				maxAge: cookie.maxAge
			});
		} catch (e) {
			if (isProblem(e)) return fail(e.status, { ...given, message: sentence(e.message) });
			throw e;
		}
		redirect(303, '/wall');
	}
};

/** `password has 12 characters or more.` as a person reads it. */
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

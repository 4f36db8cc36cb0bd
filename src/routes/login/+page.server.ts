import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { isProblem } from '$lib/core/error';
import * as access from '$lib/server/access';
import { FOREVER } from '$lib/server/access/cookie';
import { home, inside } from './way';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	// a database that is away is no reason to hide the form
	const vacant = await locals.app.access.vacant().catch(() => false);
	return { next: inside(url.searchParams.get('next')), vacant };
};

export const actions: Actions = {
	/** E-mail address and password. */
	person: async (event) => {
		const form = await event.request.formData();
		const email = text(form, 'email').trim();
		const password = text(form, 'password');
		const next = inside(form.get('next'));
		const told = (status: number, message: string) => fail(status, { form: 'person' as const, email, next, message });
		if (!email || !password) return told(400, 'Enter your e-mail address and your password.');
		const { app } = event.locals;
		try {
			const cookie = await app.access.enter({
				email,
				password,
				address: event.getClientAddress(),
				agent: event.request.headers.get('user-agent') ?? ''
			});
			await empty(event);
			event.cookies.set(cookie.name, cookie.value, { ...kept(event), sameSite: 'lax', maxAge: cookie.maxAge });
			const viewer = access.viewer(
				await app.access.request(new Headers({ cookie: `${cookie.name}=${encodeURIComponent(cookie.value)}` }))
			);
			if (!viewer) return told(403, 'Your role is not known to this version. Ask your administrator.');
			redirect(303, next ?? home(viewer.role));
		} catch (e) {
			if (!isProblem(e)) throw e;
			if (typeof e.detail.retryAfter === 'number') event.setHeaders({ 'retry-after': String(e.detail.retryAfter) });
			return told(e.status, e.message);
		}
	},

	/** The token of a wall, a kiosk or a program. */
	token: async (event) => {
		const form = await event.request.formData();
		const token = text(form, 'token').trim();
		const next = inside(form.get('next'));
		const told = (status: number, message: string) => fail(status, { form: 'token' as const, next, message });
		if (!token) return told(400, 'Paste a token.');
		const { app } = event.locals;
		const grant = await app.access.request(new Headers({ authorization: `Bearer ${token}` }));
		if (!grant) return told(401, 'This token is not known: it is mistyped, expired or revoked.');
		const viewer = access.viewer(grant);
		if (!viewer) return told(403, 'This token delivers reports for a source; it opens no screen.');
		await empty(event);
		event.cookies.set(app.access.cookies.token, token, { ...kept(event), sameSite: 'strict', maxAge: FOREVER });
		redirect(303, next ?? home(viewer.role));
	}
};

const text = (form: FormData, name: string) => {
	const value = form.get(name);
	return typeof value === 'string' ? value : '';
};

const kept = (event: RequestEvent) => ({ path: '/', httpOnly: true, secure: event.locals.app.access.cookies.secure });

/** Whoever was signed in here before is no longer. */
async function empty(event: RequestEvent): Promise<void> {
	const { cookies, leave } = event.locals.app.access;
	if (event.cookies.get(cookies.session)) await leave(event.request.headers);
	event.cookies.delete(cookies.session, kept(event));
	event.cookies.delete(cookies.token, kept(event));
}

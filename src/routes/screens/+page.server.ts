import { fail } from '@sveltejs/kit';
import { may } from '$lib/core/viewer';
import * as screen from '$lib/server/store/screen';
import { act, enter, read, texts } from '../desk';
import * as fields from './fields';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'screen.read');
	event.depends('screens');
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		screens: await read(screen.list(app.client, viewer)),
		at: Date.now() / 1000,
		mayChange: may(viewer, 'screen.write')
	};
};

/** Sets the screen of a form that still has the version that was read. */
async function set(event: RequestEvent, given: (form: FormData) => unknown) {
	const { app, viewer } = enter(event, 'screen.write');
	const form = await event.request.formData();
	const { name, version } = texts(form, ['name', 'version']);
	if (!/^\d{1,9}$/.test(version)) return fail(400, { name, message: 'version: is missing.', code: 'invalid' });
	const done = await act(
		() => screen.change(app.client, viewer, { name, version: Number(version) }, given(form), app.reference),
		{ name }
	);
	return done.failure ?? { name, done: true, message: `${name} follows.` };
}

export const actions: Actions = {
	/** All of how a screen is set. */
	change: (event) => set(event, fields.read),
	/** One scene at once, and nothing else. */
	show: (event) => set(event, (form) => ({ scenes: [form.get('kind')], paused: false })),
	pause: (event) => set(event, (form) => ({ paused: form.get('paused') === 'true' }))
};

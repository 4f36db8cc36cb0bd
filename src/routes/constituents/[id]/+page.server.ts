import { redirect } from '@sveltejs/kit';
import { invalid, missing } from '$lib/core/error';
import { may } from '$lib/core/viewer';
import * as constituent from '$lib/server/store/constituent';
import { act, enter, read, texts } from '../../desk';
import type { Actions, PageServerLoad } from './$types';

/** Characters of assets that a form still holds; more are changed by a table. */
const EDITABLE = 150_000;
/** Assets of a page that are shown where they cannot be edited. */
const SHOWN = 2000;

const number = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : 0);

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'constituent.read');
	const id = number(event.params.id);
	const found = await read(id ? constituent.get(app.client, viewer, id) : Promise.reject(missing('The constituent')));
	const size = found.assets.reduce((sum, a) => sum + a.value.length + 1, 0);
	const mayChange = may(viewer, 'constituent.write');
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		constituent: found.constituent,
		count: found.assets.length,
		assets: size <= EDITABLE && mayChange ? found.assets : found.assets.slice(0, SHOWN),
		mayChange,
		editable: size <= EDITABLE
	};
};

export const actions: Actions = {
	change: async (event) => {
		const { app, viewer } = enter(event, 'constituent.write');
		const form = await event.request.formData();
		const entered = texts(form, ['organisation', 'sector', 'province', 'team', 'assets']);
		const was = { id: number(event.params.id), version: Number(form.get('version')) };
		const work = await act(() => constituent.put(app.client, viewer, app.reference, entered, was), { entered });
		return work.failure ?? { done: true, overlaps: work.done.overlaps };
	},
	remove: async (event) => {
		const { app, viewer } = enter(event, 'constituent.write');
		const form = await event.request.formData();
		const work = await act(async () => {
			if (form.get('sure') !== 'yes') throw invalid('Say that you are sure, then remove it.');
			await constituent.remove(app.client, viewer, number(event.params.id), Number(form.get('version')));
		}, {});
		if (work.failure) return work.failure;
		redirect(303, '/constituents');
	}
};

import { fail, redirect } from '@sveltejs/kit';
import { number } from '$lib/core/campaign';
import { missing } from '$lib/core/error';
import { may } from '$lib/core/viewer';
import * as campaign from '$lib/server/store/campaign';
import { change, merge, split } from '$lib/server/store/campaign/change';
import { act, enter, read, texts } from '../../desk';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const named = async (text: string): Promise<number> => {
	const id = number(text);
	if (id === undefined) throw missing('The campaign');
	return id;
};

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'campaign.read');
	event.depends('campaign:one');
	const id = await read(named(event.params.id));
	const found = await read(campaign.get(app.client, viewer, id));
	// What became part of another is read there; one address for one campaign.
	if (String(found.id) !== event.params.id) redirect(307, `/campaigns/${found.id}`);
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		campaign: found,
		mayChange: may(viewer, 'campaign.write') && !viewer.sectors && !viewer.provinces,
		scoped: viewer.sectors !== null || viewer.provinces !== null
	};
};

/** A form of the page: its version, and what it says. */
async function form<T>(
	event: RequestEvent,
	work: (given: {
		client: App.Locals['app']['client'];
		viewer: NonNullable<App.Locals['viewer']>;
		id: number;
		version: number;
		text: Record<'name' | 'note' | 'from', string>;
		members: string[];
	}) => Promise<T>
) {
	const { app, viewer } = enter(event, 'campaign.write');
	const data = await event.request.formData();
	const text = texts(data, ['name', 'note', 'from']);
	const id = await read(named(event.params.id));
	const members = data.getAll('member').filter((m): m is string => typeof m === 'string');
	return act(() => work({ client: app.client, viewer, id, version: Number(data.get('version')), text, members }), {
		entered: text
	});
}

const said = (note: string) => (note ? { note } : {});

export const actions: Actions = {
	name: async (event) => {
		const done = await form(event, ({ client, viewer, id, version, text }) =>
			change(client, viewer, id, version, { name: text.name, ...said(text.note) })
		);
		return done.failure ?? { done: 'name' };
	},
	dismiss: async (event) => {
		const done = await form(event, ({ client, viewer, id, version, text }) =>
			change(client, viewer, id, version, { state: 'dismissed', ...said(text.note) })
		);
		return done.failure ?? { done: 'dismiss' };
	},
	reopen: async (event) => {
		const done = await form(event, ({ client, viewer, id, version, text }) =>
			change(client, viewer, id, version, { state: 'open', ...said(text.note) })
		);
		return done.failure ?? { done: 'reopen' };
	},
	merge: async (event) => {
		const done = await form(event, ({ client, viewer, id, version, text }) =>
			merge(client, viewer, id, version, { from: text.from.split(/[\s,]+/).filter(Boolean), ...said(text.note) })
		);
		return done.failure ?? { done: 'merge' };
	},
	split: async (event) => {
		const done = await form(event, async ({ client, viewer, id, version, text, members }) =>
			members.length
				? split(client, viewer, id, version, { members, ...(text.name ? { name: text.name } : {}), ...said(text.note) })
				: null
		);
		if (done.failure) return done.failure;
		if (!done.done)
			return fail(400, {
				code: 'invalid',
				message: 'Tick the values that go, in the table of what it shares.',
				entered: {}
			});
		redirect(303, `/campaigns/${done.done.id}`);
	}
};

import { error } from '@sveltejs/kit';
import { may } from '$lib/core/viewer';
import * as calendar from '$lib/server/store/calendar';
import { act, enter, read, texts } from '../desk';
import type { Actions, PageServerLoad } from './$types';

const FIELDS = ['id', 'version', 'kind', 'name', 'from', 'to', 'yearly', 'note'] as const;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'picture.read');
	event.depends('calendar:list');
	const now = Date.now() / 1000;
	const present = new Date((now + 5 * 3600) * 1000).getUTCFullYear();
	const asked = event.url.searchParams.get('year');
	const year = asked === null ? present : Number(asked);
	if (!Number.isInteger(year) || year < 2000 || year > 2100) error(400, 'The calendar goes from 2000 to 2100.');
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		year,
		present,
		entries: calendar.of(await read(calendar.list(app.client, viewer)), year),
		mayChange: may(viewer, 'calendar.write') && !viewer.sectors && !viewer.provinces
	};
};

/** The entry of a form; what the store does not take it says itself. */
const entry = ({ kind, name, from, to, yearly, note }: Record<(typeof FIELDS)[number], string>) =>
	({ kind, name, from, to: to || from, yearly: yearly !== '', note }) as calendar.Input;

export const actions: Actions = {
	add: async (event) => {
		const { app, viewer } = enter(event, 'calendar.write');
		const entered = texts(await event.request.formData(), FIELDS);
		const work = await act(() => calendar.add(app.client, viewer, entry(entered)), { entered });
		return work.failure ?? { done: `${work.done.name} is in the calendar.` };
	},
	change: async (event) => {
		const { app, viewer } = enter(event, 'calendar.write');
		const entered = texts(await event.request.formData(), FIELDS);
		const was = { id: Number(entered.id), version: Number(entered.version) };
		const work = await act(() => calendar.change(app.client, viewer, was, entry(entered)), { entered });
		return work.failure ?? { done: `${work.done.name} is changed, and confirmed by you.` };
	},
	remove: async (event) => {
		const { app, viewer } = enter(event, 'calendar.write');
		const entered = texts(await event.request.formData(), FIELDS);
		const was = { id: Number(entered.id), version: Number(entered.version) };
		const work = await act(() => calendar.remove(app.client, viewer, was), { entered });
		return work.failure ?? { done: `${work.done.name} is removed.` };
	}
};

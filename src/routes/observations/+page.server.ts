import { fail, redirect } from '@sveltejs/kit';
import { isProblem } from '$lib/core/error';
import { params, type Slice } from '$lib/core/slice';
import * as observation from '$lib/server/store/observation';
import * as slices from '$lib/server/store/slice';
import * as views from '$lib/server/store/view';
import { land } from '$lib/ui/map/land';
import { act, enter, read, texts } from '../desk';
import { line, settle, slice } from './part';
import type { Actions, PageServerLoad } from './$types';

const PATH = '/observations';
const LIMIT = 100;

/** What takes too long is told in its place; the rest of the page stands. */
async function patient<T>(work: Promise<T>): Promise<{ done: T; slow: null } | { done: null; slow: string }> {
	try {
		return { done: await work, slow: null };
	} catch (e) {
		if (isProblem(e) && e.code === 'too_slow') return { done: null, slow: e.message };
		throw e;
	}
}

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'observation.read');
	event.depends('observations:slice');
	const part = slice(event.url, app);
	settle(event.url, part, ['cursor', 'at']);
	const asked = event.url.searchParams;
	const at = Date.parse(asked.get('at') ?? '') / 1000 || undefined;
	// Before anything is counted: what comes between is told as news, and not missed.
	const view = app.live.view(viewer, {});
	const now = Date.now() / 1000;
	const patience = app.config.WATCHFLOOR_SEARCH_TIMEOUT;
	const drawn = await read(patient(slices.draw(app.client, viewer, part as observation.Slice, now, patience)));
	// The rows are those that are counted: the same minutes.
	const { from, to } = drawn.done ?? slices.range(part as observation.Slice, now);
	const reading: Slice = { ...part, from, ...(part.to === undefined ? {} : { to }) };
	const found = await read(
		patient(
			observation.list(
				app.client,
				viewer,
				{
					...reading,
					cursor: asked.get('cursor') || undefined,
					at,
					limit: LIMIT
				} as observation.Query,
				patience
			)
		)
	);
	const boundary = app.boundary();
	return {
		viewer: seat,
		views: await views.list(app.client, viewer, PATH),
		view,
		now,
		part,
		reading,
		range: { from, to },
		at: at ?? null,
		deep: asked.has('cursor'),
		drawn: drawn.done,
		slow: drawn.slow ?? found.slow,
		page: found.done
			? {
					rows: found.done.observations.map(line),
					next: found.done.next,
					previous: found.done.previous,
					more: found.done.more
				}
			: { rows: [], next: null, previous: null, more: false },
		land: land(boundary.name, boundary.topology)
	};
};

export const actions: Actions = {
	save: async (event) => {
		const { app, viewer } = enter(event, 'observation.read');
		const part = slice(event.url, app);
		const query = params(part).toString();
		const { name, shared } = texts(await event.request.formData(), ['name', 'shared']);
		const work = await act(
			() =>
				views.save(
					app.client,
					viewer,
					{ name, path: PATH, params: query, shared: shared !== '' },
					app.config.WATCHFLOOR_MAX_VIEWS
				),
			{ name }
		);
		if (work.failure) return work.failure;
		redirect(303, query ? `${PATH}?${query}` : PATH);
	},
	forget: async (event) => {
		const { app, viewer } = enter(event, 'observation.read');
		const query = params(slice(event.url, app)).toString();
		const { id } = texts(await event.request.formData(), ['id']);
		if (!/^\d{1,9}$/.test(id)) return fail(400, { message: 'Which view?', code: 'invalid', name: '' });
		const work = await act(() => views.remove(app.client, viewer, Number(id)), { name: '' });
		if (work.failure) return work.failure;
		redirect(303, query ? `${PATH}?${query}` : PATH);
	}
};

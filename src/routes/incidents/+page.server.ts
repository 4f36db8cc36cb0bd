import { fail, redirect } from '@sveltejs/kit';
import { may } from '$lib/core/viewer';
import * as incident from '$lib/server/store/incident';
import { act, enter, read, rules, texts } from '../desk';
import type { Actions, PageServerLoad } from './$types';

const LIMIT = 50;
const BEGUN = [
	'new.title',
	'new.type',
	'new.severity',
	'new.sector',
	'new.province',
	'new.tlp',
	'new.summary'
] as const;
const STATUS = ['open', 'closed', 'all'] as const;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'incident.read');
	event.depends('incidents:list');
	const filter = texts(event.url.searchParams, ['status', 'severity', 'sector', 'province', 'q', 'order', 'cursor']);
	const status = STATUS.find((s) => s === filter.status) ?? 'open';
	const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
	const order = filter.order === 'opened' ? 'opened' : 'severity';
	const page = await read(incident.list(app.client, viewer, { ...given, status, order, limit: LIMIT }));
	// What a new case is begun with, such as from an observation: `new.title`, `new.sector` …
	const draft = texts(event.url.searchParams, BEGUN);
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		...page,
		draft: BEGUN.some((name) => draft[name])
			? Object.fromEntries(BEGUN.map((name) => [name.slice('new.'.length), draft[name].slice(0, 2000)]))
			: null,
		filter: { ...filter, status, order },
		mayOpen: may(viewer, 'incident.write')
	};
};

export const actions: Actions = {
	open: async (event) => {
		const { app, viewer } = enter(event, 'incident.write');
		const entered = texts(await event.request.formData(), [
			'title',
			'type',
			'severity',
			'sector',
			'province',
			'team',
			'tlp',
			'summary'
		]);
		if (!entered.title) return fail(400, { ...entered, message: 'A case needs a title.', code: 'invalid' });
		const { sector, province, team, ...rest } = entered;
		const work = await act(
			() =>
				incident.open(
					app.client,
					viewer,
					{ ...rest, sector: sector || null, province: province || null, team: team || null },
					rules(app)
				),
			entered
		);
		if (work.failure) return work.failure;
		redirect(303, `/incidents/${work.done.id}`);
	}
};

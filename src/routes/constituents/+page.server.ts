import { invalid } from '$lib/core/error';
import { may } from '$lib/core/viewer';
import * as constituent from '$lib/server/store/constituent';
import { act, enter, read, texts } from '../desk';
import type { Actions, PageServerLoad } from './$types';

const LIMIT = 50;
const FIELDS = ['organisation', 'sector', 'province', 'team', 'assets'] as const;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'constituent.read');
	const filter = texts(event.url.searchParams, ['sector', 'province', 'team', 'q', 'cursor']);
	const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
	const [page, total] = await read(
		Promise.all([
			constituent.list(app.client, viewer, { ...given, limit: LIMIT }),
			constituent.count(app.client, viewer)
		])
	);
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		...page,
		total,
		filter,
		limit: app.config.WATCHFLOOR_MAX_IMPORT,
		mayChange: may(viewer, 'constituent.write')
	};
};

export const actions: Actions = {
	add: async (event) => {
		const { app, viewer } = enter(event, 'constituent.write');
		const entered = texts(await event.request.formData(), FIELDS);
		const work = await act(() => constituent.put(app.client, viewer, app.reference, entered), { entered });
		if (work.failure) return work.failure;
		const { constituent: added, overlaps } = work.done;
		return { added: { id: added.id, organisation: added.organisation }, overlaps };
	},
	import: async (event) => {
		const { app, viewer } = enter(event, 'constituent.write');
		const file = (await event.request.formData()).get('file');
		const work = await act(
			async () => {
				if (!(file instanceof File) || !file.size) throw invalid('Choose a table first: a CSV file that is not empty.');
				const limits = { size: app.config.WATCHFLOOR_MAX_IMPORT, rows: app.config.WATCHFLOOR_MAX_IMPORT_ROWS };
				return constituent.importCsv(app.client, viewer, app.reference, file.stream(), limits);
			},
			{ table: true }
		);
		if (work.failure) return work.failure;
		const name = file instanceof File ? file.name.slice(0, 120) : '';
		return { imported: { name, ...work.done }, overlaps: work.done.imported ? work.done.overlaps : null };
	}
};

import { DAY } from '$lib/core/clock';
import { guess, KINDS, type Kind } from '$lib/core/observable';
import * as indicator from '$lib/server/store/indicator';
import { enter, read, texts } from '../desk';
import type { PageServerLoad } from './$types';

const LIMIT = 50;
/** Days that "lately" means. */
const LATELY = 7;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'indicator.read');
	event.depends('indicators:list');
	const filter = texts(event.url.searchParams, ['value', 'kind', 'cursor']);
	const kind = KINDS.find((k) => k === filter.kind);
	const asked = filter.value !== '' || kind !== undefined || filter.cursor !== '';
	const [found, lately, known] = await read(
		Promise.all([
			asked
				? indicator.list(app.client, viewer, {
						value: filter.value || undefined,
						kind,
						cursor: filter.cursor || undefined,
						limit: LIMIT
					})
				: null,
			asked ? [] : indicator.lately(app.client, viewer, Date.now() / 1000 - LATELY * DAY),
			indicator.list(app.client, viewer, { limit: 1 })
		])
	);
	const meant: { kind: Kind; value: string } | undefined = filter.value ? guess(filter.value) : undefined;
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		filter,
		meant: meant ?? null,
		days: LATELY,
		found: found?.indicators ?? null,
		next: found?.next ?? null,
		lately,
		any: known.indicators.length > 0,
		scoped: viewer.sectors !== null || viewer.provinces !== null
	};
};

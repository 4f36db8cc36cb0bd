import { DAY } from '$lib/core/clock';
import { guess, KINDS } from '$lib/core/observable';
import * as indicator from '$lib/server/store/indicator';
import { enter, read, texts } from '../desk';
import type { PageServerLoad } from './$types';

const LIMIT = 50;
/** Days that "lately" means. */
const LATELY = 7;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'indicator.read');
	event.depends('indicators:list');
	// Before the list is read: what comes between the two is told as news, and not missed.
	const view = app.live.view(viewer, {});
	const asked = texts(event.url.searchParams, ['value', 'kind', 'cursor']);
	const kind = KINDS.find((k) => k === asked.kind);
	// No value holds the character that no text of the database can hold.
	const value = asked.value.replaceAll('\0', '');
	const search = value !== '' || kind !== undefined || asked.cursor !== '';
	const [found, lately, known] = await read(
		Promise.all([
			search
				? indicator.list(app.client, viewer, {
						value: value || undefined,
						kind,
						cursor: asked.cursor || undefined,
						limit: LIMIT
					})
				: null,
			search ? [] : indicator.lately(app.client, viewer, Date.now() / 1000 - LATELY * DAY, LIMIT),
			indicator.any(app.client, viewer)
		])
	);
	return {
		viewer: seat,
		view,
		filter: { value, kind: kind ?? '' },
		meant: value ? (guess(value) ?? null) : null,
		days: LATELY,
		found: found?.indicators ?? null,
		next: found?.next ?? null,
		lately,
		more: lately.length === LIMIT,
		any: known,
		scoped: viewer.sectors !== null || viewer.provinces !== null
	};
};

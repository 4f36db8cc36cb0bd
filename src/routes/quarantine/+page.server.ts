import { invalid } from '$lib/core/error';
import * as quarantine from '$lib/server/store/quarantine';
import { act, enter, read, texts } from '../desk';
import { find, plain } from './mark';
import type { Actions, PageServerLoad } from './$types';

/** Records of one page, and how much of each is shown before "show all". */
const LIMIT = 20;
const SHOWN = 4096;
/** Records that one press on "try all again" tries. */
const TRIED = 500;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'quarantine.read');
	const query = event.url.searchParams;
	const given = texts(query, ['source', 'code', 'cursor', 'whole']);
	const path = query.has('path') ? (query.get('path') ?? '') : undefined;
	const open = query.has('source') || query.has('code') || query.has('path');
	const [groups, page] = await read(
		Promise.all([
			quarantine.groups(app.client, viewer),
			open
				? quarantine.list(app.client, viewer, {
						source: given.source || undefined,
						code: given.code || undefined,
						path,
						cursor: given.cursor || undefined,
						limit: LIMIT
					})
				: null
		])
	);
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		groups: groups.map((g) => ({ ...g, reason: plain(g.reason) })),
		scoped: viewer.sectors !== null || viewer.provinces !== null,
		open: open ? { source: given.source, code: given.code, path } : null,
		next: page?.next ?? null,
		records: (page?.records ?? []).map(({ raw, ...record }) => {
			const whole = given.whole === String(record.id);
			const text = plain(whole ? raw : raw.slice(0, SHOWN));
			return {
				...record,
				reason: plain(record.reason),
				text,
				cut: whole ? raw.length < record.size && record.size > 65_536 : raw.length > SHOWN,
				mark: find(raw, record.path)
			};
		})
	};
};

/** Said in words, what came of trying records again. */
const said = (accepted: number, duplicates: number, held: number): string =>
	[
		accepted ? `${accepted} accepted` : '',
		duplicates ? `${duplicates} had been counted already` : '',
		held ? `${held} still cannot be read` : ''
	]
		.filter(Boolean)
		.join(', ') || 'Nothing was left to try';

export const actions: Actions = {
	one: async (event) => {
		const { app, viewer } = enter(event, 'quarantine.retry');
		const id = Number((await event.request.formData()).get('id'));
		const work = await act(
			async () => {
				if (!Number.isSafeInteger(id)) throw invalid('That is no record.');
				return app.ingest.retry(viewer, id);
			},
			{ id }
		);
		if (work.failure) return work.failure;
		const { result, reason } = work.done;
		return {
			id,
			done: result !== 'quarantined',
			message:
				result === 'accepted'
					? 'Accepted: it is counted now.'
					: result === 'duplicate'
						? 'It had been counted already.'
						: `Still cannot be read: ${reason ?? 'no reason was given'}`
		};
	},
	group: async (event) => {
		const { app, viewer } = enter(event, 'quarantine.retry');
		const form = await event.request.formData();
		const { source, code } = texts(form, ['source', 'code']);
		const path = String(form.get('path') ?? '');
		const work = await act(
			async () => {
				const count = { accepted: 0, duplicate: 0, quarantined: 0 };
				let cursor: string | undefined;
				for (let tried = 0; tried < TRIED;) {
					const { records, next } = await quarantine.list(app.client, viewer, {
						source,
						code,
						path,
						cursor,
						limit: 100
					});
					for (const record of records) count[(await app.ingest.retry(viewer, record.id)).result]++;
					tried += records.length;
					if (!next || !records.length) return said(count.accepted, count.duplicate, count.quarantined) + '.';
					cursor = next;
				}
				return `${said(count.accepted, count.duplicate, count.quarantined)}; ${TRIED} were tried, press again for more.`;
			},
			{ id: null }
		);
		return work.failure ?? { id: null, done: true, message: work.done };
	}
};

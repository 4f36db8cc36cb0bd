import { fail } from '@sveltejs/kit';
import { may } from '$lib/core/viewer';
import * as campaign from '$lib/server/store/campaign';
import * as incident from '$lib/server/store/incident';
import { act, enter, read, rules, texts } from '../../desk';
import type { Actions, PageServerLoad } from './$types';

/** Open campaigns that are looked through for those that touch the case's sector. */
const CAMPAIGNS = 50;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'incident.read');
	event.depends('incident:one');
	const found = await read(incident.get(app.client, viewer, event.params.id));
	const { sector } = found.incident;
	const open =
		sector && may(viewer, 'campaign.read')
			? await read(campaign.list(app.client, viewer, { state: 'open', limit: CAMPAIGNS }))
			: null;
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		...found,
		campaigns:
			open &&
			open.campaigns
				.filter((c) => c.sectors.includes(sector!))
				.slice(0, 5)
				.map(({ id, name }) => ({ id, name })),
		mayChange: may(viewer, 'incident.write')
	};
};

/** What the form may change. Each is sent beside what the form showed, so that only what a person touched is changed. */
const FIELDS = ['status', 'severity', 'team', 'sector', 'province', 'tlp'] as const;

export const actions: Actions = {
	change: async (event) => {
		const { app, viewer } = enter(event, 'incident.write');
		const form = await event.request.formData();
		const entered = texts(form, [...FIELDS, 'note']);
		const shown = texts(
			form,
			FIELDS.map((f) => `was-${f}` as const)
		);
		const touched = FIELDS.filter((f) => form.has(f) && entered[f] !== shown[`was-${f}`]);
		const values = {
			entered: { ...Object.fromEntries(touched.map((f) => [f, entered[f]])), note: entered.note } as Partial<
				Record<(typeof FIELDS)[number] | 'note', string>
			>
		};
		if (touched.includes('severity') && !entered.note)
			return fail(400, { ...values, code: 'invalid', message: 'Say in the note why the severity changes.' });
		if (touched.includes('status') && entered.status === 'closed' && !entered.note)
			return fail(400, { ...values, code: 'invalid', message: 'Say in the note how the case ended.' });
		if (!touched.length && !entered.note)
			return fail(400, { ...values, code: 'invalid', message: 'Nothing was changed, and no note was written.' });
		const change = Object.fromEntries(touched.map((f) => [f, entered[f] === '' ? null : entered[f]]));
		const version = Number(form.get('version'));
		const work = await act(
			() =>
				incident.change(
					app.client,
					viewer,
					event.params.id,
					version,
					entered.note ? { ...change, note: entered.note } : change,
					rules(app)
				),
			values
		);
		if (!work.failure) return { done: true };
		if (work.failure.status !== 412) return work.failure;
		return fail(412, {
			...values,
			code: 'precondition_failed',
			message: `Somebody has changed this case after version ${version}, which you saw; nothing of yours was stored. See what is new in the history. Your entries are kept: look at them again and send.`
		});
	}
};

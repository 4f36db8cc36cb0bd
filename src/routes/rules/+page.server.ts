import { fail } from '@sveltejs/kit';
import { may } from '$lib/core/viewer';
import * as rule from '$lib/server/store/rule';
import { act, enter, read, texts } from '../desk';
import * as fields from './fields';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'alarm.read');
	const rules = await read(rule.list(app.client, viewer));
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		rules: rules.map((r) => ({ ...r, fields: fields.of(r.kind) })),
		mayChange: may(viewer, 'rule.write') && !viewer.sectors && !viewer.provinces
	};
};

export const actions: Actions = {
	change: async (event) => {
		const { app, viewer } = enter(event, 'rule.write');
		const form = await event.request.formData();
		const { slug, version, priority, response } = texts(form, ['slug', 'version', 'priority', 'response']);
		const found = (await rule.list(app.client, viewer)).find((r) => r.slug === slug);
		if (!found) return fail(404, { slug, message: 'This rule does not exist.', code: 'not_found' });
		const done = await act(
			() =>
				rule.change(app.client, viewer, slug, Number(version), {
					priority,
					response,
					enabled: form.has('enabled'),
					params: fields.read(found.kind, form)
				}),
			{ slug }
		);
		if (done.failure) return done.failure;
		return { slug, done: true, message: `Stored as version ${done.done.version}; it holds from the next minute.` };
	}
};

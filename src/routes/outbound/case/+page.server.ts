import { error } from '@sveltejs/kit';
import { isAbuse, network } from '$lib/core/abuse';
import { may } from '$lib/core/viewer';
import * as notice from '$lib/server/store/notice';
import * as outbound from '$lib/server/store/outbound';
import { enter, read, texts } from '../../desk';
import { add, step } from '../entry';
import { rule } from '../filter';
import type { Actions, PageServerLoad } from './$types';

const LIMIT = 100;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'outbound.read');
	const asked = texts(event.url.searchParams, ['network', 'type']);
	const which = { network: network(asked.network), type: asked.type };
	if (!which.network || !isAbuse(which.type)) error(404, 'There is no such network or type of abuse.');
	const of = { network: which.network, type: which.type };
	const by = rule(app);
	const [opened, told] = await read(
		Promise.all([
			outbound.one(app.client, viewer, by, of),
			notice.list(app.client, viewer, { ...of, kind: undefined, limit: LIMIT })
		])
	);
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		...opened,
		notices: told.notices,
		more: told.next !== null,
		quiet: by.quiet,
		hostDays: outbound.HOSTS.days,
		mayWrite: may(viewer, 'outbound.write')
	};
};

export const actions: Actions = { add, step };

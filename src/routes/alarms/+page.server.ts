import { may } from '$lib/core/viewer';
import * as alarm from '$lib/server/store/alarm';
import { enter, read } from '../desk';
import * as deeds from './deeds';
import type { Actions, PageServerLoad } from './$types';

/** Alarms of before that are shown. */
const LATELY = 15;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'alarm.read');
	event.depends('alarms:list');
	const view = app.live.view(viewer, {});
	const [rate, { alarms: cleared }] = await read(
		Promise.all([
			alarm.rate(app.client, viewer, view.at),
			alarm.list(app.client, viewer, { state: 'cleared', limit: LATELY })
		])
	);
	return { viewer: seat, view, rate, cleared, mayAct: may(viewer, 'alarm.write') };
};

export const actions: Actions = deeds.actions;

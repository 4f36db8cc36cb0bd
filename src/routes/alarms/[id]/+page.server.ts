import { HOUR } from '$lib/core/clock';
import { missing } from '$lib/core/error';
import { may } from '$lib/core/viewer';
import * as alarm from '$lib/server/store/alarm';
import { enter, read } from '../../desk';
import * as deeds from '../deeds';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'alarm.read');
	event.depends('alarms:one');
	const { id } = event.params;
	const found = await read(
		/^\d{1,9}$/.test(id) ? alarm.get(app.client, viewer, Number(id)) : Promise.reject(missing('The alarm'))
	);
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		...found,
		mayAct: may(viewer, 'alarm.write'),
		/** hours that it can be put aside for */
		longest: Math.floor(app.config.WATCHFLOOR_SHELVE / HOUR)
	};
};

export const actions: Actions = deeds.actions;

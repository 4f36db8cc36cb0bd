import { type Actions, type RequestEvent } from '@sveltejs/kit';
import type { Alarm } from '$lib/core/alarm';
import { missing } from '$lib/core/error';
import { HOUR } from '$lib/core/clock';
import type { Viewer } from '$lib/core/viewer';
import * as act from '$lib/server/store/alarm/act';
import { act as attempt, enter, texts } from '../desk';

type Work = (
	app: App.Locals['app'],
	viewer: Viewer,
	id: number,
	given: Record<'note' | 'reason' | 'hours', string>
) => Promise<Alarm>;

/** An action of a page: the alarm is the one of the address, or that of the form. */
const deed = (did: string, work: Work) => async (event: RequestEvent) => {
	const { app, viewer } = enter(event, 'alarm.write');
	const form = await event.request.formData();
	const given = texts(form, ['id', 'note', 'reason', 'hours']);
	const id = event.params.id ?? given.id;
	const { note, reason, hours } = given;
	const entered = { id: Number(id), note, reason, hours };
	const done = await attempt(async () => {
		if (!/^\d{1,9}$/.test(id)) throw missing('The alarm');
		const after = await work(app, viewer, Number(id), given);
		await app.live.caughtUp();
		return after;
	}, entered);
	if (done.failure) return done.failure;
	return { id: Number(id), message: did, done: true };
};

/** What people do about alarms, as actions of both pages. */
export const actions = {
	acknowledge: deed('Acknowledged.', ({ client }, viewer, id, { note }) =>
		act.acknowledge(client, viewer, id, note ? { note } : {})
	),
	shelve: deed('Put aside.', ({ client, config }, viewer, id, { hours, reason }) =>
		act.shelve(
			client,
			viewer,
			id,
			{ until: new Date(Date.now() + (Number(hours) || 0) * HOUR * 1000).toISOString(), reason },
			config.WATCHFLOOR_SHELVE
		)
	),
	unshelve: deed('Back from the shelf.', ({ client }, viewer, id) => act.unshelve(client, viewer, id)),
	clear: deed('Cleared.', ({ client }, viewer, id, { reason }) => act.clear(client, viewer, id, { reason }))
} satisfies Actions;

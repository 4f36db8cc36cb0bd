import { fail } from '@sveltejs/kit';
import { HOUR, MINUTE } from '$lib/core/clock';
import { LEVELS } from '$lib/core/severity';
import { may } from '$lib/core/viewer';
import * as level from '$lib/server/store/level';
import { act, enter, texts } from '../desk';
import { moment, wall } from './time';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'picture.read');
	event.depends('levels:list');
	const view = app.live.view(viewer, {});
	return {
		viewer: seat,
		view,
		levels: await level.list(app.client.sql),
		/** tomorrow, to the minute: what the form begins with */
		until: wall(Math.ceil((view.at + 24 * HOUR) / MINUTE) * MINUTE),
		mayDeclare: may(viewer, 'level.declare') && !viewer.sectors && !viewer.provinces
	};
};

/** The number of the level that the form showed; null: none. */
const seen = (over: string): number | null => (over === '' ? null : Number(over));

export const actions: Actions = {
	/** Shows what would be declared, before it is. */
	check: async (event) => {
		enter(event, 'level.declare');
		const entered = texts(await event.request.formData(), ['level', 'reason', 'until', 'over']);
		const said = LEVELS.find((l) => l === entered.level);
		const until = moment(entered.until);
		if (!said) return fail(400, { entered, message: 'Choose a level.' });
		if (!entered.reason) return fail(400, { entered, message: 'Say why: everybody who sees the level reads it.' });
		if (until === undefined)
			return fail(400, { entered, message: 'Say until when it holds, such as 24 Nov 2026, 21:00.' });
		return { entered, confirm: { level: said, reason: entered.reason, until } };
	},
	declare: async (event) => {
		const { app, viewer } = enter(event, 'level.declare');
		const entered = texts(await event.request.formData(), ['level', 'reason', 'until', 'over']);
		const until = moment(entered.until);
		const work = await act(
			() =>
				level.declare(app.client, viewer, {
					level: entered.level,
					reason: entered.reason,
					until: until === undefined ? entered.until : new Date(until * 1000).toISOString(),
					over: seen(entered.over)
				}),
			{ entered }
		);
		if (work.failure) return work.failure;
		await app.live.caughtUp();
		return { done: 'Declared: every screen shows it now.' };
	},
	withdraw: async (event) => {
		const { app, viewer } = enter(event, 'level.declare');
		const taken = texts(await event.request.formData(), ['reason', 'over']);
		const work = await act(() => level.withdraw(app.client, viewer, { reason: taken.reason, over: seen(taken.over) }), {
			taken
		});
		if (work.failure) return work.failure;
		await app.live.caughtUp();
		return { done: 'Taken back: no level is declared now.' };
	}
};

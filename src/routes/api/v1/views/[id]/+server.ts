import type { RequestHandler } from '@sveltejs/kit';
import { missing } from '$lib/core/error';
import * as view from '$lib/server/store/view';
import { problem } from '../../../problem';
import { viewer } from '../../../viewer';

export const DELETE: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'view.write');
		const id = event.params.id ?? '';
		if (!/^[1-9]\d{0,8}$/.test(id)) throw missing('The view');
		await view.remove(event.locals.app.client, who, Number(id));
		return new Response(null, { status: 204 });
	} catch (e) {
		return problem(e, event);
	}
};

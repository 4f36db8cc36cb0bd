import { error, json } from '@sveltejs/kit';
import { close } from '$lib/ui/map/district';
import { enter } from '../../desk';
import type { RequestHandler } from './$types';

/** One province close up with its districts: for a map that is enlarged. They change with the server's settings only. */
export const GET: RequestHandler = (event) => {
	const { app } = enter(event, 'picture.read');
	const { name, topology, districts } = app.boundary();
	const found = close(name, topology, event.params.province);
	if (!found) error(404, 'The boundary set does not draw this province.');
	return json({ ...found, note: districts }, { headers: { 'cache-control': 'private, max-age=3600' } });
};

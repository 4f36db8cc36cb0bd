import { redirect } from '@sveltejs/kit';
import { land } from '$lib/ui/map/land';
import type { PageServerLoad } from './$types';

/** The picture as it stands, from memory, and the drawing of the boundaries. */
export const load: PageServerLoad = ({ locals }) => {
	if (!locals.viewer) redirect(303, '/login?next=/wall');
	const { name, topology } = locals.app.boundary();
	return { view: locals.app.live.view(locals.viewer, {}), land: land(name, topology) };
};

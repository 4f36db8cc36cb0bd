import { error } from '@sveltejs/kit';
import { enter } from '../../../../desk';
import type { RequestHandler } from './$types';

/** One image of the operator's tiles (`WATCHFLOOR_TILES`), for what is drawn under the provinces. */
export const GET: RequestHandler = async (event) => {
	const { app } = enter(event, 'picture.read');
	const { z, x, y } = event.params;
	if (!app.tiles) error(404, 'No tiles are configured here.');
	if (![z, x, y].every((n) => /^\d{1,8}$/.test(n))) error(404, 'There is no such tile.');
	const found = await app.tiles.tile(Number(z), Number(x), Number(y)).catch((e: unknown) => {
		if (e instanceof RangeError) error(404, 'There is no such tile.');
		throw e;
	});
	// Nothing to draw there: an answer without an image, which the map leaves empty.
	if (!found) return new Response(null, { status: 204, headers: { 'cache-control': 'private, max-age=3600' } });
	return new Response(found as Uint8Array<ArrayBuffer>, {
		headers: { 'content-type': app.tiles.type, 'cache-control': 'private, max-age=86400' }
	});
};

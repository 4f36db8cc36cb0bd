import { redirect } from '@sveltejs/kit';
import { name as named } from '$lib/core/screen';
import { FOREVER } from '$lib/server/access/cookie';
import { land } from '$lib/ui/map/land';
import type { PageServerLoad } from './$types';

/** Remembers the name of a screen that was given in its address. */
const COOKIE = 'watchfloor_screen';

/** The picture as it stands, from memory, the drawing of the boundaries, and how this screen is set. */
export const load: PageServerLoad = ({ locals, url, cookies }) => {
	const { app, viewer } = locals;
	if (!viewer) redirect(303, `/login?next=${encodeURIComponent(url.pathname + url.search)}`);
	const { name, topology } = app.boundary();
	const given = named(url.searchParams.get('screen'));
	if (given && given !== cookies.get(COOKIE))
		cookies.set(COOKIE, given, {
			path: '/wall',
			httpOnly: true,
			sameSite: 'strict',
			secure: app.access.cookies.secure,
			maxAge: FOREVER
		});
	// A desk that looks at the wall is no screen, unless it is given a name.
	const screen =
		given ?? named(cookies.get(COOKIE)) ?? (viewer.role === 'wall' ? named(viewer.name.slice(0, 64)) : null) ?? null;
	return {
		view: app.live.view(viewer, {}),
		land: land(name, topology),
		screen,
		told: (screen && app.live.screen(screen)) || null
	};
};

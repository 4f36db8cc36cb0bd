import { json, type RequestHandler } from '@sveltejs/kit';
import { version } from '$app/environment';
import { forbidden, invalid, isProblem } from '$lib/core/error';
import { may } from '$lib/core/viewer';
import { FOREVER } from '$lib/server/access/cookie';
import * as campaign from '$lib/server/store/campaign';
import * as screen from '$lib/server/store/screen';
import { problem } from '../../api/problem';
import { body, viewer } from '../../api/viewer';

/** Campaigns that a screen goes through at the most. */
const MOST = 12;

/**
 * A wall says that it is there, and hears which build serves it, how it is set, and which campaigns it may show. Without
 * a name it is nobody's screen: it hears of the build alone.
 */
export const POST: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'picture.read');
		const { app } = event.locals;
		// This path is a page's and not of the interface, whose guard asks for our own origin already.
		if (!app.access.own(event.request.headers)) throw forbidden();
		const parsed = screen.Said.safeParse(await body(event.request));
		if (!parsed.success) throw invalid(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
		const { name, ...said } = parsed.data;
		// A wall that is never closed would lose its cookie after 400 days: it gets it anew.
		const token = event.cookies.get(app.access.cookies.token);
		if (token)
			event.cookies.set(app.access.cookies.token, token, {
				path: '/',
				httpOnly: true,
				secure: app.access.cookies.secure,
				sameSite: 'strict',
				maxAge: FOREVER
			});
		// A screen that cannot be kept shows its picture all the same, and says why it cannot be set.
		let told = null;
		let refused = null;
		try {
			told = name === null ? null : await screen.say(app.client, who, { name, ...said });
		} catch (e) {
			if (!isProblem(e)) throw e;
			refused = e.message;
		}
		const campaigns =
			may(who, 'campaign.read') && told?.settings.scenes.includes('campaign')
				? (await campaign.list(app.client, who, { state: 'open', limit: MOST })).campaigns.map((c) => c.id)
				: [];
		return json({ build: version, told, refused, campaigns });
	} catch (e) {
		return problem(e, event);
	}
};

import * as campaign from '$lib/server/store/campaign';
import * as dossier from '$lib/server/store/dossier';
import { enter, read } from '../../desk';
import type { PageServerLoad } from './$types';

/** Rows of a dossier's sightings and claims at the most: so many mean that there are more. */
const SIGHTINGS = 1000;
const CLAIMS = 200;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'indicator.read');
	event.depends('indicators:one');
	const { sightings, ...indicator } = await read(dossier.open(app.client, viewer, event.params.id));
	const part = await read(campaign.of(app.client, viewer, indicator.id));
	const sums = new Map<number, number>();
	for (const s of sightings) sums.set(s.at, (sums.get(s.at) ?? 0) + s.count);
	const hours = [...sums].sort((a, b) => a[0] - b[0]);
	// The earliest hour of a list that was cut off may have been cut too.
	const cut = sightings.length >= SIGHTINGS;
	if (cut && hours.length > 1) hours.shift();
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		indicator,
		campaign: part && { id: part.id, name: part.name, sectors: part.sectors.length },
		withdrawn: indicator.claims.every((c) => c.revoked),
		hours,
		/** reports that are earlier than the timeline */
		earlier: cut ? Math.max(0, indicator.count - hours.reduce((sum, [, n]) => sum + n, 0)) : 0,
		more: { claims: indicator.claims.length >= CLAIMS, statements: indicator.statements.length >= CLAIMS },
		back: app.config.WATCHFLOOR_LOOKBACK,
		scoped: viewer.sectors !== null || viewer.provinces !== null
	};
};

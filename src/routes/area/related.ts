import { HOUR } from '$lib/core/clock';
import { may, type Viewer } from '$lib/core/viewer';
import * as campaign from '$lib/server/store/campaign';
import { hit } from '$lib/server/store/constituent/hit';
import * as indicator from '$lib/server/store/indicator';

/** How much of each is shown, and campaigns that are looked through. */
const MOST = 5;
const CAMPAIGNS = 50;

/**
 * What else is known of a sector or province: indicators seen in it in the last 24 hours, open campaigns that touch it,
 * constituents hit in the last hour. Each is null for a role that may not read it. `now` is epoch seconds.
 */
export async function related(
	app: App.Locals['app'],
	viewer: Viewer,
	kind: 'sector' | 'province',
	key: string,
	now: number
) {
	const here: Viewer = kind === 'sector' ? { ...viewer, sectors: [key] } : { ...viewer, provinces: [key] };
	const [hot, campaigns, hits] = await Promise.all([
		may(viewer, 'indicator.read') ? indicator.lately(app.client, here, now - 24 * HOUR, MOST) : null,
		may(viewer, 'campaign.read') ? campaign.list(app.client, viewer, { state: 'open', limit: CAMPAIGNS }) : null,
		hit(app.client, viewer, { [kind]: key }, now - HOUR, MOST)
	]);
	return {
		indicators: hot && hot.map(({ id, kind, value, tlp, count, last }) => ({ id, kind, value, tlp, count, last })),
		campaigns:
			campaigns &&
			campaigns.campaigns
				.filter((c) => (kind === 'sector' ? c.sectors : c.provinces).includes(key))
				.slice(0, MOST)
				.map(({ id, name, last, count, sectors, provinces }) => ({
					id,
					name,
					last,
					count,
					places: kind === 'sector' ? sectors.length : provinces.length
				})),
		hits
	};
}
export type Related = Awaited<ReturnType<typeof related>>;

import { isAbuse, network } from '$lib/core/abuse';
import { DAY } from '$lib/core/clock';
import { STANDINGS } from '$lib/core/remedy';
import { UNATTRIBUTED } from '$lib/core/sector';
import * as outbound from '$lib/server/store/outbound';
import { texts } from '../desk';

/** What an address asks for; `values` are its texts, `wrong` says what it names that nothing has. */
export function filter(params: URLSearchParams, app: App.Locals['app']) {
	const values = texts(params, ['type', 'network', 'sector', 'standing', 'sort']);
	const asked = network(values.network);
	const sector = values.sector === UNATTRIBUTED || app.reference.sectors.some((s) => s.slug === values.sector);
	const wrong =
		values.network && !asked
			? `"${values.network.slice(0, 60)}" is no network: write AS17557, 203.0.113.0/24 or 2001:db8::/48.`
			: null;
	const filter: outbound.Filter = {
		type: isAbuse(values.type) ? values.type : undefined,
		network: values.network ? (asked ?? '') || '-' : undefined,
		sector: sector ? values.sector : undefined,
		standing: STANDINGS.find((s) => s === values.standing),
		sort: outbound.SORTS.find((s) => s === values.sort)
	};
	return { values, wrong, filter };
}

/** By when what is quiet counts as remedied. */
export const rule = ({ config }: App.Locals['app']): outbound.Rule => ({
	quiet: Math.floor(config.WATCHFLOOR_REMEDIED / DAY),
	now: Date.now() / 1000
});

import { json, type RequestHandler } from '@sveltejs/kit';
import { number } from '$lib/core/campaign';
import { DAY, floor, MINUTE } from '$lib/core/clock';
import { invalid, missing } from '$lib/core/error';
import { Tally } from '$lib/core/tally';
import * as aggregate from '$lib/server/store/aggregate';
import * as campaign from '$lib/server/store/campaign';
import { close } from '$lib/ui/map/district';
import { problem } from '../../api/problem';
import { viewer } from '../../api/viewer';

/** What a scene shows and the live picture does not hold; asked for when it is entered, and then once a minute. */
export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'picture.read');
		const { app } = event.locals;
		const kind = event.url.searchParams.get('kind');
		const key = event.url.searchParams.get('key') ?? '';
		if (kind === 'campaign') {
			const id = number(key);
			if (id === undefined) throw missing('The campaign');
			const { history: _, byConstituent: __, shared, ...found } = await campaign.get(app.client, who, id);
			return json({ campaign: { ...found, values: shared.length } });
		}
		if (kind !== 'sector' && kind !== 'province') throw invalid('kind: is sector, province or campaign.');
		const scope = kind === 'sector' ? who.sectors : who.provinces;
		const known =
			kind === 'sector'
				? app.reference.sectors.some((s) => s.slug === key)
				: app.reference.provinces.some((p) => p.code === key);
		if (!known || (scope && !scope.includes(key))) throw missing(`This ${kind}`);
		const view = app.live.view(who, kind === 'sector' ? { sectors: [key] } : { provinces: [key] });
		const from = Tally.of(view.tally).shown[0] ?? view.at - DAY;
		const to = floor(view.at, MINUTE) + MINUTE;
		const count = (by: 'class' | 'province' | 'sector') =>
			aggregate.run(app.client, who, { by: [by], from, to, [kind]: key });
		const other = kind === 'sector' ? 'province' : 'sector';
		const [classes, others] = await Promise.all([count('class'), count(other)]);
		const boundary = app.boundary();
		return json({
			from,
			to,
			classes: classes.cells.map((c) => ({ key: c.class ?? '', n: c.count })),
			others: others.cells.map((c) => ({ key: c[other] ?? '', n: c.count })),
			close: kind === 'province' ? close(boundary.name, boundary.topology, key) : null
		});
	} catch (e) {
		return problem(e, event);
	}
};

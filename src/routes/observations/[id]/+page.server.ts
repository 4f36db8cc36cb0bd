import { DAY } from '$lib/core/clock';
import { isProblem } from '$lib/core/error';
import * as observation from '$lib/server/store/observation';
import * as slices from '$lib/server/store/slice';
import { enter, read } from '../../desk';
import { line } from '../part';
import type { PageServerLoad } from './$types';

/** Days around it in which others are looked for. */
const DAYS = 7;
/** Others that are shown. */
const FEW = 8;

export const load: PageServerLoad = async (event) => {
	const { app, viewer, seat } = enter(event, 'observation.read');
	const at = Number(event.url.searchParams.get('at') || NaN);
	const patience = app.config.WATCHFLOOR_SEARCH_TIMEOUT;
	const of = await read(
		observation.get(app.client, viewer, event.params.id, Number.isFinite(at) ? at : undefined, patience)
	);
	const by = of.sourceIp ?? of.fqdn ?? null;
	return {
		viewer: seat,
		view: app.live.view(viewer, {}),
		of,
		// It is counted after the page: a rare value among many observations takes its time.
		seen: by === null ? null : others(app, viewer, by, of, patience)
	};
};

type App = Parameters<PageServerLoad>[0]['locals']['app'];
type Viewer = NonNullable<Parameters<PageServerLoad>[0]['locals']['viewer']>;

/** Who else was hit: observations of the same value in the days around it, by sector, and the latest of them. */
async function others(app: App, viewer: Viewer, q: string, of: observation.Observation, patience: number) {
	const to = Math.min(of.observed + DAYS * DAY, Date.now() / 1000 + 60);
	const range = { from: to - DAYS * DAY, to };
	try {
		const [counted, list] = await Promise.all([
			slices.draw(app.client, viewer, { ...range, q }, to, patience),
			observation.list(app.client, viewer, { ...range, q, limit: FEW + 1 }, patience)
		]);
		return {
			q,
			...range,
			total: counted.total,
			sectors: counted.by.sector,
			rows: list.observations
				.filter((o) => o.id !== of.id)
				.slice(0, FEW)
				.map(line),
			slow: null
		};
	} catch (e) {
		return {
			q,
			...range,
			total: 0,
			sectors: [],
			rows: [],
			slow: isProblem(e) ? e.message : 'They could not be counted.'
		};
	}
}

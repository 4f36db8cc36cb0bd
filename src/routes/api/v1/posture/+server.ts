import { json, type RequestHandler } from '@sveltejs/kit';
import { due } from '$lib/core/incident';
import { LEVELS } from '$lib/core/severity';
import { health } from '$lib/core/source';
import { Tally } from '$lib/core/tally';
import { problem } from '../../problem';
import { iso, viewer } from '../../viewer';

/** How things stand, from the picture in memory: the declared level, the posture index with its reasons, open cases, counts by sector, sources. */
export const GET: RequestHandler = async (event) => {
	try {
		const view = event.locals.app.live.view(viewer(event, 'picture.read'));
		const tally = Tally.of(view.tally);
		const sectors = [...event.locals.app.reference.sectors.map((s) => s.slug), 'unattributed'];
		const states = view.sources.map((s) => health(s, view.at));
		return json({
			seq: view.seq,
			at: iso(view.at),
			level: view.level,
			posture: view.posture,
			incidents: {
				open: view.incidents.length,
				overdue: view.incidents.filter((i) => due(i) < view.at).length,
				bySeverity: Object.fromEntries(LEVELS.map((l) => [l, view.incidents.filter((i) => i.severity === l).length]))
			},
			observations: {
				from: iso(tally.shown[0]!),
				total: tally.all,
				bySector: Object.fromEntries(sectors.map((s) => [s, tally.total(tally.sectors, s)]))
			},
			sources: {
				total: states.length,
				onTime: states.filter((s) => s === 'on-time').length,
				late: states.filter((s) => s === 'late').length,
				silent: states.filter((s) => s === 'silent').length
			}
		});
	} catch (e) {
		return problem(e, event);
	}
};

import { isDeepStrictEqual } from 'node:util';
import { shown, type Raised } from '$lib/core/alarm';
import { floor, HOUR } from '$lib/core/clock';
import type { Incident } from '$lib/core/incident';
import type { Posture } from '$lib/core/posture';
import { compute, type Exposure } from '$lib/core/posture/formula';
import { ofRank, rank } from '$lib/core/tlp';
import * as alarm from '../store/alarm';
import type { Tx } from '../store/client';
import * as incident from '../store/incident';
import { append } from '../store/log';
import * as store from '../store/posture';
import type { Context, Step } from './step';

/**
 * Makes the posture of each clearance from what that clearance may see, and tells the log of those that say something
 * new. All that the next minute has to know is in the database, so it does not matter who leads, or since when.
 */
export const posture: Step = {
	name: 'posture',
	run: async ({ client: { sql }, now, judged, reference }: Context) => {
		const [before, incidents, alarms] = await Promise.all([store.newest(sql), incident.allOpen(sql), alarm.open(sql)]);
		const made = judged.map((rows, clearance) => {
			const last = before.find((k) => k.clearance === clearance);
			const facts = {
				now,
				sectors: reference.sectors,
				provinces: reference.provinces,
				incidents: incidents.filter((i: Incident) => rank(i.tlp) <= clearance),
				rows,
				exposures: exposures(alarms, clearance)
			};
			const next = compute(facts, last?.state);
			const news = !last || !says(last.posture, next.posture);
			// Until it says something new it is the same posture, of the same minute.
			return { clearance, news, state: next.state, posture: news ? next.posture : last.posture };
		});
		const news = made.filter((k) => k.news).map(({ clearance, posture }) => ({ clearance, posture }));
		const turned = before.some((k) => floor(k.state.at, HOUR) < floor(now, HOUR));
		await sql.begin(async (tx: Tx) => {
			await store.keep(tx, now, made);
			if (turned) await store.drop(tx, now);
			if (news.length) await append(tx, 'posture', { postures: news });
		});
	}
};

/** Whether two postures say the same, whenever they were made. */
const says = (a: Posture, b: Posture): boolean => isDeepStrictEqual({ ...a, at: 0 }, { ...b, at: 0 });

/** Known-exploited products that are exposed now, as a clearance may hear of them. */
function exposures(alarms: readonly Raised[], clearance: number): Exposure[] {
	return alarms.flatMap((a) => {
		if (a.kind !== 'exposure' || a.standing === 'returned' || rank(a.tlp) > clearance) return [];
		const said = shown(a, ofRank(clearance));
		return said ? [{ id: String(a.id), sector: a.sector, text: said.title, since: a.raised, href: a.href }] : [];
	});
}

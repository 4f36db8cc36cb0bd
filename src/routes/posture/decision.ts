import { day, pkt, span } from '$lib/core/clock';
import { expired, name } from '$lib/core/level';
import type { Declared } from '$lib/core/picture';
import { due, TARGET_HOURS, type Incident } from '$lib/core/incident';
import type { Index } from '$lib/core/posture';
import { health, type Source } from '$lib/core/source';

/** Something that waits for a person: what, why we say so, and where to act. */
export type Decision = { id: string; what: string; why: string; href: string };

/** Whether a level is one that the posture page answers for by name. */
export const grave = (i: Pick<Incident, 'severity'>): boolean =>
	i.severity === 'high' || i.severity === 'severe' || i.severity === 'emergency';

/** Whether an index is one that the posture page counts as bad. */
export const bad = ({ band }: Pick<Index, 'band'>): boolean => band === 'critical' || band === 'strained';

/**
 * What waits for a decision at `now` (epoch seconds), derived from facts and never invented, in the order of
 * urgency: a level whose time is over, severe and high incidents that no team has, other incidents past our proposed target (longest first),
 * sources that have fallen silent. No incident stands twice.
 */
export function decisions(level: Declared | null, incidents: Incident[], sources: Source[], now: number): Decision[] {
	const alone = incidents.filter((i) => grave(i) && i.team === null);
	const late = incidents.filter((i) => now > due(i) && !alone.includes(i)).sort((a, b) => due(a) - due(b));
	const over = level?.until != null && expired(level, now) ? [{ ...level, until: level.until }] : [];
	return [
		...over.map((l) => ({
			id: 'level',
			what: 'Declare the national level anew, or take it back',
			why: `${name(l.level)} expired ${pkt(l.until)}${day(l.until) === day(now) ? '' : `, ${day(l.until)}`}, and no other was declared`,
			href: '/levels'
		})),
		...alone.map((i) => ({
			id: `team ${i.id}`,
			what: `Give a team to “${i.title}”`,
			why: `${i.id} · ${i.severity}, no team since ${span(now - i.opened)}`,
			href: `/incidents/${i.id}`
		})),
		...late.map((i) => ({
			id: `late ${i.id}`,
			what: `Close, hand on or lower “${i.title}”`,
			why: `${i.id} · in phase ${i.status}, overdue by ${span(now - due(i))} (proposed target ${TARGET_HOURS[i.severity]} h)`,
			href: `/incidents/${i.id}`
		})),
		...sources
			.filter((s) => health(s, now) === 'silent')
			.map((s) => ({
				id: `source ${s.slug}`,
				what: `Ask ${s.name} why nothing comes`,
				why: `silent for ${span(now - (s.last ?? now))}, expected every ${span(s.cadence)}`,
				href: '/sources'
			}))
	];
}

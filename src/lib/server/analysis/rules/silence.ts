import { span } from '$lib/core/clock';
import { health, type Source } from '$lib/core/source';
import { rank } from '$lib/core/tlp';
import * as source from '../../store/source';
import type { Condition } from '../../store/alarm/watch';
import type { Find } from './look';

/** Sources that have been silent for longer than their cadence explains. One that never delivered is only waiting. */
export const silence: Find<'silence'> = async ({ context: { client, now }, rule }) => {
	const all = await source.all(client.sql);
	return all.flatMap((s) => (over(s, now, rule.params.grace * 60) ? [said(s, rule.priority)] : []));
};

const over = (s: Source, now: number, grace: number): boolean =>
	s.last !== null && health(s, now) === 'silent' && now - s.last > 3 * s.cadence + grace;

const said = (s: Source, priority: 'high' | 'medium' | 'low'): Condition => ({
	key: s.slug,
	sector: null,
	province: null,
	source: s.slug,
	href: '/sources',
	said: [
		{
			rank: rank(s.tlp),
			priority,
			title: `${s.name} is silent`,
			why: `It should deliver every ${span(s.cadence)}, and has missed at least three times. What it reports is missing from every count since.`,
			facts: { source: s.slug, last: s.last, cadence: s.cadence }
		}
	]
});

import type { Priority } from '$lib/core/alarm';
import { PRIORITIES } from '$lib/core/alarm';
import { full } from '$lib/core/clock';
import { due, TARGET_HOURS, type Incident } from '$lib/core/incident';
import { rank } from '$lib/core/tlp';
import * as incidents from '../../store/incident';
import type { Condition } from '../../store/alarm/watch';
import type { Find } from './look';
import type { Words } from './words';

/** Open cases of the levels that the rule names: all of them, or those that are past their proposed target. */
export const incident: Find<'incident'> = async ({ context: { client, now }, rule, words }) => {
	const { when, levels, grace } = rule.params;
	const open = (await incidents.allOpen(client.sql)).filter((i) => levels.includes(i.severity));
	if (when === 'opened') return open.map((i) => condition(i, rule.priority, opened(i, words)));
	return open
		.filter((i) => now > due(i) + grace * 60)
		.map((i) => condition(i, lower(urgency(i), rule.priority), overdue(i, words)));
};

type Text = { title: string; why: string };

const opened = (i: Incident, words: Words): Text => ({
	title: `${i.severity === 'emergency' ? 'Emergency' : 'Severe'} incident ${i.id}: ${i.title}`.slice(0, 200),
	why: `${words.type(i.type)[0]!.toUpperCase()}${words.type(i.type).slice(1)} in ${words.where(i.sector, i.province)}, opened ${full(i.opened)}.`
});

const overdue = (i: Incident, words: Words): Text => ({
	title: `${i.id} is overdue: ${i.title}`.slice(0, 200),
	why: `A case of level ${i.severity} should be closed within ${TARGET_HOURS[i.severity]} hours (proposed target); this one was due ${full(due(i))}. ${words.where(i.sector, i.province)}; it is in the phase "${i.status}".`
});

const condition = (i: Incident, priority: Priority, text: Text): Condition => ({
	key: i.id,
	sector: i.sector,
	province: i.province,
	source: null,
	href: `/incidents/${i.id}`,
	said: [
		{
			rank: rank(i.tlp),
			priority,
			...text,
			facts: { incident: i.id, level: i.severity, phase: i.status, opened: i.opened, due: due(i) }
		}
	]
});

const urgency = (i: Incident): Priority =>
	i.severity === 'severe' || i.severity === 'emergency' ? 'high' : i.severity === 'high' ? 'medium' : 'low';
const lower = (a: Priority, b: Priority): Priority =>
	PRIORITIES[Math.max(PRIORITIES.indexOf(a), PRIORITIES.indexOf(b))]!;

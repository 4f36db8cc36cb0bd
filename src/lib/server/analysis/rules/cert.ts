import type { Saying } from '$lib/core/alarm';
import { group } from 'd3-array';
import { MINUTE } from '$lib/core/clock';
import { attacked, type Attacked } from '../../store/alarm/attacked';
import type { Find } from './look';
import { count, enumerate, plural } from './words';

/** Constituents that are a CERT themselves, by the name of a team or by the rule's own list, and are attacked. */
export const cert: Find<'cert'> = async ({ context: { client, now, reference }, rule, words }) => {
	const { organisations, classes, minutes, least } = rule.params;
	const teams = new Set(reference.teams.map((t) => t.name.toLowerCase()));
	const found = await attacked(client.sql, {
		organisations: [...teams, ...organisations],
		classes,
		from: now - minutes * MINUTE
	});
	return [...group(found, (a) => a.constituent)].flatMap(([constituent, all]) => {
		const { sector, province, organisation } = all[0]!;
		// Teams are known to everybody; a constituent under another name is not.
		const who = teams.has(organisation.toLowerCase()) ? organisation : `a CERT in ${words.where(sector, province)}`;
		const said = sayings(all, least, (mine): Omit<Saying, 'rank'> => {
			const n = mine.reduce((sum, a) => sum + a.n, 0);
			const byClass = [...group(mine, (a) => a.class)]
				.map(([cls, of]) => ({ cls, n: of.reduce((sum, a) => sum + a.n, 0) }))
				.sort((a, b) => b.n - a.n);
			return {
				priority: rule.priority,
				title: `${who[0]!.toUpperCase()}${who.slice(1)} is attacked itself`,
				why: `${plural(n, 'report')} of attacks against it in the last ${minutes} minutes: ${enumerate(byClass.map((c) => `${count(c.n)} of ${words.class(c.cls)}`))}.`,
				facts: { n, minutes, classes: byClass.map((c) => c.cls), last: Math.max(...mine.map((a) => a.last)) }
			};
		});
		if (!said.length) return [];
		return [
			{
				key: String(constituent),
				sector,
				province,
				source: null,
				href: `/constituents/${constituent}`,
				said,
				constituents: [constituent]
			}
		];
	});
};

/** What is said to each clearance that sees at least so many, and more than the one below it. */
function sayings(all: Attacked[], least: number, say: (mine: Attacked[]) => Omit<Saying, 'rank'>): Saying[] {
	return [...new Set(all.map((a) => a.tlp))]
		.sort((a, b) => a - b)
		.flatMap((rank) => {
			const mine = all.filter((a) => a.tlp <= rank);
			return mine.reduce((sum, a) => sum + a.n, 0) >= least ? [{ rank, ...say(mine) }] : [];
		});
}

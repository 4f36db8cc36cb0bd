import type { Priority, Saying } from '$lib/core/alarm';
import { group } from 'd3-array';
import { HOUR } from '$lib/core/clock';
import { exposed, type Exposed } from '../../store/alarm/exposed';
import type { Condition } from '../../store/alarm/watch';
import type { Find } from './look';
import { parts } from './parts';
import { enumerate, plural, type Words } from './words';

/** Constituents at which something was reported that is known to be exploited: one alarm each, whatever the number of products. */
export const exposure: Find<'exposure'> = async ({ context: { client, now }, rule, words }) => {
	const found = group(await exposed(client.sql, now - rule.params.hours * HOUR), (e) => e.constituent);
	return [...found].map(([constituent, all]) => ({
		key: String(constituent),
		sector: all[0]!.sector,
		province: all[0]!.province,
		source: null,
		href: `/constituents/${constituent}`,
		said: said(all, rule.priority, words),
		...parts(all.map((e) => [e.cve, e.tlp])),
		constituents: [constituent]
	})) satisfies Condition[];
};

function said(all: Exposed[], ordinary: Priority, words: Words): Saying[] {
	return [...new Set(all.map((e) => e.tlp))]
		.sort((a, b) => a - b)
		.map((rank) => {
			const mine = [...new Map(all.filter((e) => e.tlp <= rank).map((e) => [e.cve, e])).values()];
			const names = mine.map((e) => [e.vendor, e.product].filter(Boolean).join(' ') || e.name);
			const ransom = mine.filter((e) => e.ransomware).length;
			const due = mine
				.map((e) => e.due)
				.filter(Boolean)
				.sort()[0];
			const where = words.where(mine[0]!.sector, mine[0]!.province);
			return {
				rank,
				// What extortionists use is the shortest way from an open door to a stopped hospital.
				priority: ransom ? 'high' : ordinary,
				title:
					`${where}: ${mine.length === 1 ? `${names[0]} is` : `${mine.length} products are`} exposed and known to be exploited`.slice(
						0,
						200
					),
				why: `Reported at one constituent: ${enumerate(mine.map((e, i) => `${names[i]} (${e.cve})`))}. ${ransom ? `${mine.length === 1 ? 'It is' : `${plural(ransom, 'of them is', 'of them are')}`} used for ransomware. ` : ''}${due ? `The catalogue asks for a remedy by ${due}.` : 'It stands in a catalogue of known exploited vulnerabilities.'}`,
				facts: {
					cves: mine.map((e) => e.cve),
					ransomware: ransom,
					due: due ?? null,
					last: Math.max(...mine.map((e) => e.last))
				}
			};
		});
}

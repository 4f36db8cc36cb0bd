import { HOUR } from '$lib/core/clock';
import { UNATTRIBUTED } from '$lib/core/sector';
import type { Saying } from '$lib/core/alarm';
import type { Kept } from '$lib/core/alarm/rules';
import type { Condition } from '../../store/alarm/watch';
import * as shared from '../../store/alarm/shared';
import type { Find } from './look';
import { parts } from './parts';
import { enumerate, plural } from './words';

/** Indicators that were seen in several sectors, or at several constituents, within some hours. */
export const indicator: Find<'indicator'> = async ({ context: { client, now }, rule, rules, words }) => {
	const { of, least, hours } = rule.params;
	const found = await shared.indicators(client.sql, { of, least, from: now - hours * HOUR, to: now });
	// One thing rings once: what is in that many sectors has its alarm by another rule.
	const wider = rules.find(
		(r): r is Kept<'indicator'> =>
			of === 'constituents' && r.enabled && r.kind === 'indicator' && r.params.of === 'sectors'
	);
	return found.flatMap((i): Condition[] => {
		const said: Saying[] = [];
		for (let rank = i.tlp; rank <= 4; rank++) {
			const seen = i.places.filter((p) => p.tlp <= rank);
			const sectors = [...new Set(seen.map((p) => p.sector))].filter((s) => s !== UNATTRIBUTED).sort();
			const constituents = new Set(seen.flatMap((p) => p.constituent ?? []));
			const n = of === 'sectors' ? sectors.length : constituents.size;
			if (n < least || (wider && sectors.length >= wider.params.least)) continue;
			const count = seen.reduce((sum, p) => sum + p.n, 0);
			const before = said.at(-1)?.facts;
			// A clearance that sees no more than the one below it is told the same.
			if (before && before.count === count && before.number === n) continue;
			const names = sectors.map(words.sector);
			said.push({
				rank,
				priority: rule.priority,
				title: `The same indicator ${of === 'sectors' ? `in ${n} sectors` : `at ${n} constituents`}: ${i.value.slice(0, 100)}`,
				why: `Seen ${plural(count, 'time')} in the last ${plural(hours, 'hour')}${names.length ? `, in ${enumerate(names)}` : ''}. Somebody says to look for it, and no list of known good values holds it.`,
				constituents: [...constituents].sort((a, b) => a - b),
				facts: { indicator: i.id, kind: i.kind, value: i.value, number: n, count, sectors }
			});
		}
		if (!said.length) return [];
		const sectors = [...new Set(i.places.map((p) => p.sector))];
		const alone = of === 'constituents' && sectors.length === 1 && sectors[0] !== UNATTRIBUTED ? sectors[0]! : null;
		return [
			{
				key: i.id,
				sector: alone,
				province: null,
				source: null,
				href: `/indicators/${i.id}`,
				said,
				...parts(i.places.map((p) => [of === 'sectors' ? p.sector : p.constituent && String(p.constituent), p.tlp])),
				constituents: [...new Set(i.places.flatMap((p) => p.constituent ?? []))]
			}
		];
	});
};

import { pkt } from '$lib/core/clock';
import type { Judged } from '$lib/core/judgement';
import { count } from '$lib/ui/base/number';
import { between, figure } from '$lib/ui/chart/deviation';

/** From here on, up or down, a count is not as usual: as colours begin. */
const OFF = 2;
/** Parts that a sentence names. */
const NAMED = 2;

type Part = { name: string; judged: Judged | undefined };
const sigma = (j: Judged | undefined): number | null => (j?.[10] === 'judged' ? j[9] : null);
const off = (s: number | null): -1 | 0 | 1 => (s === null ? 0 : s >= OFF - 0.05 ? 1 : s <= -OFF + 0.05 ? -1 : 0);

/**
 * Whether an area is unusual, how much and since when, in one or two sentences made of what was judged, never of anything
 * else. `lately`: the last 60 minutes; `hours`: the whole hours before, the oldest first, with their starts (epoch
 * seconds); `parts`: what it is made of, each by its last 60 minutes.
 */
export function sentence(
	lately: Judged | undefined,
	hours: readonly { at: number; judged: Judged | undefined }[],
	parts: readonly Part[]
): string {
	if (!lately) return 'Nothing here has been judged yet: the counts stand alone.';
	if (lately[10] === 'learning') return 'What is usual here is still being learned; until then the counts stand alone.';
	if (lately[10] !== 'judged' || lately[9] === null)
		return 'What usually reports here is silent: low numbers say nothing.';
	const way = off(lately[9]);
	const numbers = `${count(lately[5])} observations in the last 60 minutes, usually ${between(lately)}`;
	const most = parts
		.map((p) => ({ name: p.name, sigma: sigma(p.judged) ?? 0 }))
		.filter((p) => off(p.sigma) !== 0 && (way === 0 || off(p.sigma) === way))
		.sort((a, b) => Math.abs(b.sigma) - Math.abs(a.sigma));
	const named = most
		.slice(0, NAMED)
		.map((p) => `${p.name} (${figure(p.sigma)}σ)`)
		.join(' and ');
	const more = most.length > NAMED ? `, and ${most.length - NAMED} more` : '';
	if (way === 0) return `As usual: ${numbers}.${named ? ` Not as usual within it: ${named}${more}.` : ''}`;

	let first: number | undefined;
	for (const hour of [...hours].reverse()) {
		if (off(sigma(hour.judged)) !== way) break;
		first = hour.at;
	}
	const all = first !== undefined && first === hours[0]?.at;
	const since =
		first === undefined
			? '; the whole hour before was not'
			: all
				? `, in each of the ${hours.length} hours shown`
				: `, since ${pkt(first)} PKT`;
	return `${way > 0 ? 'Above' : 'Below'} the usual by ${figure(lately[9])}σ: ${numbers}${since}.${named ? ` Most of all ${named}${more}.` : ''}`;
}

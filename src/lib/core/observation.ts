/** How each rule of `docs/attribution.md` knows where a report belongs. */
const RULES = new Map([
	['stated', 'the report says so itself'],
	['prefix', 'an address lies in a network of a constituent'],
	['domain', 'a name lies in a domain of a constituent'],
	['asn', 'an address is of an AS number of a constituent'],
	['geo', 'a geographic database places an address, which is a guess'],
	['none', 'nothing says where it belongs']
]);

/** The rule that placed an observation, in words; `stated+prefix` is two of them. One that is not known here stands as it is. */
export const placed = (rule: string): string =>
	rule
		.split('+')
		.map((r) => RULES.get(r) ?? r)
		.join('; ');

/**
 * The address of one observation. Its time (epoch seconds) is in it: observations are kept by time, so that one among
 * many millions is found at once; by its id alone it has to be searched for.
 */
export const href = (o: { id: string; observed: number }): string =>
	`/observations/${o.id}?at=${new Date(o.observed * 1000).toISOString()}`;

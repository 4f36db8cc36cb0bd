/** Traffic Light Protocol 2.0 (FIRST). The order is the rank: a higher index may be shared with fewer people. */
export const TLPS = ['clear', 'green', 'amber', 'amber+strict', 'red'] as const;
export type Tlp = (typeof TLPS)[number];

const ALIASES: Record<string, Tlp> = {
	white: 'clear',
	'amber-strict': 'amber+strict',
	'amber strict': 'amber+strict',
	amberstrict: 'amber+strict',
	'amber+strict': 'amber+strict'
};

/** 0 (CLEAR) to 4 (RED). */
export const rank = (tlp: Tlp): number => TLPS.indexOf(tlp);

/** The label of a rank; RED for a rank that does not exist, so that an error never widens who may see. */
export const ofRank = (n: number): Tlp => TLPS[n] ?? 'red';

/** Reads `TLP:AMBER+STRICT`, `amber`, `WHITE` (TLP 1) …; undefined when it is no label. */
export function parse(text: string): Tlp | undefined {
	const word = text
		.trim()
		.toLowerCase()
		.replace(/^tlp[:\s_-]*/, '');
	if (Object.hasOwn(ALIASES, word)) return ALIASES[word];
	return (TLPS as readonly string[]).includes(word) ? (word as Tlp) : undefined;
}

/** `TLP:AMBER+STRICT`, as it is written on screens and documents. */
export const label = (tlp: Tlp): string => `TLP:${tlp.toUpperCase()}`;

/** The strictest of some labels: what a tile that shows all of them is marked with. */
export const strictest = (labels: Iterable<Tlp>): Tlp => {
	let top = 0;
	for (const l of labels) top = Math.max(top, rank(l));
	return ofRank(top);
};

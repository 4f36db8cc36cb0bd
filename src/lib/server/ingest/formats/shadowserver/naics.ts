/**
 * The sector of a network's holder by its NAICS code (North American Industry Classification System, 2017), longest
 * prefix first: used when a row states no sector. Codes of carriers and hosting (517, 518) are left out: they tell
 * whose network it is, not whose system stands in it.
 */
const SECTORS: [prefix: string, sector: string][] = [
	['928110', 'defence'],
	['2213', 'water'],
	['5415', 'it'],
	['481', 'aviation'],
	['4881', 'aviation'],
	['311', 'agriculture'],
	['312', 'agriculture'],
	['515', 'media'],
	['516', 'media'],
	['511', 'media'],
	['211', 'energy'],
	['486', 'energy'],
	['11', 'agriculture'],
	['22', 'energy'],
	['31', 'industry'],
	['32', 'industry'],
	['33', 'industry'],
	['48', 'transport'],
	['49', 'transport'],
	['52', 'banking'],
	['61', 'education'],
	['62', 'health'],
	['92', 'government']
];

/** A sector's slug, or undefined. */
export function sector(naics: string | undefined): string | undefined {
	return naics && SECTORS.find(([prefix]) => naics.startsWith(prefix))?.[1];
}

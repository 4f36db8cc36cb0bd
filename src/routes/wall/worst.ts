import { health, type Health, type Source } from '$lib/core/source';

/** From the worst to what is as it should be. */
export const WORST: readonly Health[] = ['silent', 'late', 'waiting', 'on-time'];

/**
 * Sources with how they are, the worst first, then by name.
 * @param at the time of the picture (epoch seconds), not of the clock: a break of our own does not make a source late
 */
export const worst = (sources: readonly Source[], at: number): { source: Source; state: Health }[] =>
	sources
		.map((source) => ({ source, state: health(source, at) }))
		.sort((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state) || (a.source.name < b.source.name ? -1 : 1));

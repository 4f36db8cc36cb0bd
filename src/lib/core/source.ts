import type { Tlp } from './tlp';

/** A source as every screen sees it. Times are epoch seconds, cadence is seconds. */
export type Source = {
	slug: string;
	name: string;
	format: string;
	tlp: Tlp;
	/** how often it should deliver */
	cadence: number;
	/** when it last delivered; null: never */
	last: number | null;
};

export type Health = 'waiting' | 'on-time' | 'late' | 'silent';

/**
 * Health of a source against its own cadence: on time up to one and a half cadences (a delivery may jitter), late up
 * to three, then silent; waiting before its first delivery. The thresholds are our proposal.
 */
export function health(source: Pick<Source, 'last' | 'cadence'>, now: number): Health {
	if (source.last === null) return 'waiting';
	const age = now - source.last;
	return age <= 1.5 * source.cadence ? 'on-time' : age <= 3 * source.cadence ? 'late' : 'silent';
}

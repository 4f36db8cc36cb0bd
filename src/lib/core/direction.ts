/** Which end of what was seen is ours: abuse that reaches us, that leaves us, within us, or not known. */
export const DIRECTIONS = ['inbound', 'outbound', 'internal', 'unknown'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Direction from whether the source and the destination are ours (undefined: not known). */
export function between(source: boolean | undefined, destination: boolean | undefined): Direction {
	if (source && destination) return 'internal';
	if (source) return 'outbound';
	return destination ? 'inbound' : 'unknown';
}

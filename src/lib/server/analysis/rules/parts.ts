import type { Condition } from '../../store/alarm/watch';

/** What a condition consists of, each part once, with the lowest rank from which it may be known of. */
export function parts(
	all: readonly (readonly [name: string | null | 0, rank: number])[]
): Pick<Condition, 'parts' | 'known'> {
	const known = new Map<string, number>();
	for (const [name, rank] of all) if (name) known.set(name, Math.min(rank, known.get(name) ?? rank));
	return { parts: [...known.keys()], known };
}

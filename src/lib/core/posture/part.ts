import type { Contribution } from '../posture';
import { CAP, FURTHER } from './weights';

/** A contribution before its points are whole: what it takes, above zero. */
export type Part = Omit<Contribution, 'points'> & { takes: number };

/** By what it takes, the most first; then the longest, then by name: the order in which it came says nothing. */
export const order = (a: Part, b: Part): number =>
	b.takes - a.takes || (a.since ?? Infinity) - (b.since ?? Infinity) || compare(a.key, b.key);

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The parts of one cause together: the largest whole, each further one less, all of them never more than the cap. One
 * more part, or a larger one, never makes the sum smaller: what it adds at its place is at least what the later ones
 * lose by moving one place on.
 */
export function together(cause: keyof typeof FURTHER, parts: Part[]): Part[] {
	let share = 1;
	const less = parts.toSorted(order).map((p) => {
		const takes = p.takes * share;
		share *= FURTHER[cause];
		return { ...p, takes };
	});
	return within(CAP[cause], less);
}

/** The parts, all made smaller alike if they take more than `most`. */
export function within(most: number, parts: Part[]): Part[] {
	const all = sum(parts);
	return all > most ? parts.map((p) => ({ ...p, takes: (p.takes * most) / all })) : parts;
}

export const sum = (parts: Part[]): number => parts.reduce((n, p) => n + p.takes, 0);

/** Things by what they have in common, in the order in which they come. */
export function grouped<T>(things: readonly T[], of: (thing: T) => string): Map<string, T[]> {
	const out = new Map<string, T[]>();
	for (const thing of things) {
		const list = out.get(of(thing));
		if (list) list.push(thing);
		else out.set(of(thing), [thing]);
	}
	return out;
}

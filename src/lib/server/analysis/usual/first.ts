import type { Series } from './learn';
import { median } from './median';

/**
 * A first rhythm that bursts and holes of the past do not bend: medians of slots where counts are large.
 *
 * @param slot per sample: its slot, those of a period apart after the ordinary ones
 * @param apart whether it is the rhythm of the period apart
 */
export function rhythm(
	{ counts, slots, perDay }: Series,
	slot: Uint16Array,
	base: Float64Array,
	apart: boolean
): Float64Array {
	const rate = Float64Array.from(base);
	const skip = apart ? slots : 0;
	const mine: number[] = [];
	let sum = 0;
	for (let i = 0; i < counts.length; i++)
		if (counts[i]! >= 0 && slot[i]! >= slots === apart) {
			mine.push(i);
			sum += counts[i]!;
		}
	const by = mine.length / slots >= 2.5 ? slots : mine.length / perDay >= 3 ? perDay : 0;
	if (!by || slots === 1 || sum / mine.length < 2) return rate;
	const groups: number[][] = Array.from({ length: by }, () => []);
	for (const i of mine) groups[(slot[i]! - skip) % by]!.push(counts[i]!);
	const wide = by === slots && perDay > 4; // neighbours in time make up for few weeks
	const medians = new Float64Array(by);
	let total = 0;
	let filled = 0;
	for (let g = 0; g < by; g++) {
		const all = groups[g]!;
		if (wide && all.length < 6) all.push(...groups[(g + 1) % by]!.slice(0, 2), ...groups[(g + by - 1) % by]!.slice(-2));
		medians[g] = median(all);
		if (!Number.isNaN(medians[g]!)) {
			total += medians[g]!;
			filled++;
		}
	}
	if (!(total > 0)) return rate;
	const mean = total / filled;
	for (let s = 0; s < slots; s++) {
		const m = medians[s % by]!;
		if (!Number.isNaN(m)) rate[s] = Math.max(m / mean, 0.02);
	}
	return rate;
}

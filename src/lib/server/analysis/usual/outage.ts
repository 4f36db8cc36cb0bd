/** Events that a run of zeros must have been expected to hold before it is taken for an outage. */
const LOST = 12;
/** Weeks after which nothing at all is what is usual. */
const LONGEST = 2;
/** A series with more such runs than this is one that pauses. */
const MOST = 4;

/**
 * The counts with what can only be an outage made missing: zeros in a row where the same hours of other days would
 * have held many events. Nights that are always empty are none.
 */
export function withoutOutages({
	counts,
	slot,
	slots,
	perDay
}: {
	counts: Float64Array;
	slot: number;
	slots: number;
	perDay: number;
}): Float64Array {
	const runs: [number, number][] = [];
	for (let i = 0, from = -1; i <= counts.length; i++) {
		const zero = i < counts.length && !(counts[i]! > 0); // what is missing in between does not end a run
		if (zero && from < 0) from = i;
		if (!zero && from >= 0) {
			if (i - from >= 2 && i - from <= LONGEST * slots) runs.push([from, i]);
			from = -1;
		}
	}
	if (!runs.length) return counts;
	const group = (i: number) => (slot + i) % (perDay > 1 ? perDay : slots);
	const sums = new Float64Array(slots);
	const seen = new Float64Array(slots);
	for (let i = 0; i < counts.length; i++)
		if (counts[i]! >= 0) {
			sums[group(i)]! += counts[i]!;
			seen[group(i)]!++;
		}
	const lost: [number, number][] = [];
	for (const [from, to] of runs) {
		const zeros = new Float64Array(slots);
		for (let i = from; i < to; i++) if (counts[i] === 0) zeros[group(i)]!++;
		let expected = 0;
		for (let i = from; i < to; i++) {
			const g = group(i);
			if (counts[i] === 0 && seen[g]! > zeros[g]!) expected += sums[g]! / (seen[g]! - zeros[g]!);
		}
		if (expected >= LOST) lost.push([from, to]);
	}
	if (!lost.length || lost.length > MOST) return counts;
	const kept = Float64Array.from(counts);
	for (const [from, to] of lost) kept.fill(NaN, from, to);
	return kept;
}

/** The rhythm of a week, learned in steps from the coarse to the fine, each believed as far as it is borne out. */
export type Profile = {
	/** rate of each slot relative to the level; mean 1 */
	rate: Float64Array;
	/** relative variance of it that neighbouring slots share, and of its own */
	shared: Float64Array;
	own: Float64Array;
	/** how far a slot follows its own samples alone, 0 … 1 */
	leverage: Float64Array;
};

/** What was seen in each slot: counts, what the level alone would give, number of samples; all weighted. */
export type Seen = { counts: Float64Array; level: Float64Array; samples: Float64Array };

/**
 * @param base what is believed before: the rhythm of what the series is part of, or flat
 * @param perDay slots of a day
 * @param spread how counts spread: φ of the mean, and the relative error of a sample
 * @param trust how far from `base` each step may lead before anything is seen (relative variances)
 */
export function learn(
	base: Float64Array,
	seen: Seen,
	perDay: number,
	spread: { phi: number; relative: number },
	trust = { day: 0.25, week: 0.06, slot: 0.01 }
): Profile {
	const n = base.length;
	const rate = Float64Array.from(base);
	const shared = new Float64Array(n);
	const own = new Float64Array(n);
	const leverage = new Float64Array(n);
	const days = n / perDay;
	if (perDay > 1) step(rate, seen, spread, perDay, (s) => s % perDay, trust.day, 4, shared, null);
	if (days > 1 && perDay > 1)
		step(rate, seen, spread, days, (s) => Math.floor(s / perDay), trust.week, 8, shared, null);
	if (n > 1) step(rate, seen, spread, n, (s) => s, perDay > 1 ? trust.slot : trust.week, 8, own, leverage);
	let sum = 0;
	for (let s = 0; s < n; s++) sum += rate[s]!;
	for (let s = 0; s < n; s++) rate[s]! *= n / sum;
	return { rate, shared, own, leverage };
}

/**
 * One step: the slots of a group share a factor, which is what the group shows, drawn towards 1 by how much groups
 * differ beyond their noise (empirical Bayes, by moments, with `weight` groups' worth of belief in `trust`).
 */
function step(
	rate: Float64Array,
	seen: Seen,
	{ phi, relative }: { phi: number; relative: number },
	groups: number,
	group: (slot: number) => number,
	trust: number,
	weight: number,
	variance: Float64Array,
	leverage: Float64Array | null
): void {
	const n = rate.length;
	const counts = new Float64Array(groups);
	const expected = new Float64Array(groups);
	const samples = new Float64Array(groups);
	let allCounts = 0;
	let allExpected = 0;
	for (let s = 0; s < n; s++) {
		const g = group(s);
		const e = seen.level[s]! * rate[s]!;
		counts[g]! += seen.counts[s]!;
		expected[g]! += e;
		samples[g]! += seen.samples[s]!;
		allCounts += seen.counts[s]!;
		allExpected += e;
	}
	const scale = allCounts > 0 && allExpected > 0 ? allExpected / allCounts : 1;
	const noise = new Float64Array(groups);
	let between = weight * trust;
	let seenGroups = weight;
	for (let g = 0; g < groups; g++) {
		if (!(expected[g]! > 0)) {
			noise[g] = Infinity;
			continue;
		}
		noise[g] = phi / expected[g]! + relative / samples[g]!;
		const f = (counts[g]! / expected[g]!) * scale - 1;
		// Groups that say little have little to say on how much groups differ.
		const say = trust / (trust + noise[g]!);
		between += say * (f * f - noise[g]!);
		seenGroups += say;
	}
	between = Math.max(between / seenGroups, trust / 50);
	const factor = new Float64Array(groups);
	for (let g = 0; g < groups; g++) {
		const belief = noise[g] === Infinity ? 0 : between / (between + noise[g]!);
		let f = noise[g] === Infinity ? 0 : (counts[g]! / expected[g]!) * scale - 1;
		if (leverage && groups > 24 && belief < 0.9) {
			// Where a slot alone says little, its neighbours help.
			const a = (g + groups - 1) % groups;
			const b = (g + 1) % groups;
			const e = expected[a]! + 2 * expected[g]! + expected[b]!;
			if (e > 0) f = belief * f + (1 - belief) * (((counts[a]! + 2 * counts[g]! + counts[b]!) / e) * scale - 1);
		}
		factor[g] = Math.max(1 + belief * f, 0.02);
	}
	for (let s = 0; s < n; s++) {
		const g = group(s);
		const belief = noise[g] === Infinity ? 0 : between / (between + noise[g]!);
		rate[s]! *= factor[g]!;
		variance[s]! += between * (1 - belief);
		if (leverage) leverage[s] = samples[g]! > 0 ? Math.min(belief / samples[g]!, 0.5) : 0;
	}
}

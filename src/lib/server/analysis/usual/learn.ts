import * as first from './first';
import * as level from './level';
import { median, weighted } from './median';
import { withoutOutages } from './outage';
import * as profile from './profile';
import { Moments, OUTLIER, UNKNOWN, type Spread } from './spread';

/** A series of counts at an even step. */
export type Series = {
	/** NaN: missing */
	counts: Float64Array;
	/** the slot of the rhythm (hour of the week) of the first sample; the others follow */
	slot: number;
	/** slots of a week, slots of a day, samples of a block of the level */
	slots: number;
	perDay: number;
	block: number;
	/** per sample: 1 where it lies in a period with a rhythm of its own */
	apart?: Uint8Array;
};

export type Learned = {
	/** expected count of a sample at rate 1, for the block after the last */
	level: number;
	/** relative variance of that beyond what the past errors hold */
	doubt: number;
	/** the ordinary rhythm, and that of a period apart */
	rhythm: profile.Profile;
	apart: profile.Profile | null;
	spread: Spread;
	/** samples that were not missing */
	seen: number;
};

const PASSES = 4;
/** The cube root of the least expectation by which outliers are told. */
const SCARCE = Math.cbrt(0.3);

/** Learns level, rhythm and spread of a series together, in a few passes, each with the outliers of the one before. */
export function learn(series: Series, base: Float64Array, alone: boolean): Learned {
	const counts = withoutOutages(series);
	const n = counts.length;
	const block = Math.max(1, Math.min(series.block, n)); // of less than a block, all there is
	const blocks = Math.floor(n / block);
	const offset = n - blocks * block; // the last block ends with the last sample
	const state = new State({ ...series, counts, block }, base, offset, blocks, alone);
	for (let pass = 0; pass < PASSES; pass++) state.pass();
	return state.result();
}

class State {
	readonly #s: Series;
	readonly #base: Float64Array;
	readonly #offset: number;
	readonly #blocks: number;
	readonly #roots: Float64Array; // count^(2/3)
	readonly #slot: Uint16Array;
	#rhythm: profile.Profile;
	#apart: profile.Profile | null = null;
	#level: level.Level;
	#spread: Spread = { phi: UNKNOWN.phi, relative: [...UNKNOWN.relative] };
	/** how wide most stretches of the past are, bursts and all: what is ordinary in most of them is no outlier */
	#rough = 1;
	#seen = 0;
	readonly #trust: { day: number; week: number; slot: number };

	constructor(series: Series, base: Float64Array, offset: number, blocks: number, alone: boolean) {
		this.#s = series;
		this.#base = base;
		this.#offset = offset;
		this.#blocks = blocks;
		this.#trust = alone ? { day: 0.25, week: 0.06, slot: 0.01 } : { day: 0.04, week: 0.02, slot: 0.01 };
		const { counts, slots } = series;
		this.#roots = new Float64Array(counts.length);
		this.#slot = new Uint16Array(counts.length);
		for (let i = 0, s = series.slot; i < counts.length; i++, s = s + 1 === slots ? 0 : s + 1) {
			const c = counts[i]!;
			const root = Math.cbrt(c);
			this.#roots[i] = root * root;
			this.#slot[i] = series.apart?.[i] ? s + slots : s;
			if (c >= 0) this.#seen++;
		}
		const flat = { shared: new Float64Array(slots), own: new Float64Array(slots), leverage: new Float64Array(slots) };
		this.#rhythm = { rate: first.rhythm(series, this.#slot, base, false), ...flat };
		if (series.apart) this.#apart = { rate: first.rhythm(series, this.#slot, this.#rhythm.rate, true), ...flat };
		this.#level = this.#blocksOf(this.#medians());
	}

	result(): Learned {
		const { next, variance, usual } = this.#level;
		return {
			level: Math.max(next > 0 ? next : 0, 1 / (this.#seen + 1)),
			doubt: next > 0 ? Math.max(variance - usual, 0) : 1,
			rhythm: this.#rhythm,
			apart: this.#apart,
			spread: this.#spread,
			seen: this.#seen
		};
	}

	/** What both rhythms say of their slots, one after the other. */
	#both(of: (p: profile.Profile) => Float64Array): Float64Array {
		if (!this.#apart) return of(this.#rhythm);
		const all = new Float64Array(2 * this.#s.slots);
		all.set(of(this.#rhythm));
		all.set(of(this.#apart), this.#s.slots);
		return all;
	}

	/** Per block, the level that most of its samples show; where counts are small, their mean without the extreme. */
	#medians(): Float64Array {
		const { counts, block } = this.#s;
		const rates = this.#both((p) => p.rate);
		const levels = new Float64Array(this.#blocks).fill(NaN);
		let sum = 0;
		for (const c of counts) if (c >= 0) sum += c;
		const mean = sum / Math.max(this.#seen, 1);
		const most = mean + 4 * Math.sqrt(mean) + 2;
		const shown: number[] = [];
		const shares: number[] = [];
		for (let b = 0; b < this.#blocks; b++) {
			shown.length = shares.length = 0;
			let count = 0;
			let weight = 0;
			for (let i = this.#offset + b * block, end = i + block; i < end; i++) {
				const c = counts[i]!;
				if (!(c >= 0)) continue;
				const r = rates[this.#slot[i]!]!;
				shown.push(c / r);
				shares.push(r);
				count += mean < 3 ? Math.min(c, most * Math.max(r, 1)) : c;
				weight += r;
			}
			if (shown.length * 3 < block) continue;
			// By rate: hours in which nothing is usual say nothing of the level.
			levels[b] = mean < 3 ? count / weight : weighted(shown, shares);
		}
		return levels;
	}

	#blocksOf(levels: Float64Array, weights?: Float64Array): level.Level {
		const { phi, relative } = this.#spread;
		const block = this.#s.block;
		return level.follow(levels, (b, at) => phi / (at * (weights ? weights[b]! : block)) + relative[2], 1 / block);
	}

	pass(): void {
		const { counts, slots, block } = this.#s;
		const { phi, relative } = this.#spread;
		const double = slots * (this.#apart ? 2 : 1);
		const rates = this.#both((p) => p.rate);
		const roots = rates.map(Math.cbrt);
		const leverage = this.#both((p) => p.leverage);
		const seen = {
			counts: new Float64Array(double),
			level: new Float64Array(double),
			samples: new Float64Array(double)
		};
		const levels = new Float64Array(this.#blocks).fill(NaN);
		const weights = new Float64Array(this.#blocks);
		const squares = new Float64Array(this.#blocks);
		const samples = new Float64Array(this.#blocks);
		const single = new Moments();
		const quarters = new Moments();
		const wholes = new Moments();
		const quarter = Math.max(1, Math.round(block / 4));
		for (let b = 0; b < this.#blocks; b++) {
			const at = this.#level.smooth[b]!;
			const ahead = this.#level.predicted[b]!;
			if (!(at > 0)) continue;
			const cube = Math.cbrt(at);
			let blockCount = 0;
			let blockRate = 0;
			let clean = 0;
			let error = 0;
			let mean = 0;
			let partError = 0;
			let partMean = 0;
			let partClean = 0;
			const from = this.#offset + b * block;
			for (let k = 0; k < block; k++) {
				const i = from + k;
				const c = counts[i]!;
				if (c >= 0) {
					const s = this.#slot[i]!;
					const r = rates[s]!;
					const mu = at * r;
					// Anscombe's residual of a count, over the spread beyond Poisson's. Where next to nothing is expected
					// one event is no outlier: without it the usual would be nothing.
					const root = Math.max(cube * roots[s]!, c > mu ? SCARCE : 0);
					const z =
						(1.5 * (this.#roots[i]! - root * root)) / Math.sqrt(root * Math.max(phi + relative[0] * mu, this.#rough));
					const size = z < 0 ? -z : z;
					const w = size <= OUTLIER ? 1 : (OUTLIER / size) ** 4;
					seen.counts[s]! += w * c;
					seen.level[s]! += w * at;
					seen.samples[s]! += w;
					blockCount += w * c;
					blockRate += w * r;
					if (ahead > 0) {
						const expected = ahead * r;
						const e = (c - expected) / (1 - leverage[s]!);
						squares[b]! += (e * e) / expected;
						if (size <= OUTLIER) single.add(e, expected, phi, relative[0]);
						if (size <= 1.5 * OUTLIER) {
							partError += e;
							partMean += expected;
							partClean++;
						}
						samples[b]!++;
					}
				}
				if ((k + 1) % quarter === 0 || k + 1 === block) {
					if (partClean * 4 >= quarter * 3 && quarter > 1) add(quarters, partError, partMean, phi, relative[1]);
					error += partError;
					mean += partMean;
					clean += partClean;
					partError = partMean = partClean = 0;
				}
			}
			if (clean * 4 >= block * 3 && block > 1) add(wholes, error, mean, phi, relative[2]);
			if (blockRate * 5 > block) {
				levels[b] = blockCount / blockRate;
				weights[b] = blockRate;
			}
		}
		this.#rough = rough(squares, samples, 20 / Math.max(this.#level.next * block, 0.1));
		const one = single.both();
		this.#spread =
			block > 1
				? {
						phi: one.phi,
						relative: [one.relative, quarters.relative(1, one.phi), wholes.relative(2, one.phi)]
					}
				: { phi: one.phi, relative: [one.relative, one.relative, one.relative] };
		this.#rhythms(seen);
		this.#fill(levels, weights);
		this.#level = this.#blocksOf(levels, weights);
	}

	/** A block of outliers alone still shows its level, which is how a lasting change is seen. */
	#fill(levels: Float64Array, weights: Float64Array): void {
		let medians: Float64Array | null = null;
		for (let b = 0; b < levels.length; b++) {
			if (!Number.isNaN(levels[b]!)) continue;
			medians ??= this.#medians();
			levels[b] = medians[b]!;
			weights[b] = this.#s.block / 2;
		}
	}

	#rhythms(seen: profile.Seen): void {
		const { slots, perDay, apart } = this.#s;
		const spread = { phi: this.#spread.phi, relative: this.#spread.relative[0] };
		if (!apart) {
			this.#rhythm = profile.learn(this.#base, seen, perDay, spread, this.#trust);
			return;
		}
		const part = (from: number): profile.Seen => ({
			counts: seen.counts.subarray(from, from + slots),
			level: seen.level.subarray(from, from + slots),
			samples: seen.samples.subarray(from, from + slots)
		});
		this.#rhythm = profile.learn(this.#base, part(0), perDay, spread, this.#trust);
		// What a period does to a rhythm is unknown until its own days have shown it.
		this.#apart = profile.learn(this.#rhythm.rate, part(slots), perDay, spread, { day: 0.15, week: 0.03, slot: 0.01 });
	}
}

/** The variance over the mean in the middle one of stretches of `length` blocks, long enough to hold some events. */
function rough(squares: Float64Array, samples: Float64Array, length: number): number {
	const per = Math.min(Math.max(1, Math.ceil(length)), Math.max(1, squares.length >> 2));
	const ratios: number[] = [];
	for (let end = squares.length; end >= per; end -= per) {
		let sum = 0;
		let n = 0;
		for (let b = end - per; b < end; b++) {
			sum += squares[b]!;
			n += samples[b]!;
		}
		if (n > 0) ratios.push(sum / n);
	}
	return ratios.length >= 4 ? median(ratios) : 1;
}

/** A sum that is itself far out is no witness either. */
function add(moments: Moments, error: number, mean: number, phi: number, relative: number): void {
	if (error * error <= OUTLIER * OUTLIER * (phi * mean + relative * mean * mean))
		moments.add(error, mean, phi, relative);
}

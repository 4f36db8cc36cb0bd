import { deviation, EDGE, range, type Expected } from '$lib/core/usual';
import { fit } from '../usual';
import { learn, type Learned } from './learn';
import { median } from './median';
import { measure, type Measure } from './measure';

/** What is said of one value of a series, from what came before it. */
export type Judged = { expected: number; low: number; high: number; score: number };

/** How many values before may count together with one. */
const BACK = [2, 5];
const LONGEST = 5;
/** How far out, in σ, a value must be to be the last straw, and what it costs to have looked more than once. */
const SHARE = 1;
const PRICE = 0.2;

const HOUR = 3600;
const DAY = 86_400;
const WEEK = 7 * DAY;
/** Monday, as the epoch was a Thursday. */
const MONDAY = 3 * DAY;

/** Steps that clocks are set to. */
const STEPS = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10080].map((m) => m * 60);

/** The step of a series by its times: the middle of the gaps, as a clock would have it. */
export function steps(times: number[]): number {
	const gaps: number[] = [];
	for (let i = 1; i < times.length; i++) gaps.push(times[i]! - times[i - 1]!);
	if (!gaps.length) return HOUR;
	gaps.sort((a, b) => a - b);
	const gap = gaps[(gaps.length - 1) >> 1]!;
	return STEPS.find((s) => Math.abs(gap / s - 1) < 0.03) ?? gap;
}

/**
 * Judges a series value by value, each from those before it alone: counts by what `fit` and `learn` say, whatever else
 * by a robust normal model.
 */
export class Watch {
	readonly #start: number;
	readonly #step: number;
	/** the values from the place `#first` on */
	#values: number[] = [];
	#first = 0;
	readonly #slots: number;
	readonly #perDay: number;
	/** what is remembered, in samples */
	readonly #memory: number;
	#counts = true;
	#model: ((index: number) => Forecast) | null = null;
	/** values in a row that were within the range, the last at the end */
	#calm: number[] = [];
	#stale = 0; // the first index for which the model is to be learned again
	#width = 1; // how much wider than said errors have been
	#squares = 0;
	#tested = 0;

	/** @param start time of the first value, @param step seconds from one to the next */
	constructor(start: number, step: number) {
		this.#start = start;
		this.#step = step;
		const rhythm = step <= DAY && WEEK % step === 0 && DAY % step === 0;
		this.#perDay = rhythm ? DAY / step : 1;
		this.#slots = rhythm ? WEEK / step : 1;
		this.#memory = step <= HOUR ? Math.round((8 * WEEK) / step) : step < DAY ? 10 * this.#slots : 26 * 7;
	}

	/** Judges the value at a place (steps since the first), and learns it unless `learned` is false. */
	next(index: number, value: number, learned = true): Judged | null {
		if (index >= this.#stale) this.#learn(index);
		const judged = this.#model ? this.#judge(this.#model(index), value, learned) : null;
		if (!learned) return judged;
		this.#put(index, value);
		if (!Number.isNaN(value) && (value < 0 || !Number.isInteger(value)) && this.#counts) {
			this.#counts = false;
			this.#stale = 0;
		}
		return judged;
	}

	#put(index: number, value: number): void {
		const last = this.#first + this.#values.length;
		if (!this.#values.length || index - last > this.#memory) {
			this.#values = [];
			this.#first = index;
		} else if (this.#values.length > 2 * this.#memory) {
			this.#values = this.#values.slice(-this.#memory);
			this.#first = last - this.#memory;
		}
		while (this.#first + this.#values.length < index) this.#values.push(NaN);
		this.#values[index - this.#first] = value;
		if (index > last) this.#calm = []; // a hole
	}

	#judge(forecast: Forecast, value: number, learned: boolean): Judged {
		const { low, high, mean } = forecast;
		if (Number.isNaN(value)) {
			this.#calm = [];
			return { expected: mean, low, high, score: NaN };
		}
		const score = forecast.score(value);
		if (!learned) return { expected: mean, low, high, score };
		if (Math.abs(forecast.alone(value)) > EDGE) this.#calm = [];
		else if (this.#calm.push(value) > LONGEST) this.#calm.shift();
		// What strays a little, all the time, is the usual; what strays far is no witness.
		if (Math.abs(score) < 6) {
			this.#tested++;
			this.#squares += Math.min(score * score, 9);
			if (this.#tested > 2000) {
				this.#tested /= 2;
				this.#squares /= 2;
			}
		}
		return { expected: mean, low, high, score };
	}

	#learn(index: number): void {
		const day = Math.max(1, Math.floor(DAY / this.#step / 4));
		const often = this.#counts || index * this.#step < 2 * WEEK ? day : 2 * day;
		this.#stale = index + Math.max(1, Math.min(often, Math.floor(index / 10)));
		const from = Math.max(this.#first, index - this.#memory);
		const counts = new Float64Array(Math.max(index - from, 0)).fill(NaN);
		const skip = from - this.#first;
		for (let i = 0; i < counts.length && skip + i < this.#values.length; i++) counts[i] = this.#values[skip + i]!;
		if (!counts.some((c) => !Number.isNaN(c))) {
			this.#model = null;
			return;
		}
		// The width found so far is that of models of the past; it changes slowly.
		this.#width = Math.max(1, (this.#squares + 40) / (this.#tested + 40));
		const width = this.#width;
		const slot =
			this.#slots > 1
				? Math.round(((this.#start + from * this.#step + MONDAY) / this.#step) % this.#slots) % this.#slots
				: 0;
		const counted = this.#counts && !even(counts);
		if (counted && this.#step < HOUR && HOUR % this.#step === 0) {
			const usual = this.#hours(index, counts, from);
			if (usual) {
				this.#model = (i) =>
					count(
						(back) => {
							const at = this.#start + i * this.#step;
							return usual(at - back * this.#step, at + this.#step);
						},
						this.#calm,
						width
					);
				return;
			}
		}
		if (counted) {
			const learned = learn(
				{ counts, slot, slots: this.#slots, perDay: this.#perDay, block: this.#perDay },
				new Float64Array(this.#slots).fill(1),
				true
			);
			this.#model = (i) =>
				count((back) => several(learned, slot + i - from - back, slot + i - from + 1), this.#calm, width);
			return;
		}
		const learned = measure(
			{ counts, slot, slots: this.#slots, perDay: this.#perDay, block: this.#perDay },
			this.#counts ? 0.5 : 0
		);
		this.#model = learned && ((i) => normal(learned, (slot + i - from) % this.#slots));
	}

	/** Counts of less than an hour are learned by the hour. */
	#hours(index: number, counts: Float64Array, from: number): ((a: number, b: number) => Expected) | null {
		const per = HOUR / this.#step;
		const begin = this.#start + from * this.#step;
		const first = Math.ceil(begin / HOUR) * HOUR;
		const skip = Math.round((first - begin) / this.#step);
		const hours = Math.floor((counts.length - skip) / per);
		if (hours < 6) return null;
		const sums = new Float64Array(hours);
		for (let h = 0; h < hours; h++) {
			let sum = 0;
			let seen = 0;
			for (let k = 0; k < per; k++) {
				const c = counts[skip + h * per + k]!;
				if (c >= 0) {
					sum += c;
					seen++;
				}
			}
			sums[h] = seen * 2 >= per ? Math.round((sum * per) / seen) : NaN;
		}
		const usual = fit({ start: first, counts: sums }, { now: first + hours * HOUR });
		return (a, b) => usual.expected(a, b);
	}
}

/** Whether whole numbers differ from one to the next by far less than counts of events would: then they are none. */
function even(values: Float64Array): boolean {
	let sum = 0;
	let seen = 0;
	const steps: number[] = [];
	for (let i = 0; i < values.length; i++) {
		if (Number.isNaN(values[i]!)) continue;
		sum += values[i]!;
		seen++;
		const d = Math.abs(values[i]! - values[i - 1]!);
		if (!Number.isNaN(d)) steps.push(d);
	}
	const mean = sum / seen;
	return steps.length > 50 && mean > 5 && (median(steps) * 1.4826) ** 2 / 2 < 0.35 * mean;
}

type Forecast = {
	mean: number;
	low: number;
	high: number;
	score(value: number): number;
	/** the score of the value by itself */
	alone(value: number): number;
};

/**
 * What is expected of a count after others: it is unusual by itself, or makes those of the last values that were not
 * unusual by themselves unusual together, if it does its share (which is `SHARE`).
 */
function count(of: (back: number) => Expected, calm: number[], width: number): Forecast {
	const wide = ({ mean, variance }: Expected) => ({ mean, variance: variance * width });
	const one = wide(of(0));
	const alone = (value: number) => deviation(value, one);
	let { low, high } = range(one);
	const together: { before: number; e: Expected }[] = [];
	for (const back of BACK) {
		if (calm.length < back) break;
		let before = 0;
		for (let k = calm.length - back; k < calm.length; k++) before += calm[k]!;
		together.push({ before, e: wide(of(back)) });
	}
	if (together.length) {
		const share = range(one, SHARE);
		for (const { before, e } of together) {
			const all = range(e, EDGE + PRICE);
			high = Math.min(high, Math.max(share.high, all.high - before));
			low = Math.max(low, Math.min(share.low, all.low - before));
		}
	}
	const score = (value: number): number => {
		const z = alone(value);
		if (Math.abs(z) <= SHARE) return z;
		const side = Math.sign(z);
		let most = z * side;
		for (const { before, e } of together) most = Math.max(most, deviation(before + value, e) * side - PRICE);
		return most * side;
	};
	return { mean: one.mean, low, high, score, alone };
}

/** What is expected of the sum of samples in a row. */
function several({ level, doubt, rhythm, spread }: Learned, from: number, to: number): Expected {
	const slots = rhythm.rate.length;
	let mean = 0;
	let shared = 0;
	let own = 0;
	for (let i = from; i < to; i++) {
		const s = ((i % slots) + slots) % slots;
		const m = level * Math.max(rhythm.rate[s]!, 1e-9);
		mean += m;
		shared += m * Math.sqrt(rhythm.shared[s]!);
		own += m * m * rhythm.own[s]!;
	}
	const relative = to - from > 4 ? spread.relative[1] : Math.max(spread.relative[0], spread.relative[1]);
	return { mean, variance: spread.phi * mean + (relative + doubt) * mean * mean + shared * shared + own };
}

function normal({ level, rhythm, scale }: Measure, slot: number): Forecast {
	const mean = level + rhythm[slot]!;
	const sd = scale[slot]!;
	const score = (value: number) => (value - mean) / sd;
	return { mean, low: mean - EDGE * sd, high: mean + EDGE * sd, score, alone: score };
}

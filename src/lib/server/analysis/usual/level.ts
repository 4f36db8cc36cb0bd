import { median } from './median';

/**
 * The level of a series, block by block (a block is a day of hours): a local level model, followed by a Kalman filter
 * in which a single strange block moves nothing, and a lasting change is believed after `LASTING` blocks.
 */
export type Level = {
	/** what each block was predicted to be from the blocks before it */
	predicted: Float64Array;
	/** what each block was, seen from all of them */
	smooth: Float64Array;
	/** the next block */
	next: number;
	/** relative variance of the next level */
	variance: number;
	/** the mean of the same over the past blocks: what the errors of the past already hold */
	usual: number;
};

/** How much a level moves in a block, relative. */
const DRIFT = 0.015 ** 2;
/** Blocks in a row that must be off to the same side, by 2 σ in the mean, before the level is taken for changed. */
const LASTING = 4;
/** Blocks for which the level before a change is remembered. */
const MEMORY = 28;
/** Relative variance of a level before anything was seen, and when it has just changed. */
const UNKNOWN = 1;
const CHANGED = 0.1;

/**
 * @param seen per block: the level that it shows by itself (NaN: nothing)
 * @param event the level at which a block would show one event
 * @param noise per block: relative variance of that, at a level
 */
export function follow(seen: Float64Array, noise: (block: number, level: number) => number, event: number): Level {
	const n = seen.length;
	const predicted = new Float64Array(n);
	const smooth = new Float64Array(n);
	const before = new Float64Array(n); // variance of the prediction
	const after = new Float64Array(n); // variance once the block is seen
	const jump = new Uint8Array(n);
	let level = NaN;
	let variance = UNKNOWN;
	let run = 0; // blocks in a row that were off, signed by the side
	let evidence = 0; // by how much together, in σ
	let began = 0; // where that run began
	let old = NaN; // the level before the last change: going back to it needs no patience
	let age = 0; // blocks since that change
	for (let b = 0; b < n; b++) {
		const y = seen[b]!;
		if (Number.isNaN(level) && y > 0) {
			level = start(seen, b, 7);
			variance = CHANGED;
		}
		predicted[b] = level;
		variance += DRIFT;
		before[b] = variance;
		age++;
		if (jump[b]) {
			before[b] = Infinity;
			level = Math.max(start(seen, b, LASTING), level * 0.02, event / LASTING);
			variance = CHANGED + noise(b, level) / LASTING;
		}
		if (y >= 0 && !Number.isNaN(level)) {
			const own = noise(b, level);
			// By roots, as counts are nearly even that way: none of half a one is as ordinary as one.
			const size = (2 * (Math.sqrt(y / level) - 1)) / Math.sqrt(variance + own);
			const side = jump[b] || Math.abs(size) <= 1 ? 0 : Math.sign(size);
			if (side === 0 || Math.sign(run) !== side) began = b;
			const goesOn = side !== 0 && Math.sign(run) === side;
			run = goesOn ? run + side : side;
			evidence = side === 0 ? 0 : goesOn ? evidence + size : size;
			const back = Math.abs(size) > 2 && !jump[b] && age < MEMORY && Math.abs(y / old - 1) < 2 * Math.sqrt(own + DRIFT);
			if (back) {
				[old, level] = [level, old];
				before[b] = Infinity;
				variance = CHANGED;
				age = run = evidence = 0;
			} else if (Math.abs(run) >= LASTING && Math.abs(evidence) >= 2 * LASTING) {
				// Looked at once more from where it began.
				b = began - 1;
				jump[began] = 1;
				old = predicted[began]!;
				age = run = evidence = 0;
				continue;
			}
			const weight = jump[b] || back ? 1 : Math.abs(size) > 4 ? 0 : Math.abs(size) > 2 ? 2 / Math.abs(size) : 1;
			const gain = (variance * weight) / (variance + own);
			level = Math.max(level * (1 + gain * (y / level - 1)), level * 0.05);
			variance *= 1 - gain;
		}
		after[b] = variance;
		smooth[b] = level;
	}
	const next = level;
	// A few strange blocks in a row may be the beginning of something: the next is less sure.
	const doubt = variance + DRIFT + (Math.abs(evidence) > 4 ? 0.1 * (Math.abs(run) - 1) : 0);
	let sum = 0;
	let count = 0;
	for (let b = 0; b < n; b++)
		if (before[b]! > 0 && before[b]! < 0.2) {
			sum += before[b]!;
			count++;
		}
	for (let b = n - 2; b >= 0; b--) {
		if (Number.isNaN(smooth[b]!)) smooth[b] = smooth[b + 1]!;
		else if (before[b + 1]! > 0) smooth[b]! += (after[b]! / before[b + 1]!) * (smooth[b + 1]! - predicted[b + 1]!);
	}
	return { predicted, smooth, next, variance: doubt, usual: count ? sum / count : DRIFT };
}

/** Where to begin: the median of the first blocks, or their mean where most show nothing. */
function start(seen: Float64Array, from: number, blocks: number): number {
	const first: number[] = [];
	for (let b = from; b < seen.length && first.length < blocks; b++) if (!Number.isNaN(seen[b]!)) first.push(seen[b]!);
	const mean = first.reduce((a, b) => a + b, 0) / first.length;
	return median(first) || mean;
}

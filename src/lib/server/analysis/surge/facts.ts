import { range } from '$lib/core/usual';
import type { Series } from '../series';
import type { Test, View } from './view';

/** What one clearance, and every higher one, may know of a surge: only from counts that it sees. */
export type Facts = {
	rank: number;
	n: number;
	mean: number;
	low: number;
	high: number;
	sigma: number;
	/** the highest so far */
	peak: number;
	/** seconds: the length of the window that this is about */
	window: number;
	from: number;
	to: number;
};

/** Windows by the rank of each clearance that sees something of its own. */
export type Views = ReadonlyMap<number, View[]>;

/** A series in a window. */
export function tell(series: Series, view: View, rank: number, peak = -Infinity): Facts {
	const { mean, variance } = view.expected(series.id);
	const { low, high } = range({ mean, variance });
	const sigma = view.sigma(series.id);
	const n = view.window.n[rank]![series.id]!;
	const { seconds: window, from, to } = view.window;
	return { rank, n, mean, low, high, sigma, peak: Math.max(peak, sigma), window, from, to };
}

/**
 * What each clearance is told: by the window in which it stands out most for that clearance; where it does in none,
 * only those who were told before are, by the window of `seconds`.
 */
export function say(series: Series, all: Views, test: Test, seconds: number, before: readonly Facts[]): Facts[] {
	const out: Facts[] = [];
	for (const [rank, views] of all) {
		const told = before.find((f) => f.rank === rank);
		let best: View | undefined;
		let most = 0;
		for (const view of views) {
			const s = series.id < view.left.length ? view.surge(series.id, test) : 0;
			if (s > most) {
				most = s;
				best = view;
			}
		}
		if (!best && told) best = views.find((v) => v.seconds === seconds);
		if (best) out.push(tell(series, best, rank, told?.peak));
		else if (told) out.push(told);
	}
	return out;
}

import { EDGE } from '$lib/core/usual';
import type { Catalogue, Series } from '../series';
import type { Test, View } from './view';

/** The part of an excess that lies in one place if that place explains it. */
const MOST = 0.7;
/** The part of the threshold that a place must reach by itself to be named for the whole. */
const NEARLY = 0.9;
/** Below this what is left is usual. */
const USUAL = 3;

/** A series that stands out, and the window in which it does most. */
export type Found = { series: Series; view: View };

/**
 * The fewest series that explain all surges in some windows of one clearance. A burst in one cell lifts its sector,
 * its province, its class and the nation too: of all that stand out the clearest is taken, then the most specific
 * series in which nearly all of its excess lies, or, if several parts of a whole stand out, the whole. Its excess is
 * taken away everywhere, and what still stands out comes next. Windows show one thing together.
 */
export function explain(views: View[], catalogue: Catalogue, test: Test): Found[] {
	const found: Found[] = [];
	const done = new Set<number>();
	for (;;) {
		let best: Found | undefined;
		let most = 0;
		for (const view of views)
			for (let id = 0; id < view.left.length; id++) {
				const s = view.surge(id, test);
				if (s > most && !done.has(id)) {
					most = s;
					best = { series: catalogue.all[id]!, view };
				}
			}
		if (!best) return found;
		const { view } = best;
		const series = widen(view, catalogue, narrow(view, catalogue, best.series, test), test);
		done.add(best.series.id).add(series.id);
		found.push({ series, view });
		for (const v of views) v.take(series, catalogue);
	}
}

/** The most specific part in which nearly all of it lies. */
function narrow(view: View, catalogue: Catalogue, series: Series, test: Test): Series {
	for (;;) {
		const excess = view.excess(series.id);
		let best: number | undefined;
		let most = Math.max(EDGE, NEARLY * test.sigma);
		for (const id of series.children) {
			if (id >= view.left.length) continue;
			const own = view.excess(id);
			if (own < MOST * excess || view.sigma(series.id, own) >= USUAL) continue;
			const s = view.sigma(id);
			if (s > most) {
				most = s;
				best = id;
			}
		}
		if (best === undefined) return series;
		series = catalogue.all[best]!;
	}
}

/** The whole that it is part of, if that would be a surge without it too, and so on. */
function widen(view: View, catalogue: Catalogue, series: Series, test: Test): Series {
	for (;;) {
		const own = view.excess(series.id);
		let best: number | undefined;
		let most = 0;
		for (const id of series.parents) {
			const s = view.surge(id, test, own);
			if (s > most) {
				most = s;
				best = id;
			}
		}
		if (best === undefined) return series;
		series = catalogue.all[best]!;
	}
}

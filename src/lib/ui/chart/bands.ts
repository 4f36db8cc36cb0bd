import { ascending, quantileSorted } from 'd3-array';
import { count } from '../base/number';
import { compact, rate } from './figure';

/** One step of a legend: the ramp colour (`--ramp-1` … `--ramp-5`) and the values that have it. */
export type Step = { ramp: number; label: string };

/** A quantile scale: about equally many of the values it was made from fall into each band. */
export type Bands = {
	/** lower ends of all bands but the first, ascending */
	edges: number[];
	steps: Step[];
	/** 0 for none, else 1 to 5 */
	ramp(n: number): number;
};

/**
 * Quantile bands (five at most) over the values above zero; zero is a band of its own, because none is not a little.
 * Few or equal values give fewer bands. `whole` values (counts) have whole edges and labels; rates, and counts so large
 * that nobody reads their last digits, have edges of two figures.
 */
export function bands(values: Iterable<number>, whole = true, most = 5): Bands {
	const sorted = [...values].filter((n) => n > 0).sort(ascending);
	const least = sorted[0];
	const exact = whole && (sorted.at(-1) ?? 0) < 10_000;
	const tidy = (n: number) => (exact ? Math.ceil(n) : Number(n.toPrecision(2)));
	// No more bands than different values: two provinces do not make five colours.
	const parts = Math.min(most, new Set(sorted).size);
	const edges: number[] = [];
	if (least !== undefined)
		for (let i = 1; i < parts; i++) {
			const edge = tidy(quantileSorted(sorted, i / parts) ?? 0);
			if (edge > least && edge > (edges.at(-1) ?? 0)) edges.push(edge);
		}
	const size = edges.length + 1;
	const colour = (band: number) => (size === 1 ? 3 : Math.round(1 + (band * 4) / (size - 1)));
	const band = (n: number) => edges.filter((edge) => n >= edge).length;
	const word = (n: number) => (exact ? count(n) : n >= 1000 ? compact(n) : whole ? count(n) : rate(n));
	const steps =
		least === undefined ? [] : Array.from({ length: size }, (_, i) => ({ ramp: colour(i), label: label(i) }));

	function label(i: number): string {
		const from = edges[i - 1];
		const to = edges[i];
		if (from === undefined) {
			if (to === undefined) return whole ? '1 or more' : 'more than 0';
			return exact ? (to === 2 ? '1' : `1–${word(to - 1)}`) : `under ${word(to)}`;
		}
		if (to === undefined) return `${word(from)} or more`;
		return exact && to - 1 === from ? word(from) : `${word(from)}–${word(exact ? to - 1 : to)}`;
	}

	return { edges, steps, ramp: (n) => (n > 0 ? colour(band(n)) : 0) };
}

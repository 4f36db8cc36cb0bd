import { detect } from '../../src/cli/detect';
import { csv, daily, f1, hourly, KINDS, metric, score, threshold, type Labelled } from '../labelled';
import { fixed, type Figure } from './figure';
import type { Options } from './main';

/** Series of each kind, with seeds that the tests do not use. */
const SEEDS = [11, 12, 13, 14, 15, 16];

/** How well `detect` finds what is unusual in labelled series of many kinds, beside mean + 3 σ of all before. */
export function run({ quick }: Options): Promise<Figure[]> {
	const seeds = quick ? SEEDS.slice(0, 1) : SEEDS;
	const tried: [string, (seed: number) => Labelled][] = [];
	for (const kind of KINDS)
		for (const rate of [1, 10, 100, 1000]) tried.push([`${kind} of ${rate}/h`, (seed) => hourly(kind, rate, seed)]);
	for (const [style, name] of ['a rhythm of the day', 'no rhythm', 'a batch a day', 'percents'].entries())
		tried.push([`5-minute metric, ${name}`, (seed) => metric(4 * seed + style)]);
	for (const rate of [5, 50, 500, 5000]) tried.push([`${rate} a day, three years`, (seed) => daily(rate, seed)]);
	return Promise.resolve(
		tried.map(([what, make]) => {
			const all = seeds.map(make);
			const ours = score(all, (s) => detect(csv(s)).rows.map((r) => r.score ?? 0));
			const plain = score(all, threshold);
			return { part: 'detect', what, figure: said(ours), floor: said(plain), numbers: { ours, plain } };
		})
	);
}

function said(s: ReturnType<typeof score>): string {
	const found = Number.isNaN(s.recall)
		? 'nothing to find'
		: `P ${fixed(s.precision, 2)}, R ${fixed(s.recall, 2)}, F1 ${fixed(f1(s), 2)}`;
	return `${found}, false ${fixed(s.cries)} of 1000`;
}

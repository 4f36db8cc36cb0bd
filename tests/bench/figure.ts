import { cpus, loadavg, totalmem } from 'node:os';

/** One line of the table. `met` is undefined for what only informs. */
export type Figure = {
	part: string;
	what: string;
	figure: string;
	floor?: string;
	ratio?: string;
	budget?: string;
	met?: boolean;
	/** the numbers behind it, for the JSON */
	numbers?: Record<string, unknown>;
};

export const median = (list: number[]): number => quantile(list, 0.5);

/** By rank, without interpolation: the least value that at least `q` of all do not exceed. */
export function quantile(list: number[], q: number): number {
	if (!list.length) return NaN;
	const sorted = Float64Array.from(list).sort();
	return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]!;
}

export const whole = (n: number): string => Math.round(n).toLocaleString('en-GB');
export const fixed = (n: number, digits = 1): string => n.toFixed(digits);

export function table(figures: Figure[]): string {
	const head = ['part', 'what', 'figure', 'floor', 'ratio', 'budget', ''];
	const rows = figures.map((f) => [
		f.part,
		f.what,
		f.figure,
		f.floor ?? '–',
		f.ratio ?? '–',
		f.budget ?? '–',
		f.met === undefined ? '' : f.met ? 'met' : 'MISSED'
	]);
	const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i]!.length)));
	const line = (cells: string[]) => `| ${cells.map((c, i) => c.padEnd(widths[i]!)).join(' | ')} |`;
	return [line(head), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

export const surroundings = () => ({
	at: new Date().toISOString(),
	node: process.version,
	cpus: cpus().length,
	model: cpus()[0]?.model ?? 'unknown',
	memory: totalmem(),
	load: loadavg()
});

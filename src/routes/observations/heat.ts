import { DAY, HOUR, day, pkt } from '$lib/core/clock';

/** Columns of a heatmap at the most: more would be too narrow to be pointed at. */
const MOST = 32;
const STEPS = [1, 2, 3, 4, 6, 12, 24, 48, 168, 336, 672];
const PKT = 5 * HOUR;

export type Grid = {
	/** starts of the columns */
	columns: number[];
	/** seconds a column */
	unit: number;
	names: { name: string; shown: boolean }[];
	/** the busiest first */
	rows: { key: string; counts: number[]; total: number }[];
};

/** Cells of sector by time as rows of columns that are wide enough, at round times. `unit`: seconds a cell. */
export function grid(
	cells: [at: number, sector: string, count: number][],
	unit: number,
	from: number,
	to: number
): Grid {
	const step = (STEPS.find((h) => h * HOUR >= unit && (to - from) / (h * HOUR) <= MOST) ?? 672) * HOUR;
	// Days of PKT where the cells are hours; cells of a day are days of UTC.
	const shift = unit < DAY ? PKT : 0;
	const floor = (t: number) => Math.floor((t + shift) / step) * step - shift;
	const columns: number[] = [];
	for (let at = floor(from); at < to; at += step) columns.push(at);
	const at = new Map(columns.map((t, i) => [t, i]));
	const rows = new Map<string, number[]>();
	for (const [t, sector, n] of cells) {
		const i = at.get(floor(t));
		if (i === undefined) continue;
		let row = rows.get(sector);
		if (!row) rows.set(sector, (row = columns.map(() => 0)));
		row[i]! += n;
	}
	const every = Math.ceil(columns.length / 8);
	return {
		columns,
		unit: step,
		names: columns.map((t, i) => ({
			name: step >= DAY ? day(t).slice(4) : i % every === 0 && (t + PKT) % DAY === 0 ? day(t).slice(4) : pkt(t),
			shown: i % every === 0
		})),
		rows: [...rows]
			.map(([key, counts]) => ({ key, counts, total: counts.reduce((a, b) => a + b, 0) }))
			.sort((a, b) => b.total - a.total)
	};
}

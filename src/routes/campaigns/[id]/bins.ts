import { DAY, floor, HOUR } from '$lib/core/clock';

/** Lengths of a bar. Each divides the day, or is days: bars begin with days of Pakistan (UTC+5). */
const UNITS = [HOUR, 3 * HOUR, 6 * HOUR, DAY, 7 * DAY];
const MOST = 72;
/** Days begin at midnight in Pakistan, weeks on Monday; the epoch was a Thursday. */
const SHIFT = 4 * DAY - 5 * HOUR;
/** Fewer would be drawn as walls. */
const LEAST = 12;

export type Row = { sector: string; n: number; first: number; bars: number[] };
export type Bins = { unit: number; from: number; length: number; top: number; rows: Row[] };

/** Reports by hour and sector as bars of one length on one axis, a row for each sector by when it was seen there first. */
export function bins(hours: { at: number; sector: string; n: number }[]): Bins {
	const from = hours.reduce((t, h) => Math.min(t, h.at), Infinity);
	const to = hours.reduce((t, h) => Math.max(t, h.at), -Infinity);
	if (!hours.length) return { unit: HOUR, from: 0, length: 0, top: 1, rows: [] };
	const begin = (at: number, unit: number) => floor(at - SHIFT, unit) + SHIFT;
	const count = (unit: number) => (begin(to, unit) - begin(from, unit)) / unit + 1;
	const unit = UNITS.find((u) => count(u) <= MOST) ?? UNITS.at(-1)!;
	const start = begin(from, unit);
	const length = Math.max(LEAST, count(unit));
	const rows = new Map<string, Row>();
	for (const { at, sector, n } of hours) {
		const row = rows.get(sector) ?? { sector, n: 0, first: at, bars: Array.from({ length }, () => 0) };
		row.n += n;
		row.first = Math.min(row.first, at);
		row.bars[(begin(at, unit) - start) / unit]! += n;
		rows.set(sector, row);
	}
	return {
		unit,
		from: start,
		length,
		top: Math.max(...[...rows.values()].flatMap((r) => r.bars)),
		rows: [...rows.values()].sort((a, b) => a.first - b.first || b.n - a.n || (a.sector < b.sector ? -1 : 1))
	};
}

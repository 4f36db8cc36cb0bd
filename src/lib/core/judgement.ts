import { deviation, range } from './usual';

/** Stands for every province, sector or class. */
export const ALL = '*';

/**
 * `now`: the last 60 whole minutes; `minute`: the last whole one; `hour`: a whole hour of the last 24; `day`: the last
 * 24 hours.
 */
export const UNITS = ['now', 'minute', 'hour', 'day'] as const;
export type Unit = (typeof UNITS)[number];

/** `learning`: under two weeks of history; `no-data`: what usually reports is silent; neither is a low number. */
export type State = 'judged' | 'learning' | 'no-data';

/** A count and what was expected of it, as it is kept; `at` is the start of its window (epoch seconds). */
export type Row = [
	unit: Unit,
	at: number,
	province: string,
	sector: string,
	cls: string,
	n: number,
	mean: number,
	variance: number,
	state: State
];

/**
 * As it stands on the wire: the count, what was expected, the range in which all but one in two thousand fall, and how
 * far off the count is in σ (null unless `judged`). `none` takes back what was said of a series.
 */
export type Judged = [
	unit: Unit,
	at: number,
	province: string,
	sector: string,
	cls: string,
	n: number,
	expected: number,
	low: number,
	high: number,
	sigma: number | null,
	state: State | 'none'
];

/** The series and window that a row is about; a newer row takes the place of an older one of the same name. */
export const name = (r: Row | Judged): string =>
	r[0] === 'hour' ? `${r[2]}|${r[3]}|${r[4]}|${r[1]}` : `${r[2]}|${r[3]}|${r[4]}|${r[0]}`;

/** The judgement of a series in a window; `at` is for whole hours. */
export const find = (
	rows: ReadonlyMap<string, Judged>,
	unit: Unit,
	{ province = ALL, sector = ALL, cls = ALL, at = 0 }: { province?: string; sector?: string; cls?: string; at?: number }
): Judged | undefined => rows.get(`${province}|${sector}|${cls}|${unit === 'hour' ? at : unit}`);

/** Whether two rows of one name say the same; that a window has moved on is not news. */
export const same = (a: Judged, b: Judged): boolean =>
	a[5] === b[5] && a[6] === b[6] && a[7] === b[7] && a[8] === b[8] && a[9] === b[9] && a[10] === b[10];

/** A row with its range and deviation, rounded as far as a screen can show. */
export function judge([unit, at, province, sector, cls, n, mean, variance, state]: Row): Judged {
	if (state !== 'judged') return [unit, at, province, sector, cls, n, round(mean), 0, 0, null, state];
	const expected = { mean, variance };
	const { low, high } = range(expected);
	return [unit, at, province, sector, cls, n, round(mean), low, high, round(deviation(n, expected)), state];
}

/** Two places below 10, one below 100, else whole. */
const round = (x: number): number => {
	const size = Math.abs(x);
	const by = size < 10 ? 100 : size < 100 ? 10 : 1;
	return Math.round(x * by) / by;
};

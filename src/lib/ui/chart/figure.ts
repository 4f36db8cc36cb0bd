import { count } from '../base/number';

/** A count for a tight place, four characters at most below ten billion: `987`, `1.2k`, `12k`, `3.4M`. */
export function compact(n: number): string {
	if (n < 1000) return String(Math.round(n));
	for (const [unit, size] of [
		['B', 1e9],
		['M', 1e6],
		['k', 1e3]
	] as const) {
		// 999,600 is a million when it is rounded to three figures.
		if (n < size * 0.9995 && size > 1e3) continue;
		const x = n / size;
		return (x < 9.95 ? x.toFixed(1) : x.toFixed(0)) + unit;
	}
	return String(n);
}

/** A rate with two figures or so: `0`, `<0.1`, `2.4`, `36`, `1,204`, `52k`. */
export function rate(n: number): string {
	if (n <= 0) return '0';
	if (n < 0.1) return '<0.1';
	return n < 9.95 ? n.toFixed(1) : n < 10_000 ? count(n) : compact(n);
}

/** Reports per 100,000 people. */
export const perPeople = (n: number, population: number): number => (population > 0 ? (n * 100_000) / population : 0);

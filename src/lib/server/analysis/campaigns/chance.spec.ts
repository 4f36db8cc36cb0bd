import { expect, it } from 'vitest';
import { least } from './chance';

/** Counts of values that come back by chance with a mean, of so many that there are. */
function poisson(mean: number, all: number) {
	const p = (n: number): number => (n ? (p(n - 1) * mean) / n : Math.exp(-mean));
	let median = 1;
	for (let sum = p(1); sum < (1 - p(0)) / 2; sum += p(median)) median++;
	return { values: Math.round(all * (1 - p(0))), once: Math.round(all * p(1)), twice: Math.round(all * p(2)), median };
}
/** How many of them chance brings to n or more. */
const reach = (mean: number, all: number, n: number) => {
	let [term, sum] = [Math.exp(-mean), Math.exp(-mean)];
	for (let i = 1; i < n; i++) sum += term *= mean / i;
	return all * (1 - sum);
};

it('of a kind of which little is known, any value may be shared', () => {
	expect(least({ values: 29, once: 29, twice: 0, median: 1 })).toBe(0);
});

it('where hardly any value comes back, a few reports are enough', () => {
	expect(least({ values: 200, once: 198, twice: 1, median: 1 })).toBeLessThanOrEqual(3);
	expect(least({ values: 10_000, once: 9400, twice: 500, median: 1 })).toBeLessThanOrEqual(5);
});

it('where values come back, chance alone brings hardly one of them so far', () => {
	for (const [mean, all] of [
		[0.3, 5000],
		[1, 2400],
		[2, 2400],
		[6, 2400],
		[13, 254]
	] as const) {
		const n = least(poisson(mean, all));
		expect(reach(mean, all, n), `${n} at a mean of ${mean}`).toBeLessThan(0.2);
		expect(n).toBeLessThan(6 * mean + 8);
	}
});

it('a few campaigns among them do not move it', () => {
	const usual = poisson(1, 2400);
	expect(least({ ...usual, values: usual.values + 10 })).toBe(least(usual));
});

it('ends for whatever it is given', () => {
	for (const counts of [
		{ values: 1e6, once: 5, twice: 1e6, median: 2 },
		{ values: 100, once: 0, twice: 0, median: 5000 },
		{ values: 100, once: 100, twice: 0, median: 1 }
	])
		expect(Number.isFinite(least(counts))).toBe(true);
});

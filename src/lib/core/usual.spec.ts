import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviation, EDGE, range, sum, type Expected } from './usual';

/** The mid-p upper tail by adding up probabilities, each from the one before. */
function tail(n: number, { mean, variance }: Expected): { lower: number; upper: number } {
	const r = variance > mean ? (mean * mean) / (variance - mean) : Infinity;
	const q = Number.isFinite(r) ? mean / (mean + r) : 0;
	let p = Number.isFinite(r) ? Math.exp(-r * Math.log1p(mean / r)) : Math.exp(-mean);
	let lower = 0;
	let upper = 0;
	for (let k = 0; k < n + 40 * Math.sqrt(variance) + 200; k++) {
		if (k < n) lower += p;
		else if (k > n) upper += p;
		else {
			lower += p / 2;
			upper += p / 2;
		}
		p *= Number.isFinite(r) ? (q * (r + k)) / (k + 1) : mean / (k + 1);
	}
	return { lower, upper };
}

/** P(Z > z), by Abramowitz and Stegun 26.2.1 as a continued fraction; z > 0. */
function beyond(z: number): number {
	if (z < 0) return 1 - beyond(-z);
	if (z < 2) {
		let term = z;
		let total = z;
		for (let k = 1; k < 100; k++) total += term *= (z * z) / (2 * k + 1);
		return 0.5 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * total;
	}
	let f = z;
	for (let k = 200; k > 0; k--) f = z + k / f;
	return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / f;
}

const expected = fc
	.record({
		mean: fc.double({ min: 1e-3, max: 3000, noNaN: true }),
		spread: fc.double({ min: 0, max: 5, noNaN: true })
	})
	.map(({ mean, spread }) => ({ mean, variance: mean + spread * mean + 0.01 * spread * mean * mean }));

describe('deviation', () => {
	it('is the normal quantile of the exact tail, for counts small and large', () => {
		for (const mean of [0.01, 0.2, 1, 3.7, 20, 149, 160, 900])
			for (const variance of [mean, mean * 1.3, mean * 4, mean + 0.1 * mean * mean, mean + mean * mean])
				for (const n of [0, 1, 2, 3, 5, 0.5 * mean, 0.8 * mean, mean, 1.2 * mean, 2 * mean, 4 * mean].map(Math.round)) {
					const { lower, upper } = tail(n, { mean, variance });
					if (Math.min(lower, upper) < 1e-200) continue;
					const z = deviation(n, { mean, variance });
					const exact = upper < lower ? upper : lower;
					const at = upper < lower ? beyond(z) : beyond(-z);
					// A relative error ε of a tail beyond z is an error of about ε / z in z.
					const error = Math.abs(at / exact - 1) / Math.max(1, Math.abs(z));
					expect(error, `${n} of ${mean} ± ${Math.sqrt(variance)}: ${z}`).toBeLessThan(
						mean > 150 ? 0.002 + 0.004 * Math.abs(z) : 2e-5
					);
				}
	});

	it('takes two where 0.2 is usual for about 2 σ', () => {
		expect(deviation(2, { mean: 0.2, variance: 0.2 })).toBeCloseTo(2.35, 2);
		expect(deviation(2, { mean: 0.2, variance: 0.3 })).toBeLessThan(2.35);
	});

	it('grows with the count', () => {
		fc.assert(
			fc.property(expected, fc.nat(5000), fc.integer({ min: 1, max: 100 }), (e, n, more) => {
				expect(deviation(n + more, e)).toBeGreaterThan(deviation(n, e));
			})
		);
	});

	it('falls as more is expected', () => {
		fc.assert(
			fc.property(fc.nat(2000), fc.double({ min: 0.01, max: 2000, noNaN: true }), (n, mean) => {
				const more = mean * 1.05;
				expect(deviation(n, { mean: more, variance: more * 1.5 })).toBeLessThan(
					deviation(n, { mean, variance: mean * 1.5 })
				);
			})
		);
	});

	it('is finite for whatever is finite', () => {
		const any = fc.double({ min: 0, max: 1e12, noNaN: true });
		fc.assert(
			fc.property(any, any, any, (n, mean, variance) => {
				expect(Number.isFinite(deviation(n, { mean, variance }))).toBe(true);
			})
		);
		for (const n of [0, 1, 1e3, 1e9])
			for (const mean of [0, 1e-12, 1, n, 1e9])
				for (const variance of [0, mean, 3 * mean, 1e18]) expect(deviation(n, { mean, variance })).not.toBeNaN();
		expect(deviation(1e9, { mean: 1, variance: 1 })).toBeGreaterThan(1000);
		expect(deviation(1, { mean: 0, variance: 0 })).toBeGreaterThan(EDGE);
		expect(deviation(0, { mean: 0, variance: 0 })).toBeCloseTo(0);
	});

	it('has the spread of a standard normal when the model is true', () => {
		let seed = 7;
		const random = () => ((seed = (seed * 16807) % 2147483647) - 1) / 2147483646;
		for (const mean of [0.5, 5, 50]) {
			let square = 0;
			for (let i = 0; i < 20_000; i++) {
				let n = 0;
				for (let t = -Math.log(1 - random()); t < mean; t -= Math.log(1 - random())) n++;
				square += deviation(n, { mean, variance: mean }) ** 2;
			}
			expect(square / 20_000).toBeGreaterThan(mean < 1 ? 0.55 : 0.94);
			expect(square / 20_000).toBeLessThan(1.03);
		}
	});
});

describe('range', () => {
	it('holds exactly the counts that are not unusual', () => {
		fc.assert(
			fc.property(expected, (e) => {
				const { low, high } = range(e);
				expect(low).toBeLessThanOrEqual(high);
				expect(Math.abs(deviation(low, e))).toBeLessThanOrEqual(EDGE);
				expect(Math.abs(deviation(high, e))).toBeLessThanOrEqual(EDGE);
				expect(deviation(high + 1, e)).toBeGreaterThan(EDGE);
				if (low > 0) expect(deviation(low - 1, e)).toBeLessThan(-EDGE);
			})
		);
		expect(range({ mean: 0, variance: 0 })).toEqual({ low: 0, high: 0 });
	});
});

describe('sum', () => {
	it('adds means and variances', () => {
		expect(
			sum([
				{ mean: 1, variance: 2 },
				{ mean: 3, variance: 4 }
			])
		).toEqual({ mean: 4, variance: 6 });
		expect(sum([])).toEqual({ mean: 0, variance: 0 });
	});
});

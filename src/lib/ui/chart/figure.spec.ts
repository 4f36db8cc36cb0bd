import { expect, test } from 'vitest';
import { compact, perPeople, rate } from './figure';

test('a compact count has at most four characters', () => {
	for (const n of [0, 7, 999, 1000, 1249, 9949, 9951, 99_499, 999_499, 999_600, 1_234_567, 98_765_432, 2_000_000_000])
		expect(compact(n).length, String(n)).toBeLessThanOrEqual(4);
	expect(compact(1249)).toBe('1.2k');
	expect(compact(999_600)).toBe('1.0M');
	expect(compact(12_345)).toBe('12k');
});

test('a small rate is not shown as zero', () => {
	expect(rate(0)).toBe('0');
	expect(rate(0.02)).toBe('<0.1');
	expect(rate(2.44)).toBe('2.4');
	expect(rate(9.96)).toBe('10');
	expect(rate(1203.6)).toBe('1,204');
});

test('a rate needs people', () => {
	expect(perPeople(10, 0)).toBe(0);
	expect(perPeople(2364, 2_363_863)).toBeCloseTo(100, 1);
});

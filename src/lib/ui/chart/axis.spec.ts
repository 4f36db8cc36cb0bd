import { expect, test } from 'vitest';
import { ceiling } from './axis';

test('the top of an axis is round and never below the largest value', () => {
	for (const n of [0, 1, 2, 3, 9, 10, 11, 24, 26, 99, 101, 2600, 1_234_567])
		expect(ceiling(n)).toBeGreaterThanOrEqual(n);
	expect(ceiling(0)).toBe(1);
	expect(ceiling(3)).toBe(5);
	expect(ceiling(24)).toBe(25);
	expect(ceiling(101)).toBe(200);
	expect(ceiling(1_234_567)).toBe(2_000_000);
});

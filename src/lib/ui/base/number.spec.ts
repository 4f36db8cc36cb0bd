import { describe, expect, it } from 'vitest';
import { change, compact, count, percent, plural, rate } from './number';

describe('numbers on screens', () => {
	it('groups thousands with commas', () => expect(count(1234567)).toBe('1,234,567'));
	it('writes a negative change with a real minus sign', () => expect(change(-1200)).toBe('−1,200'));
	it('writes no sign before zero', () => expect(change(0)).toBe('0'));
	it('keeps one decimal of a small rate and none of a large one', () => {
		expect(rate(4.25)).toBe('4.3');
		expect(rate(1204.4)).toBe('1,204');
	});
	it('writes a giant number with three digits and its unit, a smaller one whole', () => {
		expect(compact(999_999)).toBe('999,999');
		expect(compact(1_234_567)).toBe('1.23\u00a0M');
		expect(compact(98_765_432_100)).toBe('98.8\u00a0B');
		expect(compact(-2_000_000)).toBe('−2\u00a0M');
	});
	it('counts one thing in the singular', () => {
		expect(plural(1, 'incident')).toBe('1 incident');
		expect(plural(0, 'incident')).toBe('0 incidents');
		expect(plural(2, 'delivery', 'deliveries')).toBe('2 deliveries');
	});
	it('has no percentage against nothing', () => {
		expect(percent(5, 0)).toBeNull();
		expect(percent(112, 100)).toBe('+12 %');
		expect(percent(88, 100)).toBe('−12 %');
	});
});

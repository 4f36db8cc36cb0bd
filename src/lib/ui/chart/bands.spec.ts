import { expect, test } from 'vitest';
import { bands } from './bands';

test('none is a band of its own', () => {
	const b = bands([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
	expect(b.ramp(0)).toBe(0);
	expect(b.ramp(1)).toBe(1);
	expect(b.ramp(10)).toBe(5);
	expect(b.ramp(1e9)).toBe(5);
});

test('no values make no legend and no colour', () => {
	expect(bands([]).steps).toEqual([]);
	expect(bands([0, 0]).ramp(0)).toBe(0);
});

test('equal values share one band in the middle of the ramp', () => {
	const b = bands([4, 4, 4]);
	expect(b.steps).toEqual([{ ramp: 3, label: '1 or more' }]);
	expect(b.ramp(4)).toBe(3);
});

test('each band holds about as many values as the next', () => {
	const values = Array.from({ length: 1000 }, (_, i) => (i + 1) ** 2);
	const b = bands(values);
	const held = new Map<number, number>();
	for (const n of values) held.set(b.ramp(n), (held.get(b.ramp(n)) ?? 0) + 1);
	expect([...held.keys()].sort()).toEqual([1, 2, 3, 4, 5]);
	for (const n of held.values()) expect(Math.abs(n - 200)).toBeLessThan(3);
});

test('the labels of counts leave no value out and none twice', () => {
	expect(bands([1, 2, 3, 4, 5, 6, 7, 8, 9, 1200]).steps.map((s) => s.label)).toEqual([
		'1–2',
		'3–4',
		'5–6',
		'7–8',
		'9 or more'
	]);
	expect(bands([1, 1, 1, 2, 2, 2]).steps.map((s) => s.label)).toEqual(['1', '2 or more']);
});

test('rates are labelled with few figures', () => {
	expect(bands([0.5, 1.23, 4.56, 12.3, 99], false, 3).steps.map((s) => s.label)).toEqual([
		'under 2.3',
		'2.3–9.7',
		'9.7 or more'
	]);
});

test('large counts are labelled with few figures too', () => {
	expect(bands([14_990, 22_653, 31_813, 54_360, 1_800_000]).steps.map((s) => s.label)).toEqual([
		'under 21k',
		'21k–28k',
		'28k–41k',
		'41k–400k',
		'400k or more'
	]);
});

test('two values do not make five colours', () => {
	expect(bands([3, 900]).steps).toHaveLength(2);
});

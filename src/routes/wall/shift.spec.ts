import { expect, test } from 'vitest';
import { shift } from './shift';

test('the picture stands at each of nine places for four minutes, and never further than a pixel away', () => {
	const begin = 9 * 240 * 1000;
	const places = Array.from({ length: 18 }, (_, i) => shift(begin + i * 240));
	expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(9);
	expect(places.slice(9)).toEqual(places.slice(0, 9));
	for (const { x, y } of places) expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(1);
	expect(shift(begin)).toEqual(shift(begin + 239.9));
});

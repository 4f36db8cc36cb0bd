import { expect, test } from 'vitest';
import { next } from './roving';

const marks = [
	[0, 0],
	[0, 1],
	[0, 2],
	[2, 0],
	[2, 2]
] as const;

test('arrows move to the neighbour, over gaps, and not beyond the ends', () => {
	expect(next('ArrowRight', [0, 1], marks)).toEqual([0, 2]);
	expect(next('ArrowRight', [2, 0], marks)).toEqual([2, 2]);
	expect(next('ArrowRight', [0, 2], marks)).toBeUndefined();
	expect(next('ArrowLeft', [0, 0], marks)).toBeUndefined();
});

test('up and down go to the nearest mark of the next row that has any', () => {
	expect(next('ArrowDown', [0, 2], marks)).toEqual([2, 2]);
	expect(next('ArrowDown', [0, 1], marks)).toEqual([2, 0]);
	expect(next('ArrowUp', [2, 2], marks)).toEqual([0, 2]);
	expect(next('ArrowUp', [0, 0], marks)).toBeUndefined();
});

test('Home and End go to the ends of a row, and other keys are left alone', () => {
	expect(next('Home', [0, 2], marks)).toEqual([0, 0]);
	expect(next('End', [2, 0], marks)).toEqual([2, 2]);
	expect(next('Enter', [0, 0], marks)).toBeUndefined();
	expect(next('a', [0, 0], marks)).toBeUndefined();
});

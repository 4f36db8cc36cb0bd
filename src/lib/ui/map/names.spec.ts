import { expect, test } from 'vitest';
import { toward } from './names';

const north = { x: 50, y: 10 };
const middle = { x: 40, y: 50 };
const east = { x: 95, y: 55 };
const south = { x: 45, y: 90 };
const all = [north, middle, east, south];

test('an arrow leads to the nearest mark in its direction', () => {
	expect(toward('ArrowDown', north, all)).toBe(middle);
	expect(toward('ArrowDown', middle, all)).toBe(south);
	expect(toward('ArrowRight', middle, all)).toBe(east);
	expect(toward('ArrowLeft', east, all)).toBe(middle);
	expect(toward('ArrowUp', south, all)).toBe(middle);
});

test('where nothing lies, an arrow leads nowhere, and other keys never do', () => {
	expect(toward('ArrowUp', north, all)).toBeUndefined();
	expect(toward('ArrowRight', east, all)).toBeUndefined();
	expect(toward('Enter', north, all)).toBeUndefined();
	expect(toward('constructor', north, all)).toBeUndefined();
});

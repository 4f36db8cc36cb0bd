import { describe, expect, it } from 'vitest';
import type { Judged } from '$lib/core/judgement';
import { figure, said, shape, step } from './deviation';

const row = (n: number, sigma: number | null, state: Judged[10] = 'judged'): Judged => [
	'now',
	0,
	'*',
	'*',
	'*',
	n,
	10,
	2,
	23,
	sigma,
	state
];

describe('a deviation on a screen', () => {
	it('has the step of the figure that is shown', () => {
		expect([-9, -3, -2.96, -2, -1.9, 0, 1.94, 1.96, 3, 4, 4.96, 80].map((s) => step(s).label)).toEqual([
			'−3σ',
			'−2σ',
			'−2σ',
			'usual',
			'usual',
			'usual',
			'usual',
			'+2σ',
			'+3σ',
			'+4σ',
			'+5σ',
			'+5σ'
		]);
	});

	it('is written with its sign and as many digits as can be read from afar', () => {
		expect([3.44, -2.1, 0.04, -0.04, 9.96, 12.7, 400].map(figure)).toEqual([
			'+3.4',
			'−2.1',
			'0',
			'0',
			'+10',
			'+13',
			'>99'
		]);
	});

	it('has a shape beside its colour', () => expect([2, 1.9, -2, 0].map(shape)).toEqual(['▲', '●', '▼', '●']));

	it('is said in words with the range that is usual, and what is not known is no number', () => {
		expect(said(row(40, 5.2))).toBe('above the usual, +5.2σ, usually 2 to 23');
		expect(said(row(0, null, 'no-data'))).toContain('no data');
		expect(said(row(0, null, 'learning'))).toContain('learning');
		expect(said(undefined)).toBe('not judged');
	});
});

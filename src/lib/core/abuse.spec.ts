import { expect, it } from 'vitest';
import { ABUSES, isAbuse, network } from './abuse';
import { TYPES } from './rsit';

it('what counts as abuse are types that reports have', () => {
	const types = TYPES.map((t) => t.slug);
	expect(ABUSES.filter((slug) => !types.includes(slug))).toEqual([]);
	expect(isAbuse('constructor')).toBe(false);
});

it('a network has one spelling', () => {
	expect(['AS17557', 'as 17557', ' 17557 ', 'AS0017557'].map(network)).toEqual(Array(4).fill('AS17557'));
	expect(network('203.0.113.0/24')).toBe('203.0.113.0/24');
	expect(network('2001:DB8::/48')).toBe('2001:db8::/48');
	expect(network('constituent:7')).toBe('constituent:7');
	expect(['', 'PTCL', "AS1' or 1=1", '../etc', '203.0.113.0', 'constituent:x', '12345678901'].map(network)).toEqual(
		Array(7).fill(undefined)
	);
});

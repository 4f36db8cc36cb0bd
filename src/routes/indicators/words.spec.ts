import { describe, expect, it } from 'vitest';
import { confidence, cut, kind, some, standing } from './words';

describe('indicators in words', () => {
	it('are networks or addresses', () => {
		expect(kind({ kind: 'ipv4-addr', value: '198.51.100.0/24' })).toBe('IPv4 network');
		expect(kind({ kind: 'ipv4-addr', value: '198.51.100.1' })).toBe('IPv4 address');
		expect(kind({ kind: 'url', value: 'http://a.example/' })).toBe('URL');
	});

	it('have a confidence in the words of STIX', () =>
		expect([null, 0, 1, 29, 30, 69, 70, 100].map(confidence)).toEqual([
			'not stated',
			'none, 0 of 100',
			'low, 1 of 100',
			'low, 29 of 100',
			'medium, 30 of 100',
			'medium, 69 of 100',
			'high, 70 of 100',
			'high, 100 of 100'
		]));

	it('stand as what stands out first', () => {
		const plain = { actionable: true, partial: false, warnings: [], validUntil: null };
		expect(standing(plain, 10).word).toBe('to look for');
		expect(standing({ ...plain, validUntil: 9 }, 10).word).toBe('expired');
		expect(standing({ ...plain, validUntil: 11 }, 10).word).toBe('to look for');
		expect(standing({ ...plain, partial: true }, 10).word).toBe('part of a pattern');
		expect(standing({ ...plain, actionable: false, validUntil: 9 }, 10).word).toBe('context only');
		expect(standing({ ...plain, warnings: ['x'] }, 10).word).toBe('known good');
	});

	it('are cut in their middle, and their places named as far as they fit', () => {
		expect(cut('short')).toBe('short');
		expect(cut('a'.repeat(50) + 'b'.repeat(50), 20)).toBe(`${'a'.repeat(13)}…${'b'.repeat(6)}`);
		expect(some(['Banking'], 'sector', 'unattributed')).toBe('Banking');
		expect(some(['unattributed'], 'sector', 'unattributed')).toBe('unattributed');
		expect(some(['Banking', 'unattributed'], 'sector', 'unattributed')).toBe('Banking, unattributed');
		expect(some(['A', 'x', 'B', 'C', 'D'], 'sector', 'x')).toBe('4 sectors: A, B, C …, x');
	});
});

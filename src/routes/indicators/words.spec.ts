import { describe, expect, it } from 'vitest';
import { confidence, cut, kind, sentence, some, standing, until, valid } from './words';

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
		expect(standing({ ...plain, warnings: ['x'], withdrawn: true }, 10).word).toBe('known good');
	});

	it('are told apart when nobody says to look for them: withdrawn, context, or not known which', () => {
		const off = { actionable: false, partial: false, warnings: [], validUntil: 9 };
		expect(standing({ ...off, withdrawn: true }, 10).word).toBe('withdrawn');
		expect(standing({ ...off, withdrawn: false }, 10).word).toBe('context only');
		expect(standing(off, 10).word).toBe('context or withdrawn');
	});

	it('say when they have expired', () => {
		expect(until(null, 10)).toBe('not stated');
		expect(until(0, 10)).toBe('expired 1 Jan 1970, 05:00 PKT');
		expect(until(60, 10)).toBe('1 Jan 1970, 05:01 PKT');
		expect(valid(null, null, 10)).toBe('not stated');
		expect(valid(0, null, 10)).toBe('1 Jan 1970, 05:00 PKT – no end');
		expect(valid(null, 0, 10)).toBe('– 1 Jan 1970, 05:00 PKT, expired');
	});

	it('are cut in their middle, between letters', () => {
		expect(cut('short')).toBe('short');
		expect(cut('a'.repeat(50) + 'b'.repeat(50), 20)).toBe(`${'a'.repeat(13)}…${'b'.repeat(6)}`);
		expect(cut('😀'.repeat(100), 20)).toBe(`${'😀'.repeat(13)}…${'😀'.repeat(6)}`);
	});

	it('name their places as far as they fit', () => {
		const line = (...names: string[]) => Object.values(some(names, 'sector', 'x')).join('');
		expect(line('Banking')).toBe('Banking');
		expect(line('x')).toBe('x');
		expect(line('Banking', 'x')).toBe('Banking, x');
		expect(line('A', 'x', 'B', 'C', 'D')).toBe('4 sectors: A, B, C …, x');
	});

	it('have one sentence on how often they were seen, where and when', () => {
		const seen = {
			kind: 'domain-name' as const,
			count: 1214,
			last: 0,
			lookedAt: null,
			constituents: 3,
			sectors: 2,
			provinces: 1
		};
		const said = (change: Partial<typeof seen> | object = {}) => sentence({ ...seen, ...change }, 720, 30 * 86_400);
		expect(said()).toBe('Seen 1,214 times at 3 constituents in 2 sectors of 1 province, last 12 min ago.');
		expect(said({ count: 1, constituents: 0 })).toBe('Seen once in 2 sectors of 1 province, last 12 min ago.');
		expect(said({ sectors: 0 })).toContain(' in no known sector of 1 province, ');
		expect(said({ provinces: 0 })).toContain(' in 2 sectors of no known province, ');
		expect(said({ constituents: 0, sectors: 0, provinces: 0 })).toContain('times, nowhere that is known, ');
		expect(said({ count: 0, last: null })).toBe('Not seen yet; earlier reports are being searched.');
		expect(said({ count: 0, last: null, lookedAt: 700 })).toBe(
			'Not seen yet; earlier reports have been searched, 30 d back.'
		);
		expect(said({ count: 0, last: null, kind: 'pattern' })).toContain('do not carry values of this kind');
	});
});

import { describe, expect, it } from 'vitest';
import { label, ofRank, parse, rank, strictest, TLPS } from './tlp';

describe('TLP', () => {
	it('ranks the labels from CLEAR to RED', () => {
		expect(TLPS.map(rank)).toEqual([0, 1, 2, 3, 4]);
		expect(TLPS.map(rank).map(ofRank)).toEqual([...TLPS]);
	});

	it('takes a rank that does not exist for RED, so that an error never widens who may see', () => {
		expect([-1, 5, 1.5, NaN].map(ofRank)).toEqual(['red', 'red', 'red', 'red']);
	});

	it.each([
		['TLP:RED', 'red'],
		['amber', 'amber'],
		[' tlp:Amber+Strict ', 'amber+strict'],
		['TLP:AMBER STRICT', 'amber+strict'],
		['amber-strict', 'amber+strict'],
		['WHITE', 'clear'],
		['tlp_white', 'clear'],
		['TLP GREEN', 'green']
	])('reads %s as %s', (text, tlp) => expect(parse(text)).toBe(tlp));

	it.each(['', 'TLP:', 'blue', 'TLP:RED;', 'constructor', '__proto__', 'toString', 'red\0'])(
		'reads no label in %j',
		(text) => expect(parse(text)).toBeUndefined()
	);

	it('reads back what it writes', () => {
		for (const tlp of TLPS) expect(parse(label(tlp))).toBe(tlp);
	});

	it('marks what shows several labels with the strictest, and nothing at all with CLEAR', () => {
		expect(strictest(['green', 'amber+strict', 'amber'])).toBe('amber+strict');
		expect(strictest([])).toBe('clear');
	});
});

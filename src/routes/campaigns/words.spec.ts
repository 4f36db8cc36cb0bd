import { expect, it } from 'vitest';
import { DAY, HOUR } from '$lib/core/clock';
import { ago, happened, line, sentence } from './words';

it('a campaign is said by where it was seen', () => {
	const c = {
		sectors: ['banking', 'telecom'],
		provinces: ['PK-SD'],
		constituents: 4,
		count: 213,
		first: 0,
		last: 30 * HOUR
	};
	expect(sentence(c, false, 31 * HOUR)).toBe(
		'Shared infrastructure, seen at 4 constituents in 2 sectors of 1 province in 213 reports over 30 h, last just now.'
	);
	expect(sentence({ ...c, constituents: 0, provinces: [], last: 0 }, true, 3 * DAY)).toBe(
		'The same behaviour, seen in 2 sectors in 213 reports over an hour, last 3 d ago.'
	);
});

it('a time that is known to the hour is not said to the minute', () => {
	expect([1, 2, 3.6, 60].map((h) => ago(0, h * HOUR))).toEqual(['just now', '2 h ago', '3 h ago', '2 d ago']);
});

it('what happened is said in words, also when nothing of it may be told', () => {
	expect(happened('merge', { from: 7 })).toBe('took in C-7');
	expect(happened('merge', {})).toBe('took in another');
	expect(happened('split', { into: 8 })).toBe('split: C-8 was made of a part');
	expect(happened('name', { name: '' })).toBe('name taken back');
	expect(happened('reopen', { kinds: ['sha-256'] })).toBe('back: a new kind of evidence, SHA-256 hash');
	expect(happened('reopen', {})).toBe('reopened');
});

it('days without a report are drawn as none', () => {
	expect(
		line([
			[DAY, 3],
			[4 * DAY, 1]
		])
	).toEqual([3, 0, 0, 1]);
	expect(
		line(
			[
				[0, 3],
				[40 * DAY, 1]
			],
			3
		)
	).toEqual([0, 0, 1]);
	expect(line([[DAY, 3]])).toEqual([3]);
});

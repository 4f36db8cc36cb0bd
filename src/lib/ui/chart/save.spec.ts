import { expect, test } from 'vitest';
import { legal, lines, slug, wrap } from './save';

test('a saved chart says its marking, that it is an exercise, what it shows, when, and when it was made', () => {
	const foot = { tlp: 'amber+strict', exercise: true, words: 'Telecom, Sindh', window: '20:00–21:00 PKT' } as const;
	expect(lines(foot, 1_764_000_000)).toEqual([
		'TLP:AMBER+STRICT · EXERCISE · Telecom, Sindh',
		'20:00–21:00 PKT · made 24 Nov 2025, 21:00 PKT by Watchfloor'
	]);
	expect(lines({ ...foot, exercise: false }, 0)[0]).toBe('TLP:AMBER+STRICT · Telecom, Sindh');
});

test('a footer is broken between words, and a word that is too long inside', () => {
	expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
	expect(wrap('x'.repeat(10), 4)).toEqual(['xxxx', 'xxxx', 'xx']);
	expect(wrap('', 4)).toEqual([]);
});

test('a text loses what XML cannot hold, and nothing else', () => {
	expect(legal('a\u0000b\u001fc\nd\t<e>&\ud800')).toBe('abc\nd\t<e>&\ufffd');
});

test('a file name is made of letters and digits', () => {
	expect(slug('Timeline: Telecom / "../../etc"')).toBe('timeline-telecom-etc');
	expect(slug('دفاع')).toBe('chart');
});

import { describe, expect, it } from 'vitest';
import { find, plain } from './mark';

const marked = (text: string, path: string) => {
	const mark = find(text, path);
	return mark && text.slice(mark.start, mark.end);
};

describe('the place in a record', () => {
	it('is found as one key with dots, as IntelMQ writes it', () =>
		expect(marked('{"feed.name": "x", "classification.type": "spma"}', 'classification.type')).toBe(
			'"classification.type": "spma"'
		));

	it('is found in an object in an object', () =>
		expect(marked('{"extra": {"sector": "x", "tlp": 7}}', 'extra.tlp')).toBe('"tlp": 7'));

	it('is found by its index in a list', () => expect(marked('{"ips": ["a", "b"]}', 'ips.1')).toBe('"b"'));

	it('is not taken for a key of the same name elsewhere', () =>
		expect(marked('{"a": {"tlp": 1}, "tlp": 2}', 'tlp')).toBe('"tlp": 2'));

	it('is found before the place where the record breaks, and not guessed behind it', () => {
		expect(marked('{"a": 1, "b": {', 'a')).toBe('"a": 1');
		expect(marked('{"a": @@ "b": 1}', 'b')).toBeNull();
	});

	it('is nowhere in what is no JSON, in nothing, and in a very deep record', () => {
		expect(find('time,ip\n1,2', 'ip')).toBeNull();
		expect(find('', 'ip')).toBeNull();
		expect(find('{"a":1}', '')).toBeNull();
		expect(find(`${'['.repeat(100_000)}`, 'x')).toBeNull();
	});

	it('passes over escaped quotes', () => expect(marked('{"a\\"b": "c\\\\", "d": 1}', 'd')).toBe('"d": 1'));
});

describe('what a record holds', () => {
	it('shows control characters instead of obeying them', () =>
		expect(plain('a\u0000b\u001b[2J\u007f\n')).toBe('a␀b␛[2J␡\n'));
	it('does not let a record turn the direction of writing', () =>
		expect(plain('user\u202eexe.pdf')).toBe('user\ufffdexe.pdf'));
	it('keeps every character one, so that marks still fit', () => expect(plain('\u202e\u0001x')).toHaveLength(3));
});

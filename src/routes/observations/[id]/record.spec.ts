import { expect, test } from 'vitest';
import { level, pretty } from './record';

test('a record that is JSON is set in lines, anything else is shown as it came', () => {
	expect(pretty('{"a":"<b>"}')).toEqual({ text: '{\n  "a": "<b>"\n}', json: true });
	for (const raw of ['<script>', '"text"', '{broken', '', 'null'])
		expect(pretty(raw)).toEqual({ text: raw, json: false });
});

test('a case is proposed one level for each severity', () => {
	expect(level('critical')).toBe('severe');
	expect(level('none')).toBe('low');
});

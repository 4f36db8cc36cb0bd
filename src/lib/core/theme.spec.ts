import { describe, expect, it } from 'vitest';
import { parse } from './theme';

describe('the theme', () => {
	it('is what was chosen', () => expect(parse('dark')).toBe('dark'));
	it('is that of the system when nothing or nonsense was chosen', () => {
		for (const text of [undefined, null, '', 'DARK', '"><script>', '__proto__']) expect(parse(text)).toBe('system');
	});
});

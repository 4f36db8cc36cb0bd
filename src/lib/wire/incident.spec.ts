import { describe, expect, it } from 'vitest';
import { Change, New } from './incident';

const least = { title: 'x', type: 'phishing' };

describe('what opens a case', () => {
	it('is a title and a type; the rest has careful defaults', () => {
		expect(New.parse(least)).toMatchObject({
			summary: '',
			severity: 'medium',
			status: 'new',
			tlp: 'amber',
			sector: null,
			province: null,
			team: null
		});
		expect(New.parse({ ...least, tlp: 'TLP:WHITE' }).tlp).toBe('clear');
	});

	it.each([
		{ title: ' ', type: 'phishing' },
		{ title: 'a\0b', type: 'phishing' },
		{ type: 'phishing' },
		{ ...least, tlp: 'blue' },
		{ ...least, status: 'done' },
		{ ...least, version: 3 },
		{ ...least, title: 'x'.repeat(201) }
	])('is not %j', (input) => expect(New.safeParse(input).success).toBe(false));
});

describe('what changes a case', () => {
	it('is only what is given', () =>
		expect(Change.parse({ status: 'closed', note: 'done' })).toEqual({ status: 'closed', note: 'done' }));
	it.each([{ opened: '2026-01-01T00:00:00Z' }, { id: 'x' }, { tlp: 7 }])('is not %j', (input) =>
		expect(Change.safeParse(input).success).toBe(false)
	);
});

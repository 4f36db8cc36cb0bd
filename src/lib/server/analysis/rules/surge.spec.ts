import { expect, test } from 'vitest';
import { RULES, type Rule } from '$lib/core/alarm/rules';
import { CLASSES, TYPES } from '$lib/core/rsit';
import { PROVINCES } from '$lib/core/province';
import { SECTORS } from '$lib/core/sector';
import type { Facts, Surge } from '../surge';
import { condition } from './surge';
import { Words } from './words';

const PARAMS = (RULES.find((r) => r.slug === 'surge') as Rule<'surge'>).params;
const words = new Words({ sectors: SECTORS, provinces: PROVINCES, classes: CLASSES, types: TYPES });
const T = Date.UTC(2026, 10, 24, 9, 0) / 1000;
const facts = (more: Partial<Facts> = {}): Facts => ({
	rank: 1,
	n: 312,
	mean: 58,
	low: 40,
	high: 75,
	sigma: 14,
	peak: 14,
	window: 3600,
	from: T - 3600,
	to: T,
	...more
});
const surge = (more: Partial<Surge> = {}, f: Partial<Facts> = {}): Surge => ({
	province: 'PK-IS',
	sector: 'telecom',
	cls: 'availability',
	from: T - 3600,
	to: T,
	raised: T,
	calm: null,
	ended: null,
	late: false,
	window: 3600,
	facts: [facts(f)],
	...more
});
const said = (s: Surge) => condition(s, PARAMS, words)!.said[0]!;

test('a surge is told in words that an executive understands', () => {
	expect(said(surge())).toMatchObject({
		title: 'Telecom, Islamabad: 5 times the usual denial of service',
		why: '312 reports in the last hour, usually 40 to 75.',
		priority: 'high'
	});
	expect(said(surge({ province: '*', cls: 'fraud' }, { n: 90, window: 300, high: 50, mean: 50 }))).toMatchObject({
		title: 'Telecom: well above the usual fraud and phishing',
		why: '90 reports in the last 5 minutes, usually 40 to 50.'
	});
	expect(
		said(surge({ sector: '*', province: '*', cls: '*' }, { n: 9000, mean: 0.1, low: 0, high: 0, window: 21_600 }))
	).toMatchObject({
		title: 'Nation: far more than the usual number of reports',
		why: '9,000 reports in the last 6 hours, usually none.'
	});
	expect(said(surge({ late: true })).why).toBe(
		'312 reports between 13:00 and 14:00 on Tue 24 Nov, usually 40 to 75. A source delivered them late; they are judged by when they were observed.'
	);
	expect(said(surge({ sector: 'unattributed', province: 'unlocated' })).title).toMatch(
		/^Sector not known, place not known: /
	);
});

test('how urgent it is follows from how far it is off and from what it is: noise is low, however loud', () => {
	const priority = (cls: string, peak: number) => said(surge({ cls }, { peak })).priority;
	expect([6, 7, 12].map((s) => priority('intrusions', s))).toEqual(['low', 'medium', 'high']);
	for (const cls of ['information-gathering', 'vulnerable', 'other', 'intrusion-attempts', 'abusive-content'])
		expect(priority(cls, 1000)).toBe('low');
	expect([11, 1000].map((s) => priority('*', s))).toEqual(['low', 'medium']);
});

test('it opens where it is, and is of no sector or province when it is of all', () => {
	expect(condition(surge(), PARAMS, words)).toMatchObject({ href: '/sectors/telecom', sector: 'telecom' });
	expect(condition(surge({ sector: '*' }), PARAMS, words)).toMatchObject({ href: '/provinces/PK-IS', sector: null });
	expect(condition(surge({ sector: '*', province: '*' }), PARAMS, words)).toMatchObject({ href: '/posture' });
	expect(condition(surge({ facts: [] }), PARAMS, words)).toBeUndefined();
});

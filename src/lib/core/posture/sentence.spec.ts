import { describe, expect, it } from 'vitest';
import { HOUR } from '../clock';
import { SILENT, type Cause, type Contribution, type Index, type Posture } from '../posture';
import { sentence } from './sentence';

// 23 Nov 2026, 14:32 PKT
const now = Date.UTC(2026, 10, 23, 9, 32) / 1000;
const names = new Map([
	['telecom', 'telecom'],
	['banking', 'banking and finance'],
	['water', 'water']
]);
const reason = (cause: Cause, points: number, text: string, more: Partial<Contribution> = {}): Contribution => ({
	key: `${cause}|${text}`,
	cause,
	points,
	text,
	since: now - HOUR,
	href: null,
	...more
});
const index = (contributions: Contribution[], more: Partial<Index> = {}): Index => ({
	value: 100 + contributions.reduce((n, c) => n + c.points, 0),
	band: 'watch',
	since: now,
	unknown: null,
	note: null,
	contributions,
	...more
});
const posture = (sectors: Record<string, Index>, nation: Index | null = index([])): Posture => ({
	version: 1,
	at: now,
	nation,
	sectors: [...names.keys()].map((sector) => ({ sector, ...(sectors[sector] ?? index([])) })),
	withheld: null
});
const say = (p: Posture) => sentence(p, names, now);

const flood = reason('deviation', -14, 'floods and outages at 5 times the usual');
const theft = reason('incident', -26, 'severe incident “Credential theft at four banks”', { href: '/incidents/A' });

describe('the sentence on the posture', () => {
	it('says that nothing is unusual only when nothing takes a point', () => {
		expect(say(posture({}))).toBe('Nothing is unusual.');
		expect(say(posture({ water: index([reason('incident', -1, 'low incident “Panel”')]) }))).toBe(
			'No single reason stands out.'
		);
	});

	it('names the largest, those of a sector together, and that nothing else is unusual if that is true', () => {
		expect(say(posture({ telecom: index([flood]), banking: index([theft]) }))).toBe(
			'Mostly because of the severe incident “Credential theft at four banks” in banking and finance and floods and outages at 5 times the usual since 13:32 in telecom. Nothing else is unusual.'
		);
	});

	it('names three at the most, and says that others weigh less', () => {
		const text = say(
			posture({
				telecom: index([flood, reason('incident', -9, 'high incident “Leak”')]),
				banking: index([theft]),
				water: index([reason('incident', -5, 'medium incident “Panel”')])
			})
		);
		expect(text).toContain('“Leak”');
		expect(text).not.toContain('“Panel”');
		expect(text).toMatch(/Other reasons weigh less\.$/);
	});

	it('takes a case and its being overdue for one thing', () => {
		const late = reason('overdue', -6, 'overdue response to “Credential theft at four banks”', {
			href: '/incidents/A'
		});
		expect(say(posture({ banking: index([theft, late]) }))).toBe(
			'Mostly because of the severe incident “Credential theft at four banks” in banking and finance. Nothing else is unusual.'
		);
	});

	it('never says that nothing else is unusual while a sector is unknown or still learned', () => {
		const dark = index([reason('staleness', -15, 'silent sources')], { value: null, band: null, unknown: SILENT });
		expect(say(posture({ telecom: index([flood]), water: dark }))).toBe(
			'Mostly because of floods and outages at 5 times the usual since 13:32 in telecom. Water is unknown: nothing is reported.'
		);
		expect(say(posture({ water: index([], { note: 'learning' }) }))).toBe(
			'In 1 of 3 sectors it is still being learned what is usual.'
		);
	});

	it('does not take what has ended for a reason', () =>
		expect(say(posture({ telecom: index([reason('recovery', -20, 'what has ended')]) }))).toBe('Nothing is unusual.'));

	it('tells what lies outside the sectors, for the nation alone, and the day of what began earlier', () => {
		const old = reason('deviation', -9, 'leaks and tampering at twice the usual', { since: now - 30 * HOUR });
		expect(say(posture({}, index([old])))).toBe(
			'Mostly because of leaks and tampering at twice the usual since Sun 22 Nov outside the sectors. Nothing else is unusual.'
		);
	});

	it('says nothing when there is nothing to see', () =>
		expect(say({ version: 1, at: now, nation: null, sectors: [], withheld: 'x' })).toBe(''));
});

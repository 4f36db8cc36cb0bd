import { describe, expect, it } from 'vitest';
import { HOUR } from '$lib/core/clock';
import type { Incident } from '$lib/core/incident';
import type { Source } from '$lib/core/source';
import { decisions } from './decision';

const now = 1_795_000_000;
const incident = (given: Partial<Incident>): Incident => ({
	id: 'NCT-2026-0001',
	title: 'Mobile core signalling flood',
	summary: '',
	type: 'ddos',
	severity: 'severe',
	status: 'contain',
	sector: 'telecom',
	province: 'PK-IS',
	team: 'ntcert',
	tlp: 'amber',
	opened: now - HOUR,
	updated: now - HOUR,
	closed: null,
	version: 1,
	...given
});
const source = (given: Partial<Source>): Source => ({
	slug: 's',
	name: 'Sensors GB',
	format: 'intelmq',
	tlp: 'green',
	cadence: HOUR,
	last: now - 60,
	...given
});

describe('what needs a decision', () => {
	it('is nothing when every case has a team and its time, and every source delivers', () =>
		expect(decisions(null, [incident({})], [source({})], now)).toEqual([]));

	it('is a team for a severe case that has none, and not for a medium one', () => {
		const found = decisions(
			null,
			[incident({ team: null }), incident({ id: 'NCT-2026-0002', severity: 'medium', team: null })],
			[],
			now
		);
		expect(found.map((d) => d.id)).toEqual(['team NCT-2026-0001']);
	});

	it('names overdue cases with the proposed target, longest overdue first', () => {
		const found = decisions(
			null,
			[incident({ opened: now - 9 * HOUR }), incident({ id: 'NCT-2026-0002', opened: now - 20 * HOUR })],
			[],
			now
		);
		expect(found.map((d) => d.id)).toEqual(['late NCT-2026-0002', 'late NCT-2026-0001']);
		expect(found[0]?.why).toContain('overdue by 12 h (proposed target 8 h)');
	});

	it('is to ask a source that has fallen silent, not one that is only late or has not begun', () => {
		const found = decisions(
			null,
			[],
			[
				source({ last: now - 4 * HOUR }),
				source({ slug: 'late', last: now - 2 * HOUR }),
				source({ slug: 'new', last: null })
			],
			now
		);
		expect(found).toEqual([
			{
				id: 'source s',
				what: 'Ask Sensors GB why nothing comes',
				why: 'silent for 4 h, expected every 1 h',
				href: '/sources'
			}
		]);
	});

	it('is a new level when the time of the declared one is over, before everything else', () => {
		const level = { level: 'medium' as const, reason: 'Flood', by: 'Duty officer', since: now - HOUR, until: now - 60 };
		const [first] = decisions(level, [incident({ team: null })], [], now);
		expect(first).toMatchObject({ id: 'level', href: '/levels' });
		expect(first!.why).toMatch(/^Level 3 · Medium expired \d\d:\d\d, and no other was declared$/);
		expect(decisions({ ...level, until: now + 60 }, [], [], now)).toEqual([]);
		expect(decisions({ ...level, until: null }, [], [], now)).toEqual([]);
	});
});

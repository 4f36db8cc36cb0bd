import { describe, expect, it } from 'vitest';
import type { Index, Posture } from '../posture';
import { within } from './scope';

const index: Index = { value: 80, band: 'steady', since: 0, unknown: null, note: null, contributions: [] };
const posture: Posture = {
	version: 1,
	at: 0,
	nation: index,
	sectors: [
		{ sector: 'telecom', ...index },
		{ sector: 'banking', ...index }
	],
	withheld: null
};

describe('the posture within a scope', () => {
	it('is whole without one', () => expect(within(posture, { sectors: null, provinces: null })).toBe(posture));

	it('has its sectors and no nation, and says why', () => {
		const mine = within(posture, { sectors: ['banking'], provinces: null });
		expect(mine.nation).toBeNull();
		expect(mine.sectors.map((s) => s.sector)).toEqual(['banking']);
		expect(mine.withheld).toContain('made of all sectors');
	});

	it('has nothing for some provinces, also of some sectors, and says why', () => {
		for (const sectors of [null, ['banking']]) {
			const mine = within(posture, { sectors, provinces: ['PK-PB'] });
			expect([mine.nation, mine.sectors]).toEqual([null, []]);
			expect(mine.withheld).toContain('all provinces together');
		}
	});
});

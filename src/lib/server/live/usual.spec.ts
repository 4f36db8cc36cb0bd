import { describe, expect, it } from 'vitest';
import { ALL, name, type Row, type State } from '$lib/core/judgement';
import type { Sight } from './audience';
import { usual } from './usual';

const row = (
	province: string,
	sector: string,
	n: number,
	mean: number,
	more: { unit?: Row[0]; state?: State; variance?: number } = {}
): Row => [more.unit ?? 'now', 1000, province, sector, ALL, n, mean, more.variance ?? mean, more.state ?? 'judged'];
const ROWS: Row[] = [
	row(ALL, ALL, 60, 50),
	row('PK-PB', ALL, 40, 30),
	row('PK-SD', ALL, 20, 20),
	row(ALL, 'telecom', 35, 30),
	row(ALL, 'banking', 25, 20),
	row('PK-PB', 'telecom', 25, 20),
	row('PK-PB', 'banking', 15, 10),
	row('PK-SD', 'telecom', 10, 10),
	row('PK-SD', 'banking', 10, 10, { state: 'no-data' }),
	row('PK-SD', 'banking', 3, 9, { unit: 'hour' })
];
const judgement = { at: 1000, rows: new Map([[2, ROWS]]) };
const sight = (more: Partial<Sight> = {}): Sight => ({ clearance: 'amber', sectors: null, provinces: null, ...more });
const found = (s: Sight) => new Map(usual(judgement, s).map((r) => [name(r), r]));

describe('what is usual for a sight', () => {
	it('is what was judged of its clearance, and nothing for one that has no judgement', () => {
		expect(found(sight()).get('*|*|*|now')?.slice(5, 7)).toEqual([60, 50]);
		expect(usual(judgement, sight({ clearance: 'green' }))).toEqual([]);
	});

	it('leaves province × sector by the hour to whoever looks at one of them', () => {
		expect([...found(sight()).values()].some((r) => r[0] === 'hour')).toBe(false);
		expect([...found(sight({ sectors: ['banking'] })).values()].some((r) => r[0] === 'hour')).toBe(true);
	});

	it('adds a scope of sectors up from those alone', () => {
		const mine = found(sight({ sectors: ['telecom'] }));
		expect(mine.get('*|*|*|now')?.slice(5, 7)).toEqual([35, 30]);
		expect(mine.get('PK-PB|*|*|now')?.slice(5, 7)).toEqual([25, 20]);
		expect(mine.get('*|telecom|*|now')?.slice(5, 7)).toEqual([35, 30]);
		expect([...mine.values()].some((r) => r[3] === 'banking')).toBe(false);
	});

	it('adds a scope of provinces up from those alone', () => {
		const mine = found(sight({ provinces: ['PK-PB'] }));
		expect(mine.get('*|*|*|now')?.slice(5, 7)).toEqual([40, 30]);
		expect(mine.get('*|banking|*|now')?.slice(5, 7)).toEqual([15, 10]);
		expect([...mine.values()].some((r) => r[2] === 'PK-SD')).toBe(false);
	});

	it('adds a scope of both up from what lies in both', () => {
		const mine = found(sight({ provinces: ['PK-PB'], sectors: ['telecom', 'banking'] }));
		expect(mine.get('*|*|*|now')?.slice(5, 7)).toEqual([40, 30]);
		expect(mine.get('PK-PB|*|*|now')?.slice(5, 7)).toEqual([40, 30]);
		expect(mine.get('*|telecom|*|now')?.slice(5, 7)).toEqual([25, 20]);
	});

	it('says no data where more than half of what is usual is silent, and never a low number', () => {
		const mine = found(sight({ provinces: ['PK-SD'], sectors: ['banking'] }));
		expect(mine.get('*|*|*|now')?.slice(9)).toEqual([null, 'no-data']);
	});
});

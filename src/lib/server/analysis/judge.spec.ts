import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '$lib/core/clock';
import { ALL, type Row, type Unit } from '$lib/core/judgement';
import { deviation } from '$lib/core/usual';
import type { Facet } from '../store/facet';
import { Judge } from './judge';

/** Monday 23 November 2026, 14:30 PKT. */
const NOW = Date.UTC(2026, 10, 23, 9, 30) / 1000;
const facet = (id: number, province: string, sector: string, cls: string, tlp = 1): [number, Facet] => [
	id,
	{ id, province, sector, class: cls, type: cls, severity: 'low', direction: 'in' as Facet['direction'], tlp }
];
const facets = new Map([
	facet(1, 'PK-PB', 'telecom', 'availability'),
	facet(2, 'PK-SD', 'banking', 'fraud', 2),
	facet(3, 'PK-IS', 'telecom', 'fraud'),
	facet(4, 'PK-PB', 'telecom', 'test')
]);

/** Tells a judge of `perHour` reports of a source from `days` ago until `until`, evenly. */
function tell(judge: Judge, source: number, id: number, perHour: number, from: number, to: number): void {
	for (let t = from, owed = 0; t < to; t += MINUTE) {
		owed += perHour / 60;
		const n = Math.floor(owed + 1e-9);
		owed -= n;
		if (!n) continue;
		judge.learn(source, t, id, n);
		if (t >= NOW - 2 * DAY) judge.count(source, t, id, n);
	}
}
const fit = (judge: Judge) => {
	for (const _ of judge.fits(NOW));
};
const row = (rows: readonly Row[], unit: Unit, province = ALL, sector = ALL, cls = ALL) =>
	rows.filter((r) => r[0] === unit && r[2] === province && r[3] === sector && r[4] === cls).at(-1);

describe('the judge', () => {
	it('expects what a source has always reported, in every series that it counts in, and finds it usual', () => {
		const judge = new Judge(facets);
		tell(judge, 1, 1, 60, NOW - 30 * DAY, NOW);
		fit(judge);
		const rows = judge.judge(NOW)[4]!;
		for (const [p, s, c] of [
			[ALL, ALL, ALL],
			['PK-PB', ALL, ALL],
			[ALL, 'telecom', ALL],
			['PK-PB', 'telecom', 'availability']
		]) {
			const [, at, , , , n, mean, variance, state] = row(rows, 'now', p, s, c)!;
			expect(at).toBe(NOW - HOUR);
			expect(n).toBe(60);
			expect(mean).toBeGreaterThan(50);
			expect(mean).toBeLessThan(70);
			expect(state).toBe('judged');
			expect(Math.abs(deviation(n, { mean, variance }))).toBeLessThan(2);
		}
		expect(rows.filter((r) => r[0] === 'hour' && r[2] === ALL && r[3] === ALL)).toHaveLength(24);
		expect(rows.some((r) => r[0] === 'hour' && r[4] !== ALL)).toBe(false);
		expect(row(rows, 'day')![5]).toBe(23 * 60 + 30);
		expect(row(rows, 'minute')![5]).toBe(1);
	});

	it('has for each clearance its own, and for those that see the same one list', () => {
		const judge = new Judge(facets);
		tell(judge, 1, 1, 60, NOW - 30 * DAY, NOW);
		tell(judge, 1, 2, 30, NOW - 30 * DAY, NOW);
		fit(judge);
		const judged = judge.judge(NOW);
		expect(judged[0]).toEqual([]);
		expect(row(judged[1]!, 'now')![5]).toBe(60);
		expect(row(judged[1]!, 'now', ALL, 'banking')).toBeUndefined();
		expect(row(judged[2]!, 'now')![5]).toBe(90);
		expect(row(judged[2]!, 'now')![6]).toBeGreaterThan(75);
		expect(judged[4]).toBe(judged[2]);
	});

	it('expects nothing of a dead source, and never calls its silence a low number', () => {
		const judge = new Judge(facets);
		tell(judge, 1, 1, 60, NOW - 30 * DAY, NOW - 5 * HOUR);
		tell(judge, 2, 2, 90, NOW - 30 * DAY, NOW);
		fit(judge);
		const rows = judge.judge(NOW)[4]!;
		expect(row(rows, 'now', ALL, 'telecom')![8]).toBe('no-data');
		expect(row(rows, 'now', ALL, 'banking')![8]).toBe('judged');
		expect(row(rows, 'now')![8]).toBe('judged');
		expect(row(rows, 'now')![6]).toBeLessThan(100);
		expect(judge.standings(NOW)).toMatchObject([
			{ source: 1, learning: false, silent: NOW - 5 * HOUR },
			{ source: 2, learning: false, silent: null }
		]);
	});

	it('takes a source that gives most reports of a day one time for one that covered what it reported', () => {
		const judge = new Judge(facets);
		tell(judge, 1, 1, 5, NOW - 30 * DAY, NOW);
		for (let day = 1; day < 30; day++) {
			judge.learn(1, NOW - HOUR / 2 - day * DAY, 1, 1000);
			if (day < 2) judge.count(1, NOW - HOUR / 2 - day * DAY, 1, 1000);
		}
		fit(judge);
		judge.count(1, NOW - HOUR / 2, 1, 1000);
		const at = (n: number) => {
			judge.count(1, NOW - HOUR / 2, 1, n);
			const r = row(judge.judge(NOW)[4]!, 'now', ALL, 'telecom')!;
			return deviation(r[5], { mean: r[6], variance: r[7] });
		};
		expect(Math.abs(at(0))).toBeLessThan(3);
		expect(at(9000)).toBeGreaterThan(5);
	});

	it('leaves a source out of counts and expectations until it has two weeks of history', () => {
		const judge = new Judge(facets);
		tell(judge, 1, 1, 60, NOW - 30 * DAY, NOW);
		tell(judge, 2, 2, 600, NOW - 13 * DAY, NOW);
		fit(judge);
		const rows = judge.judge(NOW)[4]!;
		expect(row(rows, 'now')![5]).toBe(60);
		expect(row(rows, 'now', ALL, 'banking')![8]).toBe('learning');
		expect(judge.due(NOW)).toBe(false);
		expect(judge.due(NOW + DAY)).toBe(true);
	});

	it('takes what was never seen before for nothing while it is little', () => {
		const judge = new Judge(facets);
		tell(judge, 1, 1, 60, NOW - 30 * DAY, NOW);
		fit(judge);
		for (let i = 0; i < 2; i++) judge.count(1, NOW - 10 * MINUTE, 3, 1);
		const sigma = () => {
			const r = row(judge.judge(NOW)[4]!, 'now', 'PK-IS', 'telecom', 'fraud')!;
			return deviation(r[5], { mean: r[6], variance: r[7] });
		};
		expect(sigma()).toBeLessThan(3.5);
		judge.count(1, NOW - 9 * MINUTE, 3, 28);
		expect(sigma()).toBeGreaterThan(5);
	});

	it('counts no tests, takes back what moved, and refuses a facet that it does not know', () => {
		const judge = new Judge(facets);
		judge.count(1, NOW - 10 * MINUTE, 4, 5);
		judge.learn(1, NOW - 10 * MINUTE, 4, 5);
		expect(judge.judge(NOW).flat()).toEqual([]);
		tell(judge, 1, 1, 60, NOW - 30 * DAY, NOW);
		fit(judge);
		judge.count(1, NOW - MINUTE, 1, 7);
		judge.count(1, NOW - MINUTE, 1, -7);
		expect(row(judge.judge(NOW)[4]!, 'now')![5]).toBe(60);
		expect(judge.due(NOW)).toBe(false);
		judge.learn(1, NOW - HOUR, 1, -1);
		expect(judge.due(NOW)).toBe(true);
		expect(() => judge.count(1, NOW, 99, 1)).toThrow('Facet 99');
	});
});

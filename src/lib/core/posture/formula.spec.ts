import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../clock';
import { due, type Incident } from '../incident';
import { ALL, type Row, type State as Known } from '../judgement';
import { BANDS, NO_SOURCE, SILENT, type Index } from '../posture';
import { LEVELS, type Level } from '../severity';
import { compute, type Exposure, type Facts, type State } from './formula';

const now = 1_795_000_020;
const SLUGS = ['telecom', 'banking', 'health', 'water', 'energy'];
const sectors = SLUGS.map((slug) => ({ slug, short: slug[0]!.toUpperCase() + slug.slice(1) }));
const provinces = [
	{ code: 'PK-IS', short: 'Islamabad' },
	{ code: 'PK-PB', short: 'Punjab' }
];
let serial = 0;
const incident = (severity: Level, more: Partial<Incident> = {}): Incident => ({
	id: `NCT-2026-${String(serial++).padStart(4, '0')}`,
	title: `Case ${serial}`,
	summary: '',
	type: 'ddos',
	severity,
	status: 'contain',
	sector: 'telecom',
	province: null,
	team: null,
	tlp: 'green',
	opened: now - HOUR,
	updated: now - HOUR,
	closed: null,
	version: 1,
	...more
});
const row = (
	sector: string,
	cls: string,
	n: number,
	mean: number,
	state: Known = 'judged',
	province: string = ALL
): Row => ['now', now - HOUR, province, sector, cls, n, mean, mean * 1.5, state];
/** A usual hour in all sectors. */
const calm = SLUGS.flatMap((s) => [
	row(s, ALL, 100, 100),
	row(s, 'availability', 10, 10),
	row(s, ALL, 60, 60, 'judged', 'PK-PB'),
	row(s, ALL, 40, 40, 'judged', 'PK-IS')
]);
const facts = (more: Partial<Facts> = {}): Facts => ({
	now,
	sectors,
	provinces,
	incidents: [],
	rows: calm,
	exposures: [],
	...more
});
const of = (f: Facts, sector = 'telecom', before?: State) =>
	compute(f, before).posture.sectors.find((s) => s.sector === sector)!;
const changed = (...rows: Row[]): Row[] => {
	const name = (r: Row) => r.slice(0, 5).join('|');
	const names = new Set(rows.map(name));
	return [...calm.filter((r) => !names.has(name(r))), ...rows];
};

describe('the posture index', () => {
	it('is 100 and steady when nothing is open and everything is usual', () => {
		const { posture } = compute(facts(), undefined);
		for (const index of [posture.nation!, ...posture.sectors])
			expect(index).toMatchObject({ value: 100, band: 'steady', unknown: null, contributions: [] });
	});

	it('one emergency makes a sector critical, one severe case brings it to watch, and fifty low cases weigh less than a high one', () => {
		expect(of(facts({ incidents: [incident('emergency')] }))).toMatchObject({ value: 35, band: 'critical' });
		expect(of(facts({ incidents: [incident('severe')] }))).toMatchObject({ value: 74, band: 'watch' });
		const fifty = of(facts({ incidents: Array.from({ length: 50 }, () => incident('low')) }));
		const high = of(facts({ incidents: [incident('high')] }));
		expect(fifty.value).toBe(95);
		expect(high.value).toBe(86);
	});

	it('says of each reason what it takes, in words, since when and where it opens', () => {
		const flood = changed(
			row('telecom', 'availability', 300, 50),
			row('telecom', 'availability', 260, 20, 'judged', 'PK-IS'),
			row('telecom', ALL, 150, 100)
		);
		const case_ = incident('severe', { title: 'Mobile core flood' });
		const before = compute(facts({ rows: flood, incidents: [case_], now: now - HOUR }), undefined).state;
		const index = of(facts({ rows: flood, incidents: [case_] }), 'telecom', before);
		expect(index.contributions).toEqual([
			{
				key: `incident|${case_.id}`,
				cause: 'incident',
				points: -26,
				text: 'severe incident “Mobile core flood”',
				since: case_.opened,
				href: `/incidents/${case_.id}`
			},
			{
				key: 'deviation|telecom|availability',
				cause: 'deviation',
				points: -14,
				text: 'floods and outages at 5 times the usual in Islamabad',
				since: now - HOUR,
				href: '/sectors/telecom'
			}
		]);
		expect(index.value).toBe(60);
	});

	it('weighs what is sustained more than what has just begun, and scans next to nothing', () => {
		const rows = changed(row('telecom', 'availability', 300, 50));
		const first = compute(facts({ rows }), undefined);
		const later = (minutes: number) => of(facts({ rows, now: now + minutes * MINUTE }), 'telecom', first.state).value;
		expect(first.posture.sectors[0]!.value).toBe(93);
		expect([later(5), later(20), later(40)]).toEqual([93, 90, 86]);
		expect(of(facts({ rows: changed(row('telecom', 'information-gathering', 6000, 1000)) })).value).toBe(99);
	});

	it('counts a rise until it is well over, and then not at once as new', () => {
		const at = (n: number, minute: number, before?: State) =>
			compute(facts({ rows: changed(row('telecom', 'availability', n, 10)), now: now + minute * MINUTE }), before);
		const begun = at(30, 0);
		const key = 'deviation|telecom|availability';
		expect(at(22, 0).state.since).toEqual([]);
		const still = at(22, 1, begun.state);
		expect(still.state.since).toEqual([[key, now]]);
		expect(at(12, 2, still.state).state.since).toEqual([]);
	});

	it('speaks of a single province more softly than of the whole sector', () => {
		const local = of(facts({ rows: changed(row('telecom', 'intrusions', 500, 50, 'judged', 'PK-PB')) }));
		expect(local.contributions[0]).toMatchObject({ points: -5, text: 'intrusions at 10 times the usual in Punjab' });
		expect(of(facts({ rows: changed(row('telecom', 'intrusions', 500, 50)) })).contributions[0]!.points).toBe(-9);
	});

	it('is unknown, with the reason, where sources are silent or there is none, and never green', () => {
		const rows = changed(row('water', ALL, 0, 100, 'no-data')).filter((r) => r[3] !== 'health');
		const { posture, state } = compute(facts({ rows }), undefined);
		const water = posture.sectors.find((s) => s.sector === 'water')!;
		expect(water).toMatchObject({ value: null, band: null, unknown: SILENT, since: now });
		expect(posture.sectors.find((s) => s.sector === 'health')).toMatchObject({ value: null, unknown: NO_SOURCE });
		const later = compute(facts({ rows, now: now + 3 * HOUR }), state).posture.sectors.find(
			(s) => s.sector === 'water'
		)!;
		expect(later.since).toBe(now);
		expect(posture.nation!.value).toBeLessThan(100);
		expect(posture.nation!.contributions.map((c) => c.text)).toEqual(['Water, unknown: sources silent']);
	});

	it('is unknown since the hours that are without data, as far back as they are known', () => {
		const hour = (ago: number, state: Known): Row => ['hour', now - ago * HOUR, ALL, 'water', ALL, 0, 9, 9, state];
		const rows = [hour(3, 'no-data'), hour(1, 'no-data'), hour(2, 'no-data'), hour(4, 'judged'), hour(5, 'no-data')];
		const silent = changed(row('water', ALL, 0, 100, 'no-data'));
		expect(of(facts({ rows: [...silent, ...rows] }), 'water').since).toBe(now - 3 * HOUR);
		expect(of(facts({ rows: [...silent, hour(1, 'judged')] }), 'water').since).toBe(now);
	});

	it('does not become better for the nation when a sector that is badly off falls silent', () => {
		const incidents = [incident('emergency')];
		const before = compute(facts({ incidents }), undefined);
		const silent = facts({ incidents, rows: changed(row('telecom', ALL, 0, 100, 'no-data')), now: now + MINUTE });
		const after = compute(silent, before.state).posture;
		expect(after.nation!.value!).toBeLessThanOrEqual(before.posture.nation!.value!);
		expect(after.sectors[0]!.value).toBeNull();
	});

	it('has no value for the nation when more than half of the sectors are unknown', () => {
		const { nation } = compute(
			facts({ rows: calm.filter((r) => !['telecom', 'banking', 'health'].includes(r[3])) }),
			undefined
		).posture;
		expect(nation).toMatchObject({ value: null, band: null, unknown: '3 of 5 sectors are unknown' });
	});

	it('takes the share of the usual reports whose sources are silent', () => {
		const index = of(facts({ rows: changed(row('telecom', ALL, 0, 40, 'no-data', 'PK-IS')) }));
		expect(index.contributions).toMatchObject([
			{ cause: 'staleness', points: -6, text: 'silent sources of 40 % of the usual reports' }
		]);
	});

	it('says that it is learning, and then judges no count', () => {
		const rows = [row('telecom', ALL, 100, 0, 'learning'), row('telecom', 'availability', 900, 0, 'learning')];
		expect(of(facts({ rows }))).toMatchObject({ value: 100, contributions: [] });
		expect(of(facts({ rows })).note).toContain('learning');
	});

	it('knows a sector that is too quiet for an hour by its day', () => {
		const quiet = calm.filter((r) => r[3] !== 'water');
		const day: Row = ['day', now - 24 * HOUR, ALL, 'water', ALL, 0, 0.8, 0.9, 'judged'];
		expect(of(facts({ rows: [...quiet, day] }), 'water').value).toBe(100);
	});

	it('counts what belongs to no sector, or to one that is not known here, for the nation', () => {
		for (const sector of [null, 'unheard-of']) {
			const { posture } = compute(facts({ incidents: [incident('severe', { sector })] }), undefined);
			expect(posture.nation).toMatchObject({ value: 74, contributions: [{ cause: 'incident', points: -26 }] });
			expect(posture.sectors.every((s) => s.value === 100)).toBe(true);
		}
	});

	it('adds an overdue response and an exposed product', () => {
		const late = incident('high', { opened: now - 30 * HOUR });
		const exposure: Exposure = { id: '7', sector: 'telecom', text: 'CVE-2026-1 exposed', since: now, href: '/alarms' };
		const index = of(facts({ incidents: [late], exposures: [exposure] }));
		expect(index.contributions.map((c) => [c.cause, c.points, c.since])).toEqual([
			['incident', -14, late.opened],
			['overdue', -4, due(late)],
			['exposure', -4, now]
		]);
	});
});

describe('the posture index over time', () => {
	it('falls at once and rises by six points an hour, and says what the difference is', () => {
		const incidents = [incident('severe')];
		let { state } = compute(facts({ incidents }), undefined);
		const at = (minutes: number) => of(facts({ now: now + minutes * MINUTE }), 'telecom', state);
		expect(at(1).value).toBe(74);
		expect(at(60)).toMatchObject({
			value: 80,
			contributions: [{ cause: 'recovery', points: -20, text: 'what has ended and counts on, less every hour' }]
		});
		expect(at(300).value).toBe(100);
		state = compute(facts(), undefined).state;
		expect(of(facts({ incidents, now: now + MINUTE }), 'telecom', state).value).toBe(74);
	});

	it('changes its band when it is three points beyond, or beyond for ten minutes', () => {
		const held = (value: number, band: Index['band'], beyond: number | null = null): State => ({
			...compute(facts(), undefined).state,
			indexes: [['telecom', { exact: value, value, band: band!, since: now - HOUR, beyond }]]
		});
		const severe = facts({ incidents: [incident('severe')], now: now + MINUTE });
		expect(of(severe, 'telecom', held(80, 'steady'))).toMatchObject({ value: 74, band: 'watch', since: now + MINUTE });
		const lows = facts({ incidents: Array.from({ length: 2 }, () => incident('high')), now: now + MINUTE });
		expect(of(lows, 'telecom', held(79, 'steady'))).toMatchObject({ value: 76, band: 'watch' });
		const near = facts({ incidents: [incident('high'), incident('medium'), incident('medium')], now: now + MINUTE });
		expect(of(near, 'telecom', held(80, 'steady'))).toMatchObject({ value: 80, band: 'steady' });
		expect(of(near, 'telecom', held(79, 'steady', now - 5 * MINUTE))).toMatchObject({
			band: 'steady',
			since: now - HOUR
		});
		expect(of(near, 'telecom', held(79, 'steady', now - 9 * MINUTE))).toMatchObject({
			band: 'watch',
			since: now + MINUTE
		});
	});

	it('begins anew when it was made by another version of the formula', () => {
		const { state } = compute(facts({ incidents: [incident('emergency')] }), undefined);
		expect(of(facts({ now: now + MINUTE }), 'telecom', { ...state, version: 0 }).value).toBe(100);
	});
});

const level = fc.constantFrom(...LEVELS);
const cases = fc.array(
	fc.record({
		severity: level,
		sector: fc.constantFrom(...SLUGS, null),
		hours: fc.integer({ min: 0, max: 400 })
	}),
	{ maxLength: 30 }
);
const counts = fc.array(
	fc.record({
		sector: fc.constantFrom(...SLUGS, 'unattributed'),
		cls: fc.constantFrom(ALL, 'availability', 'intrusions', 'vulnerable', 'information-gathering', 'made-up'),
		province: fc.constantFrom(ALL, 'PK-IS', 'PK-PB', 'unlocated'),
		n: fc.integer({ min: 0, max: 2000 }),
		mean: fc.double({ min: 0, max: 300, noNaN: true }),
		state: fc.constantFrom<Known>('judged', 'judged', 'judged', 'no-data', 'learning')
	}),
	{ maxLength: 40 }
);
const world = fc.record({ cases, counts, exposed: fc.array(fc.constantFrom(...SLUGS), { maxLength: 6 }) }).map((w) =>
	facts({
		incidents: w.cases.map((c, i) =>
			incident(c.severity, { id: `I-${i}`, sector: c.sector, opened: now - c.hours * HOUR })
		),
		rows: [
			...new Map(
				[...calm, ...w.counts.map((c) => row(c.sector, c.cls, c.n, c.mean, c.state, c.province))].map((r) => [
					r.slice(0, 5).join('|'),
					r
				])
			).values()
		],
		exposures: w.exposed.map((sector, i) => ({ id: String(i), sector, text: 'x', since: now - i, href: '/alarms' }))
	})
);
const indexes = (f: Facts, before?: State): Index[] => {
	const { nation, sectors } = compute(f, before).posture;
	return [nation!, ...sectors];
};
/** Values with the unknown ones as they stand in the state. */
const values = (f: Facts, before?: State): number[] => compute(f, before).state.indexes.map(([, held]) => held.value);

describe('for any facts, the posture index', () => {
	it('is between 0 and 100, in a band, and its contributions are whole and add up to what is missing', () => {
		fc.assert(
			fc.property(world, fc.option(world), (f, earlier) => {
				const before = earlier ? compute({ ...earlier, now: now - 7 * MINUTE }, undefined).state : undefined;
				for (const index of indexes(f, before)) {
					const sum = index.contributions.reduce((n, c) => n + c.points, 0);
					for (const c of index.contributions) expect(Number.isInteger(c.points) && c.points < 0).toBe(true);
					expect(new Set(index.contributions.map((c) => c.key)).size).toBe(index.contributions.length);
					if (index.value === null) {
						expect(index.band).toBeNull();
						expect(index.unknown).not.toBeNull();
						continue;
					}
					expect(Number.isInteger(index.value) && index.value >= 0 && index.value <= 100).toBe(true);
					expect(BANDS).toContain(index.band);
					expect(sum).toBe(index.value - 100);
				}
			}),
			{ numRuns: 300 }
		);
	});

	it('is never raised by one more open incident, exposure or report, nor by a graver one', () => {
		const more = fc.oneof(
			fc.record({ kind: fc.constant('incident' as const), severity: level, sector: fc.constantFrom(...SLUGS, null) }),
			fc.record({ kind: fc.constant('exposure' as const), sector: fc.constantFrom(...SLUGS) }),
			fc.record({ kind: fc.constant('reports' as const), at: fc.nat(), n: fc.integer({ min: 1, max: 500 }) }),
			fc.record({ kind: fc.constant('graver' as const), at: fc.nat() })
		);
		fc.assert(
			fc.property(world, fc.option(world), more, (f, earlier, change) => {
				const before = earlier ? compute({ ...earlier, now: now - 7 * MINUTE }, undefined).state : undefined;
				const after = { ...f };
				if (change.kind === 'incident')
					after.incidents = [...f.incidents, incident(change.severity, { id: 'new', sector: change.sector })];
				else if (change.kind === 'exposure')
					after.exposures = [...f.exposures, { id: 'new', sector: change.sector, text: 'y', since: now, href: '/' }];
				else if (change.kind === 'reports')
					after.rows = f.rows.map((r, i) =>
						i === change.at % f.rows.length ? (r.with(5, r[5] + change.n) as Row) : r
					);
				else
					after.incidents = f.incidents.map((x, i) =>
						i === change.at % f.incidents.length
							? { ...x, severity: LEVELS[Math.min(LEVELS.length - 1, LEVELS.indexOf(x.severity) + 1)]! }
							: x
					);
				const [was, is] = [values(f, before), values(after, before)];
				is.forEach((v, i) => expect(v).toBeLessThanOrEqual(was[i]!));
			}),
			{ numRuns: 300 }
		);
	});

	it('says the same whatever the order of the facts, and each time', () => {
		const shuffled = world.chain((f) =>
			fc.record({
				f: fc.constant(f),
				incidents: fc.shuffledSubarray([...f.incidents], { minLength: f.incidents.length }),
				rows: fc.shuffledSubarray([...f.rows], { minLength: f.rows.length }),
				exposures: fc.shuffledSubarray([...f.exposures], { minLength: f.exposures.length })
			})
		);
		fc.assert(
			fc.property(shuffled, ({ f, ...other }) => {
				expect(compute({ ...f, ...other }, undefined)).toEqual(compute(f, undefined));
				const { state } = compute(f, undefined);
				const again = JSON.parse(JSON.stringify(state)) as State;
				expect(compute({ ...f, ...other, now: now + MINUTE }, again)).toEqual(
					compute({ ...f, now: now + MINUTE }, state)
				);
			}),
			{ numRuns: 200 }
		);
	});
});

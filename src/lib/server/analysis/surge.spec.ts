import { describe, expect, it } from 'vitest';
import { Random } from '../../../exercise/random';
import { DAY, HOUR, MINUTE } from '$lib/core/clock';
import { ALL } from '$lib/core/judgement';
import type { Facet } from '../store/facet';
import { Judge } from './judge';
import { DEFAULTS, surges, type Found, type Surge } from './surge';

/** Monday 23 November 2026, 14:00 PKT. */
const NOW = Date.UTC(2026, 10, 23, 9) / 1000;
const facets = new Map<number, Facet>();
for (const province of ['PK-PB', 'PK-SD', 'PK-IS'])
	for (const sector of ['telecom', 'banking'])
		for (const cls of ['availability', 'fraud'])
			for (const tlp of [1, 3]) {
				const id = facets.size + 1;
				const rest = { type: cls, severity: 'low', direction: 'inbound' } as unknown as Facet;
				facets.set(id, { ...rest, id, province, sector, class: cls, tlp });
			}
const find = (province: string, sector: string, cls: string, tlp = 1): Facet =>
	[...facets.values()].find((f) => f.province === province && f.sector === sector && f.class === cls && f.tlp === tlp)!;

/** A nation in which every cell has `perHour` reports of source 1, by chance, for four weeks; each minute can be told and judged. */
class Nation {
	readonly judge: Judge;
	readonly random = new Random(5, 'nation');
	state: Surge[] = [];
	readonly all: { at: number; found: Found }[] = [];

	constructor(
		readonly perHour = 20,
		calendar: Judge['calendar'] = []
	) {
		this.judge = new Judge(facets, calendar);
		for (let hour = NOW - 28 * DAY; hour < NOW; hour += HOUR)
			for (const { id } of facets.values()) {
				const n = this.random.count(perHour);
				this.judge.learn(1, hour, id, n);
				this.judge.count(1, hour, id, n);
				// Spread over the hour, so that no minute is silent.
				if (hour >= NOW - 8 * HOUR) {
					this.judge.count(1, hour, id, -n);
					for (let i = 0; i < n; i++) this.judge.count(1, hour + this.random.int(0, 59) * MINUTE, id, 1);
				}
			}
		this.judge.late(1);
		for (const _ of this.judge.fits(NOW));
	}

	/** Minutes from one to another after NOW; `more` says how many more reports an hour of a cell there are. */
	run(from: number, to: number, more: (f: Facet) => number = () => 0, params = DEFAULTS): Found[] {
		const out: Found[] = [];
		for (let m = from; m < to; m++) {
			for (const f of facets.values()) {
				const n = this.random.count((this.perHour + more(f)) / 60);
				if (n) this.judge.count(1, NOW + m * MINUTE, f.id, n);
			}
			const found = surges(this.judge, NOW + (m + 1) * MINUTE, params, this.state);
			// As it is kept: through JSON.
			this.state = JSON.parse(JSON.stringify(found.state)) as Surge[];
			out.push(found);
		}
		return out;
	}
}
const raised = (found: Found[]) => found.flatMap((f) => f.raised);
const name = (s: Surge) => `${s.province} ${s.sector} ${s.cls}`;

describe('a surge', () => {
	it('in one cell is said once, of that cell, though it lifts all that the cell is part of', () => {
		const nation = new Nation();
		const found = nation.run(0, 120, (f) => (f === find('PK-IS', 'telecom', 'availability') ? 300 : 0));
		expect(raised(found).map(name)).toEqual(['PK-IS telecom availability']);
		const [s] = raised(found);
		expect(s!.raised).toBeLessThanOrEqual(NOW + 15 * MINUTE);
		expect(found.at(-1)!.kept.map(name)).toEqual(['PK-IS telecom availability']);
		const facts = found.at(-1)!.kept[0]!.facts[0]!;
		expect(facts.n).toBeGreaterThan(facts.high);
		expect(facts.peak).toBeGreaterThanOrEqual(facts.sigma);
	});

	it('of a whole sector is said of the sector, not of each part', () => {
		const nation = new Nation();
		const found = nation.run(0, 60, (f) => (f.sector === 'banking' ? 60 : 0));
		expect(raised(found).map(name)).toEqual([`${ALL} banking ${ALL}`]);
	});

	it('beside another is said too', () => {
		const nation = new Nation();
		const found = nation.run(0, 60, (f) =>
			f === find('PK-IS', 'telecom', 'availability') || f === find('PK-SD', 'banking', 'fraud') ? 300 : 0
		);
		expect(raised(found).map(name).sort()).toEqual(['PK-IS telecom availability', 'PK-SD banking fraud']);
	});

	it('ends once it has been usual for a while, is not raised again by what it left behind, and can come back', () => {
		const nation = new Nation();
		const burst = (f: Facet) => (f === find('PK-IS', 'telecom', 'availability') ? 300 : 0);
		expect(raised(nation.run(0, 60, burst))).toHaveLength(1);
		const after = nation.run(60, 180);
		expect(raised(after)).toEqual([]);
		const ended = after.findIndex((f) => f.ended.length);
		expect(ended).toBeGreaterThan(14);
		expect(after.flatMap((f) => f.ended)).toHaveLength(1);
		expect(after.at(-1)!.kept).toEqual([]);
		// Nothing more for longer than the longest window, and then the same again.
		expect(raised(nation.run(180, 430))).toEqual([]);
		expect(raised(nation.run(430, 460, burst)).map(name)).toEqual(['PK-IS telecom availability']);
	});

	it('tells each clearance only what that sees counted, and a lower one nothing of what it does not see', () => {
		const nation = new Nation();
		const above = nation.run(0, 40, (f) => (f === find('PK-IS', 'telecom', 'availability', 3) ? 300 : 0));
		expect(raised(above).map((s) => s.facts.map((f) => f.rank))).toEqual([[3]]);
		const below = new Nation().run(0, 40, (f) => (f === find('PK-IS', 'telecom', 'availability', 1) ? 600 : 0));
		const { facts } = below.at(-1)!.kept[0]!;
		expect(facts.map((f) => f.rank)).toEqual([1, 3]);
		expect(facts[0]!.n).toBeLessThan(facts[1]!.n);
		expect(facts[0]!.mean).toBeLessThan(facts[1]!.mean);
	});

	it('that a higher clearance cannot tell from its noise is still one for those below', () => {
		const nation = new Nation(4);
		const quiet = find('PK-PB', 'banking', 'fraud', 1);
		const loud = find('PK-PB', 'banking', 'fraud', 3);
		for (let hour = NOW - 28 * DAY; hour < NOW; hour += HOUR) nation.judge.learn(1, hour, loud.id, 2000);
		for (const _ of nation.judge.fits(NOW));
		const found = nation.run(0, 60, (f) => (f === quiet ? 40 : f === loud ? 2000 : 0));
		expect(raised(found).map((s) => s.facts.map((f) => f.rank))).toEqual([[1]]);
	});

	it('is judged more sharply on a day of risk', () => {
		const ordinary = new Nation();
		const risky = new Nation(20, [{ from: NOW - DAY, to: NOW + DAY, kind: 'risk', name: '14 August' }]);
		const burst = (f: Facet) => (f === find('PK-IS', 'telecom', 'availability') ? 24 : 0);
		expect(raised(ordinary.run(0, 75, burst))).toEqual([]);
		expect(raised(risky.run(0, 75, burst)).map(name)).toEqual(['PK-IS telecom availability']);
	});

	it('is found in hours that a source delivers late, once, with the time at which it was observed', () => {
		const nation = new Nation();
		const { judge } = nation;
		const { id } = find('PK-SD', 'banking', 'fraud');
		for (let h = 10; h > 7; h--) judge.count(1, NOW - h * HOUR, id, 200);
		const found = nation.run(0, 40);
		expect(raised(found)).toMatchObject([{ province: 'PK-SD', sector: 'banking', cls: 'fraud', late: true }]);
		expect(nation.state[0]).toMatchObject({ from: NOW - 10 * HOUR, to: NOW - 7 * HOUR });
		expect(found.flatMap((f) => f.ended)).toHaveLength(1);
		judge.count(1, NOW - 9 * HOUR, id, 20);
		expect(raised(nation.run(40, 50))).toEqual([]);
	});
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '$lib/core/clock';
import { components, judge, RULES, type Day, type Link, type Norms, type Seen } from './link';

const NORMS: Norms = { since: 0, until: 35 * DAY, constituents: 100, sectors: 15, least: new Map() };
const day = (at: number, sector: string, constituent = 0, n = 1): Day => ({
	day: at * DAY,
	sector,
	province: 'PK-SD',
	constituent,
	n
});
const seen = (id: string, days: Day[], more: Partial<Seen> & { kind?: Seen['clue']['kind'] } = {}): Seen => ({
	clue: { id, kind: more.kind ?? 'domain-name', value: id },
	claimed: false,
	good: false,
	days,
	...more
});
const names = (all: Seen[], links: Link[] = [], norms = NORMS) =>
	components(all, links, norms).map((c) => c.clues.join('+'));

describe('a value', () => {
	it('that two sectors share within a week is a campaign, that two constituents of one share is none', () => {
		expect(names([seen('a', [day(20, 'banking', 1), day(26, 'energy', 2)])])).toEqual(['a']);
		expect(names([seen('a', [day(20, 'banking', 1), day(27, 'energy', 2)])])).toEqual([]);
		expect(names([seen('a', [day(20, 'banking', 1), day(20, 'banking', 2)])])).toEqual([]);
		expect(names([seen('a', [day(20, 'banking', 1), day(21, 'banking', 2), day(22, 'banking', 3)])])).toEqual(['a']);
	});
	it('whose sector is not known is in none', () => {
		expect(names([seen('a', [day(20, 'banking'), day(20, 'unattributed')])])).toEqual([]);
	});
	it('that is known to be good is no campaign, however often it is seen', () => {
		expect(names([seen('a', [day(20, 'banking'), day(20, 'energy')], { good: true, claimed: true })])).toEqual([]);
	});
	it('that was seen as much for weeks before is common, whoever says to look for it', () => {
		const days = Array.from({ length: 30 }, (_, i) => [day(i, 'banking', 1), day(i, 'energy', 2)]).flat();
		expect(judge(seen('a', days, { claimed: true }), NORMS)).toBe('common');
	});
	it('that begins with the data and goes on as it began is common too', () => {
		const days = Array.from({ length: 20 }, (_, i) => day(i, i % 2 ? 'banking' : 'energy'));
		expect(judge(seen('a', days), { ...NORMS, until: 20 * DAY })).toBe('common');
	});
	it('that is new and goes on for weeks stays a campaign', () => {
		const days = Array.from({ length: 20 }, (_, i) => day(12 + i, i % 2 ? 'banking' : 'energy'));
		expect(judge(seen('a', days), NORMS)).toBe('shared');
	});
	it('that is seen no more than its kind is ordinary, unless somebody says to look for it', () => {
		const days = [day(20, 'banking', 0, 3), day(21, 'energy', 0, 5)];
		const busy = { ...NORMS, least: new Map([['domain-name', 24]]) };
		expect(judge(seen('a', days), busy)).toBe('ordinary');
		expect(judge(seen('a', days, { claimed: true }), busy)).toBe('shared');
		expect(judge(seen('a', [day(20, 'banking', 0, 12), day(21, 'energy', 0, 13)]), busy)).toBe('shared');
	});
	it('that is new and at a quarter of all constituents is a campaign that ties nothing to it', () => {
		const everywhere = Array.from({ length: 25 }, (_, i) => day(20, 'banking', i + 1));
		expect(judge(seen('a', everywhere), NORMS)).toBe('wide');
		const two = [day(20, 'banking', 1), day(20, 'energy', 2)];
		expect(
			names(
				[seen('a', everywhere), seen('b', two), seen('c', two)],
				[
					['a', 'b', 2],
					['a', 'c', 2]
				]
			)
		).toEqual(['a', 'b', 'c']);
	});
	it('a behaviour needs a usual before it, and ties nothing', () => {
		const burst = [day(20, 'banking', 1, 9), day(20, 'energy', 2, 9), day(20, 'health', 3, 9)];
		expect(judge(seen('b', burst, { kind: 'behaviour' }), NORMS)).toBe('shared');
		expect(judge(seen('b', burst, { kind: 'behaviour' }), { ...NORMS, since: 19 * DAY })).toBe('common');
		expect(judge(seen('b', burst.slice(1), { kind: 'behaviour' }), NORMS)).toBe('alone');
		expect(names([seen('a', burst), seen('b', burst, { kind: 'behaviour' })], [['a', 'b', 27]])).toEqual(['a', 'b']);
	});
});

it('values are linked when a part of the reports of the rarer carries both, not by a stray one', () => {
	const often = [day(20, 'banking', 0, 100), day(20, 'energy', 0, 100)];
	expect(names([seen('a', often), seen('b', often)], [['a', 'b', 5]])).toEqual(['a', 'b']);
	expect(names([seen('a', often), seen('b', often)], [['a', 'b', 10]])).toEqual(['a+b']);
});

it('what belongs together does not depend on the order of anything', () => {
	const id = fc.integer({ min: 0, max: 12 }).map((n) => `c${String(n).padStart(2, '0')}`);
	const days = fc.array(
		fc.record({
			day: fc.integer({ min: 0, max: 34 }).map((d) => d * DAY),
			sector: fc.constantFrom('banking', 'energy', 'health', 'unattributed'),
			province: fc.constantFrom('PK-SD', 'PK-PB'),
			constituent: fc.integer({ min: 0, max: 20 }),
			n: fc.integer({ min: 1, max: 9 })
		}),
		{ minLength: 1, maxLength: 12 }
	);
	const world = fc.record({
		all: fc.uniqueArray(fc.record({ id, days, claimed: fc.boolean(), good: fc.boolean() }), {
			selector: (s) => s.id,
			maxLength: 12
		}),
		links: fc.array(fc.tuple(id, id, fc.integer({ min: 1, max: 5 })), { maxLength: 20 })
	});
	fc.assert(
		fc.property(world, fc.infiniteStream(fc.double({ noNaN: true })), ({ all, links }, random) => {
			const known = new Set(all.map((s) => s.id));
			const list = all.map((s) => seen(s.id, s.days, { claimed: s.claimed, good: s.good }));
			const linked = links.filter(([a, b]) => a !== b && known.has(a) && known.has(b)) as Link[];
			const mix = <T>(items: T[]): T[] =>
				items
					.map((item) => [Number(random.next().value), item] as const)
					.sort((a, b) => a[0] - b[0])
					.map(([, item]) => item);
			const mixed = mix(list.map((s) => ({ ...s, days: mix(s.days) })));
			const turned = mix(linked.map(([a, b, n]): Link => (n % 2 ? [b, a, n] : [a, b, n])));
			expect(components(mixed, turned, NORMS, RULES)).toEqual(components(list, linked, NORMS, RULES));
		}),
		{ numRuns: 300 }
	);
});

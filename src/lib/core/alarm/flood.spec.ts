import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kind, Priority, Standing } from '../alarm';
import { flood } from './flood';

const T = 1_790_000_000;
const names = { sector: (s: string) => s, province: (p: string) => p };
type Part = Parameters<typeof flood>[0][number];
let id = 0;
const part = (raised: number, more: Partial<Part> = {}): Part => ({
	id: id++,
	kind: 'surge' as Kind,
	priority: 'low' as Priority,
	sector: null,
	province: null,
	raised,
	standing: 'unacknowledged' as Standing,
	shelved: null,
	...more
});
const many = (n: number, more: Partial<Part> = {}, from = T - 300, step = 10) =>
	Array.from({ length: n }, (_, i) => part(from + i * step, more));

test('ten alarms in ten minutes are ten lines, eleven are one that says what most of them are', () => {
	expect(flood(many(10), T, names)).toBeNull();
	const f = flood([...many(9, { sector: 'telecom' }), ...many(5, { kind: 'silence' })], T, names);
	expect(f).toMatchObject({ count: 14, since: T - 300, text: '14 alarms in 10 minutes, 9 of surge in telecom' });
	expect(f!.ids).toHaveLength(14);
	expect(f!.priority).toBe('low');
	expect(flood([...many(13), part(T, { priority: 'medium' })], T, names)!.priority).toBe('medium');
});

test('what says more is said of those for whom it holds', () => {
	expect(flood(many(12, { sector: 'telecom' }), T, names)!.text).toBe(
		'12 alarms in 10 minutes, all of surge in telecom'
	);
	const sectors = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];
	expect(
		flood(
			sectors.map((sector, i) => part(T - i, { sector })),
			T,
			names
		)!.text
	).toBe('12 alarms in 10 minutes, all of surge');
});

test('slow alarms are no flood, however many', () => {
	expect(flood(many(200, {}, T - 200 * 90, 90), T, names)).toBeNull();
});

test('it lasts until fewer than five come in ten minutes, and holds what came since it began', () => {
	const burst = many(12, {}, T - 3600, 1);
	expect(flood(burst, T - 3500, names)).toMatchObject({ count: 12 });
	expect(flood(burst, T - 2000, names)).toBeNull();
	const on = [...burst, ...many(40, {}, T - 3580, 90)];
	expect(flood(on, T - 10, names)).toMatchObject({
		since: T - 3600,
		text: expect.stringContaining('in 60 minutes') as string
	});
	const later = [...burst, ...many(6, {}, T - 300, 1)];
	expect(flood(later, T, names)).toBeNull();
});

test('what is cleared or on the shelf does not count, and what is seen does', () => {
	expect(flood([...many(10), ...many(5, { standing: 'cleared' })], T, names)).toBeNull();
	expect(flood([...many(10), ...many(5, { shelved: { until: T + 60, by: '', reason: '' } })], T, names)).toBeNull();
	expect(flood([...many(10), ...many(5, { standing: 'acknowledged' })], T, names)).not.toBeNull();
});

test('it is the same in whatever order the alarms come, and names each at most once', () => {
	const any = fc.array(
		fc.record({ raised: fc.integer({ min: T - 7200, max: T }), sector: fc.constantFrom('a', 'b', null) }),
		{
			maxLength: 60
		}
	);
	fc.assert(
		fc.property(any, (some) => {
			const all = some.map((s, i) => part(s.raised, { id: i, sector: s.sector }));
			const one = flood(all, T, names);
			expect(flood([...all].reverse(), T, names)).toEqual(one);
			if (!one) return;
			expect(new Set(one.ids).size).toBe(one.count);
			expect(one.count).toBeGreaterThan(10);
		}),
		{ numRuns: 300 }
	);
});

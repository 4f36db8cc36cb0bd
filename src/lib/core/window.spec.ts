import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floor, HOUR, MINUTE } from './clock';
import { Tally } from './tally';
import { HOURS, Window } from './window';

const NOW = Date.parse('2026-11-23T18:59:58Z') / 1000;
/** Adds around the window, from beyond its old end to a little in the future, and steps of the clock. */
const steps = fc.array(
	fc.oneof(
		{
			weight: 5,
			arbitrary: fc.record({
				ago: fc.oneof(
					fc.integer({ min: -300, max: 2 * HOUR }),
					fc.integer({ min: 0, max: 30 * HOUR }),
					fc.constantFrom(0, HOUR, 25 * HOUR, 26 * HOUR)
				),
				key: fc.constantFrom('a', 'b', 'c'),
				n: fc.integer({ min: -3, max: 9 })
			})
		},
		{
			weight: 1,
			arbitrary: fc.record({
				forward: fc.oneof(fc.integer({ min: -HOUR, max: 120 }), fc.constantFrom(1, 2, HOUR, 5 * HOUR, 26 * HOUR))
			})
		}
	),
	{ maxLength: 80 }
);
type Sums = Map<string, number>;
const bump = (sums: Sums, k: string, n: number) => sums.set(k, (sums.get(k) ?? 0) + n);
const filled = (sums: Sums) => [...sums].filter(([, n]) => n !== 0).sort();

describe('the window', () => {
	it('holds what a list of everything would say, each count in exactly one place, whatever comes in whatever order', () => {
		fc.assert(
			fc.property(steps, (list) => {
				let now = NOW;
				const window = new Window<string>(now);
				let all: { t: number; key: string; n: number }[] = [];
				for (const step of list) {
					if ('forward' in step) {
						const to = now + step.forward;
						window.advance(to);
						now = Math.max(now, to);
						all = all.filter((x) => x.t >= floor(now, HOUR) - (HOURS + 1) * HOUR);
						continue;
					}
					const t = now - step.ago;
					const held = window.add(t, step.key, step.n);
					expect(held).toBe(t >= floor(now, HOUR) - (HOURS + 1) * HOUR);
					if (held) all.push({ t, key: step.key, n: step.n });
				}
				const want: Sums = new Map();
				for (const { t, key, n } of all)
					bump(
						want,
						t >= floor(now, HOUR) - HOUR ? `minute ${floor(t, MINUTE)} ${key}` : `hour ${floor(t, HOUR)} ${key}`,
						n
					);
				const got: Sums = new Map();
				for (const [t, cells] of window.minutes) for (const [key, n] of cells) bump(got, `minute ${t} ${key}`, n);
				for (const [t, cells] of window.hours) for (const [key, n] of cells) bump(got, `hour ${t} ${key}`, n);
				expect(filled(got)).toEqual(filled(want));
			}),
			{ numRuns: 500 }
		);
	});

	it('keeps the minutes since the start of the previous hour and 24 hours before', () => {
		const window = new Window<string>(NOW);
		const start = Date.parse('2026-11-23T17:00:00Z') / 1000;
		expect([window.start, window.from]).toEqual([start, start - 24 * HOUR]);
		expect([window.add(window.from, 'a', 1), window.add(window.from - 1, 'a', 1)]).toEqual([true, false]);
		window.advance(NOW + 2);
		expect(window.start).toBe(start + HOUR);
	});
});

describe('the sums', () => {
	it('are those of a list of everything, by each name and hour, and per minute where it is fine', () => {
		fc.assert(
			fc.property(steps, (list) => {
				let now = NOW;
				const tally = new Tally(now);
				const all: { t: number; key: string; n: number }[] = [];
				for (const step of list) {
					if ('forward' in step) {
						now = Math.max(now, now + step.forward);
						tally.advance(now);
						continue;
					}
					const t = now - step.ago;
					tally.add(t, step.key, `s${step.key}`, `c${step.key}`, 'low', step.n);
					all.push({ t, key: step.key, n: step.n });
				}
				const from = floor(now, HOUR) - 25 * HOUR;
				for (const [table, prefix] of [
					[tally.provinces, ''],
					[tally.sectors, 's'],
					[tally.classes, 'c']
				] as const) {
					const want: Sums = new Map();
					for (const { t, key, n } of all) if (t >= from) bump(want, `${prefix}${key} ${floor(t, HOUR)}`, n);
					const got: Sums = new Map(
						[...table].flatMap(([key, hours]) => [...hours].map(([t, n]) => [`${key} ${t}`, n] as const))
					);
					expect(filled(got)).toEqual(filled(want));
				}
				const minutes: Sums = new Map();
				for (const { t, n } of all) if (t >= floor(now, HOUR) - HOUR) bump(minutes, String(floor(t, MINUTE)), n);
				expect(filled(new Map([...tally.minutes].map(([t, n]) => [String(t), n])))).toEqual(filled(minutes));
				expect(tally.all).toBe(
					all
						.filter((x) => x.t >= from + 2 * HOUR && floor(x.t, HOUR) <= floor(now, HOUR))
						.reduce((sum, x) => sum + x.n, 0)
				);
				expect(Tally.of(JSON.parse(JSON.stringify(tally.data))).data).toEqual(tally.data);
			}),
			{ numRuns: 300 }
		);
	});
});

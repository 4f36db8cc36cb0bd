import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { due, order, TARGET_HOURS } from './incident';
import { LEVELS } from './severity';

const cases = fc.array(fc.record({ severity: fc.constantFrom(...LEVELS), opened: fc.integer({ min: 0, max: 1e9 }) }), {
	maxLength: 20
});
const whole = (c: { severity: (typeof LEVELS)[number]; opened: number }) => c as Parameters<typeof order>[0];

describe('the order of cases', () => {
	it('puts the most severe first, then the oldest', () => {
		const list = [
			['low', 1],
			['emergency', 9],
			['high', 5],
			['high', 2]
		].map(([severity, opened]) => whole({ severity, opened } as never));
		expect(list.sort(order).map((c) => [c.severity, c.opened])).toEqual([
			['emergency', 9],
			['high', 2],
			['high', 5],
			['low', 1]
		]);
	});

	it('is the same whatever order they came in', () => {
		fc.assert(
			fc.property(cases, (list) => {
				const sorted = (l: typeof list) =>
					l
						.map(whole)
						.sort(order)
						.map((c) => `${c.severity} ${c.opened}`);
				expect(sorted([...list].reverse())).toEqual(sorted(list));
			})
		);
	});

	it('gives a more severe case less time', () => {
		const hours = LEVELS.map((l) => TARGET_HOURS[l]);
		expect(hours).toEqual([...hours].sort((a, b) => b - a));
		expect(due({ opened: 1000, severity: 'emergency' })).toBe(1000 + 4 * 3600);
	});
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY, HOUR } from '$lib/core/clock';
import { bins } from './bins';

it('sectors stand in the order in which it came there', () => {
	const drawn = bins([
		{ at: 5 * HOUR, sector: 'energy', n: 1 },
		{ at: 2 * HOUR, sector: 'banking', n: 3 },
		{ at: 6 * HOUR, sector: 'banking', n: 2 }
	]);
	expect(drawn).toMatchObject({ unit: HOUR, from: 2 * HOUR, length: 12, top: 3 });
	expect(drawn.rows.map((r) => [r.sector, r.n, r.first])).toEqual([
		['banking', 5, 2 * HOUR],
		['energy', 1, 5 * HOUR]
	]);
	expect(drawn.rows[0]!.bars.slice(0, 5)).toEqual([3, 0, 0, 0, 2]);
});

it('no report is lost, however long it lasts, and it is never drawn in more bars than are read', () => {
	const hour = fc.record({
		at: fc.integer({ min: 0, max: 24 * 400 }).map((h) => 1_790_000_000 - (1_790_000_000 % HOUR) + h * HOUR),
		sector: fc.constantFrom('banking', 'energy'),
		n: fc.integer({ min: 1, max: 50 })
	});
	fc.assert(
		fc.property(fc.array(hour, { minLength: 1, maxLength: 60 }), (hours) => {
			const drawn = bins(hours);
			const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
			expect(sum(drawn.rows.flatMap((r) => r.bars))).toBe(sum(hours.map((h) => h.n)));
			expect(drawn.length).toBeLessThanOrEqual(72);
			if (drawn.unit >= DAY) expect((drawn.from + 5 * HOUR) % DAY).toBe(0);
		})
	);
});

it('nothing is nothing', () => {
	expect(bins([])).toMatchObject({ rows: [], length: 0 });
});

import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../src/lib/core/clock';
import { score } from './bench/score';
import { watch } from './bench/usual';
import { first, make } from './bench/world';

// One short world of those that `npm run bench -- --only usual` measures.
const world = make(3, false, { weeks: 5, each: 2, rare: 3 });
const found = watch(world);
const ours = score(world, found.ours);
const plain = score(world, found.plain);

describe('what is found in a world with known attacks', () => {
	it('is every burst of five times and more where ten an hour are usual, within two buckets of an hour', () => {
		const must = ours.caught.filter((c) => c.attack.times >= 5 && (c.attack.usual ?? 0) >= 10 && !c.attack.holiday);
		expect(must.length).toBeGreaterThanOrEqual(6);
		for (const { attack, soon, minutes } of must)
			expect(soon, `${attack.times} × ${attack.size}/h at ${attack.from}: ${minutes} min`).toBe(true);
	});

	it('is said once, and hardly anything is said that is not there', () => {
		const caught = ours.caught.filter((c) => c.alarms);
		expect(caught.length).toBeGreaterThan(10);
		expect(caught.reduce((n, c) => n + c.alarms, 0)).toBeLessThan(1.3 * caught.length);
		expect(ours.wrong.length / ours.days).toBeLessThanOrEqual(1);
		expect(ours.wrong.length).toBeLessThan(plain.wrong.length / 10);
	});

	it('is nothing of sources that are dead, late or new', () => {
		expect(world.losses.some((l) => l.from > first(world) && l.to - l.from > DAY)).toBe(true);
		expect(
			world.feeds.some((f) => f.daily) &&
				world.feeds.some((f) => f.from > first(world) && f.from < world.end - 3 * HOUR)
		).toBe(true);
		expect(ours.blamed).toEqual([]);
	});
});

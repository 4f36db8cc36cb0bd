import type { Random } from '../../src/exercise/random';
import { DAY, floor, HOUR, MINUTE } from '../../src/lib/core/clock';
import { first, SIZES, usually, type Cell, type World } from './world';

/** Something that a surge should be raised for. */
export type Attack = {
	kind: 'burst' | 'ramp' | 'campaign';
	/** of the series that it is aimed at; of a campaign, of all of them together */
	size: number;
	/** how many times the usual there is at its height */
	times: number;
	/** of a burst: what is usual there then, reports an hour; on an ordinary day */
	usual?: number;
	/** whether it falls on a holiday of the calendar, on which nobody can say what is usual */
	holiday?: boolean;
	from: number;
	to: number;
	/** more than usual: reports an hour, and a multiple of what is usual */
	aims: { cell: Cell; perHour: number; times: number }[];
};
/** Time in which a source says nothing; with a backlog it tells all of it afterwards. */
export type Loss = { source: number; from: number; to: number; backlog: boolean };

export const TIMES = [2, 3, 5, 10] as const;

/** What happens in a world: in a quiet one only outages. */
export function plan(world: World, random: Random): Pick<World, 'attacks' | 'losses'> {
	const begin = first(world) + 6 * HOUR;
	const last = world.end - 8 * HOUR;
	const attacks: Attack[] = [];
	// One attack on a cell at a time, with half a day between: else nobody could say what an alarm is about.
	const free = (cells: Cell[], length: number): number => {
		for (let i = 0; i < 1000; i++) {
			const from = begin + random.int(0, (last - begin - length) / MINUTE) * MINUTE;
			const near = attacks.filter((a) => a.from < from + length + 12 * HOUR && a.to > from - 12 * HOUR);
			if (!near.some((a) => a.aims.some((x) => cells.includes(x.cell)))) return from;
		}
		throw new Error('No room for another attack.');
	};
	if (!world.quiet) {
		for (const size of SIZES)
			for (const times of TIMES)
				for (let i = 0; i < world.each; i++) {
					const cell = random.of(world.targets.get(size)!);
					const length = random.int(60, 180) * MINUTE;
					const from = free([cell], length);
					attacks.push({
						kind: 'burst',
						size,
						times,
						usual: usually(cell, floor(from + length / 2, HOUR)),
						holiday: world.calendar.some((s) => s.from < from + length && s.to > from),
						from,
						to: from + length,
						aims: [{ cell, perHour: 0, times: times - 1 }]
					});
				}
		for (const size of SIZES.slice(1)) {
			const cell = random.of(world.targets.get(size)!);
			const from = free([cell], 8 * HOUR);
			attacks.push({ kind: 'ramp', size, times: 5, from, to: from + 8 * HOUR, aims: [{ cell, perHour: 0, times: 4 }] });
		}
		const banks = world.cells.filter((c) => {
			const f = world.facets.get(c.facet)!;
			return f.sector === 'banking' && f.class === 'malicious-code' && c.perHour > 0.3 && f.province !== 'unlocated';
		});
		for (let i = 0; i < 3; i++) {
			const length = random.int(5, 30) * HOUR;
			const from = free(banks, length);
			const perHour = 72 / Math.min(4, banks.length);
			const aims = banks.slice(0, 4).map((cell) => ({ cell, perHour, times: 0 }));
			attacks.push({ kind: 'campaign', size: 10, times: 5, from, to: from + length, aims });
		}
	}
	const losses: Loss[] = [];
	for (const { id, daily } of world.feeds) {
		if (daily) continue;
		for (let i = random.count(1.2); i > 0; i--) {
			const from = world.start + random.int(0, (world.end - world.start) / MINUTE) * MINUTE;
			losses.push({ source: id, from, to: from + random.int(30, 600) * MINUTE, backlog: random.chance(0.6) });
		}
	}
	// One is dead for days.
	const dead = random.of(world.feeds.slice(0, 12));
	const from = begin + random.int(5, 30) * DAY;
	losses.push({ source: dead.id, from, to: from + random.int(3, 6) * DAY, backlog: false });
	return { attacks: attacks.sort((a, b) => a.from - b.from), losses };
}

import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '$lib/core/clock';
import type { Incident } from '$lib/core/incident';
import type { Index } from '$lib/core/posture';
import type { Kept } from '$lib/core/level';
import { graveAt, lastNote, levelAt, timeToClose, values } from './past';

const t = 1_795_000_000;

describe('the past of the cases', () => {
	it('reads severity and phase as they were, not as they are', () => {
		const history = [
			{ at: t - HOUR, change: { status: 'new', severity: 'medium' } },
			{ at: t + HOUR, change: { severity: 'severe' } },
			{ at: t + 2 * HOUR, change: { status: 'closed' } }
		];
		expect(graveAt(history, t)).toBe(false);
		expect(graveAt(history, t + HOUR)).toBe(true);
		expect(graveAt(history, t + 3 * HOUR)).toBe(false);
	});

	it('knows nothing open before a case was opened', () =>
		expect(graveAt([{ at: t, change: { status: 'new', severity: 'severe' } }], t - 1)).toBe(false));

	it('takes the median of the last thirty days only', () => {
		const closed = (hours: number, ago: number) => ({ opened: t - ago - hours * HOUR, closed: t - ago }) as Incident;
		expect(timeToClose([closed(2, HOUR), closed(4, HOUR), closed(9, HOUR), closed(900, 40 * DAY)], t)).toEqual({
			median: 4 * HOUR,
			n: 3
		});
		expect(timeToClose([closed(2, HOUR), closed(4, HOUR)], t).median).toBe(3 * HOUR);
		expect(timeToClose([], t)).toEqual({ median: null, n: 0 });
	});

	it('leaves out a case that was written down when it was over already', () => {
		expect(timeToClose([{ opened: t - DAY, closed: t - DAY } as Incident], t).n).toBe(0);
	});

	it('finds the newest note and passes over changes without one', () => {
		const history = [
			{ at: t, actor: 'a', change: { note: 'Block list sent' } },
			{ at: t + 1, actor: 'b', change: { note: 'Images due 16:00' } },
			{ at: t + 2, actor: 'c', change: { status: 'recover' } }
		];
		expect(lastNote(history)).toEqual({ at: t + 1, actor: 'b', text: 'Images due 16:00' });
		expect(lastNote([])).toBeNull();
	});

	it('has the values of an earlier index by sector, what was unknown as such, and how many were bad', () => {
		const index = (value: number | null, band: Index['band']): Index => ({
			value,
			band,
			since: t,
			unknown: value === null ? 'no source' : null,
			note: null,
			contributions: []
		});
		const sectors = [
			{ sector: 'telecom', ...index(48, 'strained') },
			{ sector: 'water', ...index(null, null) }
		];
		const before = values({ version: 1, at: t, nation: index(70, 'watch'), sectors, withheld: null });
		expect([...before.values]).toEqual([
			['telecom', 48],
			['water', null],
			['', 70]
		]);
		expect(before.bad).toBe(1);
	});

	it('knows the level that held, and none after it was taken back or was over', () => {
		const kept = (level: Kept['level'], since: number, ended: number | null) => ({ level, since, ended }) as Kept;
		const levels = [kept('high', t, null), kept('low', t - DAY, t - HOUR)];
		expect([t + 1, t - 2 * HOUR, t - HOUR, t - 2 * DAY].map((at) => levelAt(levels, at))).toEqual([4, 2, 0, 0]);
	});

	it('counts for an earlier time only what had been closed by then', () => {
		const closed = (hours: number, ago: number) => ({ opened: t - ago - hours * HOUR, closed: t - ago }) as Incident;
		expect(timeToClose([closed(2, HOUR), closed(4, 2 * DAY)], t - DAY)).toEqual({ median: 4 * HOUR, n: 1 });
	});
});

import { DAY, HOUR, floor } from '../../src/lib/core/clock';
import { ALL } from '../../src/lib/core/judgement';
import { median } from './figure';
import type { Attack } from './plan';
import { BEFORE, type World } from './world';

/** An alarm about a series, however it came about; `from` and `to` are when what it is about was observed. */
export type Alarm = { at: number; from: number; to: number; province: string; sector: string; cls: string };
export type Caught = { attack: Attack; minutes: number | undefined; soon: boolean; alarms: number };
export type Score = { caught: Caught[]; alarms: number; wrong: Alarm[]; days: number };

/** How long after an attack an alarm about it may come. */
const AFTER = 2 * HOUR;

/** Whether an alarm can be about something in a cell. */
export const covers = (a: Alarm, cell: { province: string; sector: string; class: string }): boolean =>
	(a.province === ALL || a.province === cell.province) &&
	(a.sector === ALL || a.sector === cell.sector) &&
	(a.cls === ALL || a.cls === cell.class);

/** Which attacks the alarms of a world found, and which alarms are about none. */
export function score(world: World, alarms: Alarm[]): Score {
	const about = (a: Alarm, attack: Attack) =>
		a.at >= attack.from &&
		a.from < attack.to &&
		a.to > attack.from &&
		a.at <= attack.to + AFTER &&
		attack.aims.some((x) => covers(a, world.facets.get(x.cell.facet)!));
	const right = new Set<Alarm>();
	const caught = world.attacks.map((attack): Caught => {
		const mine = alarms.filter((a) => about(a, attack));
		for (const a of mine) right.add(a);
		const first = mine.length ? Math.min(...mine.map((a) => a.at)) : undefined;
		return {
			attack,
			minutes: first === undefined ? undefined : (first - attack.from) / 60,
			// Before the hour after the one in which it begins is over, and its last report is in.
			soon: first !== undefined && first <= floor(attack.from, HOUR) + 2 * HOUR,
			alarms: mine.length
		};
	});
	const days = (world.end - world.start) / DAY - BEFORE * 7;
	return { caught, alarms: alarms.length, wrong: alarms.filter((a) => !right.has(a)), days };
}

/** A part of the attacks in words: `35 of 36, 41 min`. */
export function say(caught: Caught[]): string {
	const found = caught.filter((c) => c.minutes !== undefined);
	if (!caught.length) return '–';
	return `${found.length} of ${caught.length}${found.length ? `, ${Math.round(median(found.map((c) => c.minutes!)))} min` : ''}`;
}

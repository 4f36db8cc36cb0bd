import { DAY, floor, HOUR, MINUTE } from '../../src/lib/core/clock';
import { ALL } from '../../src/lib/core/judgement';
import { deviation, EDGE } from '../../src/lib/core/usual';
import { median } from './figure';
import type { Attack } from './plan';
import { first, usually, type World } from './world';

/** An alarm about a series, however it came about; from `from` until `to` its `n` reports were observed. */
export type Alarm = { at: number; from: number; to: number; n: number; province: string; sector: string; cls: string };
export type Caught = { attack: Attack; minutes: number | undefined; soon: boolean; alarms: number };
/** `blamed` are the wrong alarms that a source may have made by being dead, late or new. */
export type Score = { caught: Caught[]; alarms: number; wrong: Alarm[]; blamed: Alarm[]; days: number };

/** How long after an attack an alarm about it may come. */
const AFTER = 2 * HOUR;
/** The part of a series that a source must have to be blamed for it, and for how long after it was out. */
const MATTERS = 0.2;
const LINGERS = 12 * HOUR;
/** How far an hour is off by itself (relative), all in all. */
const CHANCE = 0.12;

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
		const soonest = mine.length ? Math.min(...mine.map((a) => a.at)) : undefined;
		return {
			attack,
			minutes: soonest === undefined ? undefined : (soonest - attack.from) / 60,
			// Before the hour after the one in which it begins is over, and its last report is in.
			soon: soonest !== undefined && soonest <= floor(attack.from, HOUR) + 2 * HOUR,
			alarms: mine.length
		};
	});
	const days = (world.end - first(world)) / DAY;
	const wrong = alarms.filter((a) => !right.has(a));
	return { caught, alarms: alarms.length, wrong, blamed: wrong.filter((a) => odd(world, a)), days };
}

/**
 * Whether a source that matters for a series was out around then, delivers by the day, or is the new one, and what it
 * reported was no chance: not far above what the world really gives there.
 */
function odd(world: World, a: Alarm): boolean {
	const shares = new Map<number, number>();
	let all = 0;
	let mean = 0;
	const there = world.feeds.filter((f) => f.from < a.to);
	for (const cell of world.cells)
		if (there.some((f) => f.id === cell.source) && covers(a, world.facets.get(cell.facet)!)) {
			shares.set(cell.source, (shares.get(cell.source) ?? 0) + cell.perHour);
			all += cell.perHour;
			for (let t = a.from; t < a.to; t += MINUTE) mean += usually(cell, t - HOUR / 2) / 60;
		}
	if (deviation(a.n, { mean, variance: mean + (CHANCE * mean) ** 2 }) > EDGE) return false;
	return there.some(
		(f) =>
			(shares.get(f.id) ?? 0) >= MATTERS * all &&
			(f.daily ||
				f.from > world.start ||
				world.losses.some((l) => l.source === f.id && l.from < a.to && l.to + LINGERS > a.from))
	);
}

/** A part of the attacks in words: `35 of 36, 41 min`. */
export function say(caught: Caught[]): string {
	const found = caught.filter((c) => c.minutes !== undefined);
	if (!caught.length) return '–';
	return `${found.length} of ${caught.length}${found.length ? `, ${Math.round(median(found.map((c) => c.minutes!)))} min` : ''}`;
}

import { DAY, HOUR } from '../lib/core/clock';

const PKT = 5 * HOUR;

/** Relative activity by hour of the day in PKT: a trough before dawn, a peak in office hours, an evening shoulder. */
const HOURS = [
	0.5, 0.4, 0.34, 0.3, 0.31, 0.38, 0.52, 0.74, 1.08, 1.48, 1.7, 1.76, 1.68, 1.5, 1.58, 1.62, 1.5, 1.28, 1.08, 0.98,
	0.94, 0.88, 0.78, 0.64
];

/** Relative activity by day of the week, Sunday first. */
const DAYS = [0.58, 1.1, 1.14, 1.12, 1.1, 1.0, 0.84];

/** Friday's congregational prayer and the early end of the working day after it, in PKT hours. */
const FRIDAY = { from: 12.5, to: 16, factor: 0.5 };

const mean = average();

/**
 * Activity of working people at `at` (epoch seconds) against its own weekly mean, which is 1. Hours are joined by
 * straight lines, so that a minute never jumps.
 */
export const activity = (at: number): number => raw(at) / mean;

/** Activity of something that follows people only in part: `share` 0 is flat (the noise of scanners), 1 is all of it. */
export const blend = (at: number, share: number): number => 1 - share + share * activity(at);

function raw(at: number): number {
	const local = at + PKT;
	const hour = (((local % DAY) + DAY) % DAY) / HOUR;
	const weekday = (((Math.floor(local / DAY) + 4) % 7) + 7) % 7;
	const i = Math.floor(hour);
	const level = HOURS[i]! + (HOURS[(i + 1) % 24]! - HOURS[i]!) * (hour - i);
	const prayer = weekday === 5 && hour >= FRIDAY.from && hour < FRIDAY.to ? FRIDAY.factor : 1;
	return level * DAYS[weekday]! * prayer;
}

function average(): number {
	let sum = 0;
	for (let t = 0; t < 7 * DAY; t += 600) sum += raw(t);
	return sum / ((7 * DAY) / 600);
}

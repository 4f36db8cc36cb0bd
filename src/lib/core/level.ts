import { DAY } from './clock';
import type { Declared } from './picture';
import { LEVELS } from './severity';

/** Seconds for which a level may be declared at the most: whoever still wants it then says so again. */
export const LONGEST = 30 * DAY;

/** A level of the past or of now. `ended` is when it did, or will; epoch seconds. */
export type Kept = Declared & {
	id: number;
	withdrawn: { at: number; by: string; reason: string } | null;
	/** when it was replaced, taken back or over; null: it has no end */
	ended: number | null;
};

/** Whether the time of a level is over at `now` (epoch seconds). */
export const expired = (level: Pick<Declared, 'until'>, now: number): boolean =>
	level.until !== null && level.until <= now;

/** `Level 3 · Medium`. */
export const name = (level: Declared['level']): string =>
	`Level ${LEVELS.indexOf(level) + 1} · ${level[0]!.toUpperCase()}${level.slice(1)}`;

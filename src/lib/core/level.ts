import { z } from 'zod';
import { DAY } from './clock';
import type { Declared } from './picture';
import { LEVELS } from './severity';

/** Seconds for which a level may be declared at the most: whoever still wants it then says so again. */
export const LONGEST = 30 * DAY;

const reason = z
	.string()
	.trim()
	.min(1, 'say why: everybody who sees the level reads it')
	.max(1000)
	.regex(/^[^\0]*$/, 'holds a NUL character');

/** What a person says who declares a level. `over` is the number of the one that they saw; null: none; absent: they did not look. */
export const Declare = z.strictObject({
	level: z.enum(LEVELS),
	reason,
	until: z.iso.datetime({ offset: true }),
	over: z.number().int().nullable().optional()
});
export type Declare = z.input<typeof Declare>;

/** What a person says who takes the level back; `over` as above. */
export const Withdraw = z.strictObject({ reason, over: z.number().int().nullable().optional() });
export type Withdraw = z.input<typeof Withdraw>;

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

/** What the calendar says of a stretch of days. */
export const SPECIALS = ['holiday', 'period', 'risk'] as const;

/**
 * A stretch of the calendar that changes what is usual: a `holiday` (fewer people work; never assumed quiet), a
 * `period` with a rhythm of its own (Ramadan), days of known `risk` (14 August, 23 March). From `from` until before
 * `to`, epoch seconds.
 */
export type Special = { from: number; to: number; kind: (typeof SPECIALS)[number]; name: string };

import { DAY } from '$lib/core/clock';

/** What the page is compared with, as it stands in the address (`?against=week`). */
export const AGAINST = ['day', 'week', 'month'] as const;
export type Against = (typeof AGAINST)[number];

const DAYS: Record<Against, number> = { day: 1, week: 7, month: 30 };
const WORDS: Record<Against, string> = { day: 'yesterday', week: 'last week', month: 'last month' };

/** What an address asks for; the day before when it says nothing, or nothing that we know. */
export const read = (url: URL): Against => AGAINST.find((a) => a === url.searchParams.get('against')) ?? 'day';

/** Seconds before now: the same time of the day, 1, 7 or 30 days ago. */
export const back = (against: Against): number => DAYS[against] * DAY;

/** `yesterday`, to stand in a sentence. */
export const word = (against: Against): string => WORDS[against];

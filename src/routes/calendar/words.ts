import type { SPECIALS } from '$lib/core/calendar';

/** Kinds of entries as people read them, and what each changes. */
export const KIND: Record<(typeof SPECIALS)[number], string> = {
	holiday: 'Holiday',
	period: 'Period with its own rhythm',
	risk: 'Days of known risk'
};
export const EFFECT: Record<(typeof SPECIALS)[number], string> = {
	holiday: 'Not learned from, and never taken for an ordinary day nor assumed quiet.',
	period: 'Has a rhythm of its own, such as the hours of Ramadan.',
	risk: 'Learned from as usual, and judged more sharply.'
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Fri 14 Aug`, or `20 – 22 Mar`, `31 Dec – 1 Jan` */
export function days(from: string, to: string): string {
	const part = (day: string) => ({ d: Number(day.slice(8)), m: MONTHS[Number(day.slice(5, 7)) - 1]! });
	const [a, b] = [part(from), part(to)];
	if (from === to) return `${DAYS[new Date(from).getUTCDay()]} ${a.d} ${a.m}`;
	return a.m === b.m && from.slice(0, 4) === to.slice(0, 4)
		? `${a.d} – ${b.d} ${a.m}`
		: `${a.d} ${a.m} – ${b.d} ${b.m}`;
}

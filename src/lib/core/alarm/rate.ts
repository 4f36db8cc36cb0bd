import { PRIORITIES, type Priority } from '../alarm';
import { DAY, HOUR } from '../clock';

/**
 * What one person can take, after EEMUA 191: an alarm in ten minutes over a day is steady and manageable, ten in the ten
 * minutes after an upset the most; 5, 15 and 80 in a hundred are high, medium and low.
 */
export const LIMITS = {
	steady: 1,
	upset: 10,
	share: { high: 0.05, medium: 0.15, low: 0.8 } as Record<Priority, number>
};
/** Seconds of a bucket. */
export const TEN = 600;
const BUCKETS = DAY / TEN;

/** How often alarms rang in a day. */
export type Rate = {
	/** start of the first bucket (epoch seconds) */
	from: number;
	/** alarms by ten minutes, the oldest first; the last is the present one */
	tens: number[];
	/** in all */
	day: number;
	hour: number;
	/** in ten minutes on the average, and at the most */
	mean: number;
	peak: number;
	/** buckets above what is steady, and above what an upset may bring */
	over: { steady: number; upset: number };
	/** by priority, of all of the day */
	share: Record<Priority, number>;
};

/** The rate of the day before `now` from the moments at which alarms rang. */
export function rate(rings: { at: number; priority: Priority }[], now: number): Rate {
	const from = (Math.floor(now / TEN) - BUCKETS + 1) * TEN;
	const mine = rings.filter((r) => r.at >= from && r.at <= now);
	const tens = new Array<number>(BUCKETS).fill(0);
	for (const r of mine) tens[Math.floor((r.at - from) / TEN)]!++;
	const of = (p: Priority) => (mine.length ? mine.filter((r) => r.priority === p).length / mine.length : 0);
	return {
		from,
		tens,
		day: mine.length,
		hour: mine.filter((r) => r.at > now - HOUR).length,
		mean: mine.length / BUCKETS,
		peak: Math.max(...tens),
		over: { steady: tens.filter((n) => n > LIMITS.steady).length, upset: tens.filter((n) => n > LIMITS.upset).length },
		share: Object.fromEntries(PRIORITIES.map((p) => [p, of(p)])) as Record<Priority, number>
	};
}

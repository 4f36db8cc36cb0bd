import * as days from '../store/outbound/days';
import type { Context, Step } from './step';

/** Seconds that a turn may take, and how many times as long as it took a day then rests: the database has other work. */
const SECONDS = 10;
const REST = 5;

/** Keeps the counts of outbound abuse by day: what the last minute has touched, and what is left from before. */
export function step(): Step {
	const rests = new Map<string, number>();
	return {
		name: 'outbound',
		async run({ client, log }: Pick<Context, 'client' | 'log'>) {
			const begun = performance.now() / 1000;
			const done = await days.refresh(client.sql, SECONDS, (day) => (rests.get(day) ?? 0) > begun);
			for (const [day, until] of rests) if (until <= begun) rests.delete(day);
			for (const [day, took] of done?.made ?? []) rests.set(day, performance.now() / 1000 + took * REST);
			if (done && done.left > rests.size) log.info({ left: done.left }, 'days of outbound abuse wait to be counted');
		}
	};
}

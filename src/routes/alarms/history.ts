import type { Event } from '$lib/core/alarm';
import { full } from '$lib/core/clock';

const WORDS: Record<Event['what'], string> = {
	raised: 'raised',
	escalated: 'became more urgent, and rings again',
	grown: 'is more than before, and rings again',
	again: 'came back before anybody had seen it',
	ended: 'the condition is over',
	acknowledged: 'acknowledged it',
	shelved: 'put it aside',
	unshelved: 'took it from the shelf',
	expired: 'its time on the shelf is over',
	cleared: 'cleared it'
};

/** What happened, in words, and what the person wrote. */
export function said({ what, detail }: Pick<Event, 'what' | 'detail'>): { text: string; note: string | null } {
	const until = typeof detail.until === 'string' ? Date.parse(detail.until) / 1000 : NaN;
	const note = [detail.reason, detail.note].find((n): n is string => typeof n === 'string' && n !== '');
	return { text: `${WORDS[what]}${Number.isNaN(until) ? '' : `, until ${full(until)}`}`, note: note ?? null };
}

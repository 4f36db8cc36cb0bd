import { PRIORITIES, rings, type Alarm, type Priority } from '../alarm';
import { span } from '../clock';
import { LIMITS, TEN } from './rate';
import { NAMES } from './rules';

/** Alarms in ten minutes with fewer than which a flood is over (EEMUA 191). */
const OVER = 5;

/** Alarms that came faster than a person can take them, as one line, as urgent as the most urgent of them; `ids` are those that it stands for. */
export type Flood = { since: number; count: number; priority: Priority; text: string; ids: number[] };
/** What a line says beside what is in the alarms: the names of sectors and provinces by their slugs and codes. */
export type Names = { sector(slug: string): string; province(code: string): string };
type Part = Pick<Alarm, 'id' | 'kind' | 'priority' | 'sector' | 'province' | 'raised' | 'standing' | 'shelved'>;

/**
 * The flood that lasts at `now`: it began when more than `most` alarms were raised within `within` seconds, and is over
 * when fewer than 5 were. Of the alarms that ring; the same for whoever has the same alarms.
 */
export function flood(
	alarms: readonly Part[],
	now: number,
	names: Names,
	{ most = LIMITS.upset, within = TEN }: { most?: number; within?: number } = {}
): Flood | null {
	const mine = alarms
		.filter((a) => rings(a, now) && a.raised <= now)
		.sort((a, b) => a.raised - b.raised || a.id - b.id);
	let begin: number | undefined;
	let first = 0;
	/** how many were raised within the time before `at`, up to and with the one in this place */
	const window = (at: number, last: number) => {
		while (first <= last && mine[first]!.raised <= at - within) first++;
		return last - first + 1;
	};
	mine.forEach((a, i) => {
		const n = window(a.raised, i);
		if (n > most) begin ??= first;
		else if (n < OVER) begin = undefined;
	});
	if (begin === undefined || window(now, mine.length - 1) < OVER) return null;
	const those = mine.slice(begin);
	const since = those[0]!.raised;
	const rest = common(those, names);
	return {
		since,
		count: those.length,
		priority: PRIORITIES.find((p) => those.some((a) => a.priority === p))!,
		text: `${those.length} alarms in ${minutes(now - since)}${rest ? `, ${rest}` : ''}`,
		ids: those.map((a) => a.id)
	};
}

const minutes = (s: number): string => (s < 600 ? '10 minutes' : s < 3600 ? `${Math.ceil(s / 60)} minutes` : span(s));

/** What most of them have in common, in words: `9 of surge in telecom`; empty when nothing is said of a third. */
function common(alarms: readonly Part[], names: Names): string {
	const counts = new Map<string, number>();
	const add = (text: string) => counts.set(text, (counts.get(text) ?? 0) + 1);
	for (const a of alarms) {
		const what = NAMES[a.kind];
		add(`of ${what}`);
		if (a.sector) add(`of ${what} in ${names.sector(a.sector)}`);
		if (a.province) add(`of ${what} in ${names.province(a.province)}`);
	}
	// What says more is said, unless it holds for far fewer.
	let best: [string, number] = ['', 0];
	for (const [text, n] of counts) {
		const [, most] = best;
		const longer = text.length > best[0].length;
		if (longer ? n >= 0.6 * most && n * 3 >= alarms.length : n > most / 0.6) best = [text, n];
	}
	const [text, n] = best;
	return n * 3 < alarms.length ? '' : n === alarms.length ? `all ${text}` : `${n} ${text}`;
}

import { setImmediate as pause } from 'node:timers/promises';
import type { Priority } from '$lib/core/alarm';
import type { Kept } from '$lib/core/alarm/rules';
import { DAY, floor, HOUR, MINUTE } from '$lib/core/clock';
import * as calendar from '../store/calendar';
import type { Sql } from '../store/client';
import type { Facets } from '../store/facet';
import type { Reference } from '../store/reference';
import * as usual from '../store/usual';
import type { Count } from '../store/usual';
import { RECENT } from './history';
import { Judge } from './judge';
import { condition, thresholds } from './rules/surge';
import { Words } from './rules/words';
import { surges, type Surge } from './surge';

/** Times are epoch seconds, `to` the moment after the last; `keep`: seconds of the past that is learned from; `step`: seconds between two judgements. */
export type Options = { from: number; to: number; keep: number; step?: number; rules: Kept<'surge'>[] };
/** An alarm that a rule would have raised, as who may see everything would have been told when it was. */
export type Alarm = {
	rule: string;
	priority: Priority;
	province: string;
	sector: string;
	class: string;
	title: string;
	why: string;
	raised: number;
	/** null: it goes on at the end */
	ended: number | null;
	n: number;
	expected: number;
	low: number;
	high: number;
	sigma: number;
	/** the most that it deviated */
	peak: number;
};
export type Progress = (done: number, of: number) => void;

/**
 * What rules about surges would have raised in a stretch of the past, judged minute by minute, by what was usual for
 * whom at that time: nothing is learned from what was observed later. Reports count when they were observed, also those
 * that came late.
 */
export async function run(
	sql: Sql,
	facets: Facets,
	words: Pick<Reference, 'sectors' | 'provinces' | 'classes' | 'types'>,
	{ from, to, keep, step = MINUTE, rules }: Options,
	onProgress?: Progress
): Promise<Alarm[]> {
	await facets.refresh();
	const judge = new Judge(facets.byId, await calendar.all(sql, to));
	const names = new Words(words);
	const tests: Test[] = rules.map((rule) => ({ rule, state: [], open: new Map() }));
	const alarms: Alarm[] = [];
	const first = floor(from, MINUTE);
	const past = floor(first - keep, HOUR);
	// To judge a day takes many times as long as to learn from one.
	const learned = (first - past) / 20;
	const progress = (at: number) =>
		onProgress?.(at < first ? (at - past) / 20 : learned + at - first, learned + to - first);

	for await (const [at, facet, n, source] of each(sql, 'hour', past, first, progress))
		judge.learn(source, at, facet, n);
	for await (const [at, facet, n, source] of each(sql, 'minute', first - RECENT, first))
		judge.count(source, at, facet, n);
	judge.late(1);

	let now = first;
	let fitted = -Infinity;
	const until = async (end: number) => {
		for (; now + step <= end; now += step) {
			if (now - fitted >= DAY) {
				await judge.refit(now);
				fitted = now;
			}
			for (const test of tests) follow(test, judge, names, now + step, alarms);
			await pause();
		}
	};
	for await (const [at, facet, n, source] of each(sql, 'minute', first, to, progress)) {
		await until(at);
		judge.learn(source, at, facet, n);
		judge.count(source, at, facet, n);
	}
	await until(to);
	return alarms.sort((a, b) => a.raised - b.raised);
}

type Test = {
	rule: Kept<'surge'>;
	state: Surge[];
	/** alarms that go on, by what they are about */ open: Map<string, Alarm>;
};

/** Looks at one moment by one rule: alarms that go on are brought up to date, new ones added. */
function follow(test: Test, judge: Judge, words: Words, now: number, alarms: Alarm[]): void {
	const { raised, kept, ended, state } = surges(judge, now, thresholds(test.rule.params), test.state);
	test.state = state;
	for (const surge of raised) {
		const alarm = tell(test.rule, surge, words, now);
		if (!alarm) continue;
		alarms.push(alarm);
		test.open.set(name(surge), alarm);
	}
	for (const surge of [...kept, ...ended]) {
		const alarm = test.open.get(name(surge));
		if (!alarm) continue;
		alarm.peak = Math.max(alarm.peak, surge.facts.at(-1)?.peak ?? 0);
		alarm.ended = surge.ended;
		if (surge.ended !== null) test.open.delete(name(surge));
	}
}

const name = (s: Surge): string => `${s.province}|${s.sector}|${s.cls}|${s.raised}`;

function tell(rule: Kept<'surge'>, surge: Surge, words: Words, now: number): Alarm | undefined {
	const said = condition(surge, rule.params, words)?.said.at(-1);
	const facts = surge.facts.at(-1);
	if (!said || !facts) return undefined;
	const { n, mean, low, high, sigma, peak } = facts;
	const { province, sector, cls } = surge;
	return {
		...{ rule: rule.slug, priority: said.priority, province, sector, class: cls },
		...{ title: said.title, why: said.why, raised: now, ended: null, n, expected: mean, low, high, sigma, peak }
	};
}

/** The counts of a stretch in the order of time: hours by the day and minutes by the hour, so that no answer is large. */
async function* each(
	sql: Sql,
	unit: 'minute' | 'hour',
	from: number,
	to: number,
	done?: (at: number) => void
): AsyncGenerator<Count> {
	const size = unit === 'hour' ? DAY : HOUR;
	for (let at = from; at < to;) {
		const end = Math.min(to, floor(at, size) + size);
		yield* await usual.past(sql, unit, at, end);
		at = end;
		done?.(at);
	}
}

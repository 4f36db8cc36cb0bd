import { DAY, HOUR, MINUTE } from '../../src/lib/core/clock';
import { Judge } from '../../src/lib/server/analysis/judge';
import { surges, type Surge } from '../../src/lib/server/analysis/surge';
import { cost } from './cost';
import { fixed, median, type Figure } from './figure';
import type { Options } from './main';
import { TIMES, type Attack } from './plan';
import { say, score, type Alarm, type Caught, type Score } from './score';
import { Threshold } from './threshold';
import { first, make, play, SIZES, type World } from './world';

/** Worlds, and which of them are quiet. */
const WORLDS = 12;
const QUIET = 4;
/** Seconds between two judgements, and two fits; the product judges each minute and learns each day. */
const STEP = 10 * MINUTE;
const LEARN = 3 * DAY;

/** What the judge and the plain threshold alarm on in one world. */
export function watch(world: World, step = STEP): { ours: Alarm[]; plain: Alarm[] } {
	const judge = new Judge(world.facets, world.calendar);
	const threshold = new Threshold(judge.catalogue, world.start, (world.end - world.start) / HOUR);
	const from = first(world);
	const ours: Alarm[] = [];
	const plain: Alarm[] = [];
	const wholes = new Map<number, number[]>();
	let state: Surge[] = [];
	for (const [minute, list] of play(world)) {
		for (const [source, at, facet, n] of list) {
			judge.learn(source, at, facet, n);
			judge.count(source, at, facet, n);
			let ids = wholes.get(facet);
			if (!ids) {
				const f = world.facets.get(facet)!;
				wholes.set(facet, (ids = judge.catalogue.cell(f.province, f.sector, f.class).wholes));
			}
			threshold.add(ids, at, n);
		}
		const now = minute + MINUTE;
		if (now < from) continue;
		if ((now - from) % LEARN === 0) for (const _ of judge.fits(now));
		// What was late before anybody judged is no news.
		if (now === from) judge.late(1);
		if (now % step === 0) {
			const found = surges(judge, now, undefined, state);
			({ state } = found);
			for (const s of found.raised) {
				const { n, from, to } = s.facts[0]!;
				ours.push({ ...s, n, from, to, at: now });
			}
		}
		if (now % HOUR === 0)
			for (const { series, n } of threshold.judge(now)) {
				const { province, sector, cls } = judge.catalogue.all[series]!;
				plain.push({ at: now, from: now - HOUR, to: now, n, province, sector, cls });
			}
	}
	return { ours, plain };
}

/** What was found in one world, and how right it is. */
export type Result = { quiet: boolean; ours: Score; plain: Score };

export function world(seed: number): Result {
	const world = make(seed, seed % QUIET === 0);
	const { ours, plain } = watch(world);
	return { quiet: world.quiet, ours: score(world, ours), plain: score(world, plain) };
}

/** How well surges are found, beside what a plain threshold would find, and what judging costs. */
export async function run({ worlds = WORLDS, quick }: Options): Promise<Figure[]> {
	const began = process.cpuUsage();
	const results: Result[] = [];
	for (let seed = 1; seed <= (quick ? 1 : worlds); seed++) {
		const result = world(seed);
		results.push(result);
		const about = ({ caught, wrong, alarms }: Score) => `${say(caught)}; ${wrong.length} of ${alarms} alarms wrong`;
		console.error(
			`world ${seed}${result.quiet ? ', quiet' : ''}: ${about(result.ours)}. Plain: ${about(result.plain)}`
		);
	}
	const figures = [...table(results), ...(await cost(quick))];
	const { user, system } = process.cpuUsage(began);
	figures.push(line('the whole of it, minutes of one core', fixed((user + system) / 6e7), '–'));
	return figures;
}

const line = (what: string, figure: string, floor: string): Figure => ({ part: 'usual', what, figure, floor });

/** By kind and size: found of all, and the median time to the first alarm; in the column `floor` the plain threshold. */
export function table(results: Result[]): Figure[] {
	const ours = results.map((r) => r.ours);
	const plain = results.map((r) => r.plain);
	const all = (scores: Score[], test: (a: Attack) => boolean): Caught[] =>
		scores.flatMap((s) => s.caught.filter((c) => test(c.attack)));
	const out: Figure[] = [];
	const add = (what: string, test: (a: Attack) => boolean, must = false) => {
		const mine = all(ours, test);
		if (!mine.length) return;
		out.push({
			...line(what, say(mine), say(all(plain, test))),
			...(must ? { budget: 'each in 2 buckets', met: mine.every((c) => c.soon) } : {}),
			numbers: { minutes: mine.map((c) => c.minutes ?? null) }
		});
	};
	for (const times of TIMES)
		for (const size of SIZES)
			add(`burst of ${times} × in ${size}/h`, (a) => a.kind === 'burst' && a.times === times && a.size === size);
	const large = (a: Attack) => a.times >= 5 && (a.usual ?? 0) >= 10;
	add('bursts of 5 × and more where 10/h and more are usual then', (a) => large(a) && !a.holiday, true);
	add('the same on a holiday of the calendar', (a) => large(a) && a.holiday === true);
	for (const size of SIZES) add(`ramp to 5 × in ${size}/h`, (a) => a.kind === 'ramp' && a.size === size);
	add('campaign', (a) => a.kind === 'campaign');
	const quality = (what: string, of: (s: Score[]) => string) => out.push(line(what, of(ours), of(plain)));
	const sum = (scores: Score[], of: (s: Score) => number) => scores.reduce((n, s) => n + of(s), 0);
	quality('precision: alarms that are about something', (s) =>
		fixed(
			1 -
				sum(s, (x) => x.wrong.length) /
					Math.max(
						1,
						sum(s, (x) => x.alarms)
					),
			3
		)
	);
	quality('recall: all of these found', (s) =>
		fixed(all(s, () => true).filter((c) => c.alarms).length / Math.max(1, all(s, () => true).length), 3)
	);
	quality('alarms about one that was found, median', (s) =>
		fixed(
			median(
				all(s, () => true)
					.filter((c) => c.alarms)
					.map((c) => c.alarms)
			),
			0
		)
	);
	out.push({
		...line(
			'false alarms where a source is dead, late or new',
			String(sum(ours, (x) => x.blamed.length)),
			String(sum(plain, (x) => x.blamed.length))
		),
		budget: '0',
		met: ours.every((x) => !x.blamed.length)
	});
	quality('false alarms a day, all worlds', (s) => fixed(sum(s, (x) => x.wrong.length) / sum(s, (x) => x.days), 2));
	const calm = results.filter((r) => r.quiet);
	if (calm.length) {
		const days = sum(ours, (x) => x.days) * (calm.length / results.length);
		const ofOurs =
			sum(
				calm.map((r) => r.ours),
				(x) => x.wrong.length
			) / days;
		const ofPlain =
			sum(
				calm.map((r) => r.plain),
				(x) => x.wrong.length
			) / days;
		out.push({
			...line('false alarms a day, the whole nation, quiet worlds', fixed(ofOurs, 2), fixed(ofPlain, 2)),
			budget: '≤ 1',
			met: ofOurs <= 1
		});
	}
	return out;
}

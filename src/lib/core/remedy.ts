import { DAY, HOUR } from './clock';

/**
 * When abuse that a network was told about had ended. Times are epoch seconds, days are counted from 1970 in Pakistan.
 *
 *   seen ──we tell the network──► open ──not seen for `quiet` watched days, or a person says so──► remedied
 *                                  ▲                                                                  │ seen again
 *                                  └──────────we tell it again────────── returned ◄──────────────────┘
 *
 * A day is watched when every source that saw the abuse delivered on it: silence of a source never counts as the end.
 */
export type Standing = 'unreported' | 'open' | 'unwatched' | 'remedied' | 'returned';
export const STANDINGS: Standing[] = ['returned', 'open', 'unwatched', 'unreported', 'remedied'];

/** A stretch of sightings without a gap of `quiet` days or more, and the sources that saw it then. */
export type Run = { first: number; last: number; sources: number[] };
/** That we told the network; `closed`: a person has marked it as remedied then. */
export type Report = { at: number; closed: number | null };
/** From the first sighting of what was reported to its end. */
export type Episode = {
	first: number;
	reported: number;
	remedied: number | null;
	by: 'quiet' | 'person' | null;
	returned: number | null;
};
export type Course = { standing: Standing; episodes: Episode[] };

/** Number of the day in Pakistan. */
export const dayOf = (s: number): number => Math.floor((s + 5 * HOUR) / DAY);

/** Whole days of `[from, to]` (day numbers, inclusive) on which a source delivered. */
export type Watched = (source: number, from: number, to: number) => number;

/**
 * The course of one kind of abuse in one network.
 * @param runs in order of time
 * @param quiet watched days without a sighting after which it had ended
 */
export function course(runs: Run[], reports: Report[], watched: Watched, quiet: number, now: number): Course {
	const told = [...reports].sort((a, b) => a.at - b.at);
	const episodes: Episode[] = [];
	let since = -Infinity;
	while (told.length) {
		const { at } = told[0]!;
		const run = runs.find((r) => r.last > since);
		const first = Math.min(at, run ? Math.max(run.first, since) : at);
		const { remedied, by, silent } = end(runs, told, watched, quiet, now);
		const returned = remedied === null ? null : again(runs, remedied);
		episodes.push({ first, reported: at, remedied, by, returned });
		if (remedied === null) return { standing: silent ? 'unwatched' : 'open', episodes };
		since = remedied;
		// What was told before it came again is a reminder of the same, or of something that was gone.
		while (told.length && told[0]!.at < (returned ?? Infinity)) told.shift();
	}
	const last = episodes.at(-1);
	return { standing: !last ? 'unreported' : last.returned === null ? 'remedied' : 'returned', episodes };
}

/** When what the first of these reports told had ended; `silent`: it was long ago, but not every source delivers. */
function end(
	runs: Run[],
	told: Report[],
	watched: Watched,
	quiet: number,
	now: number
): Pick<Episode, 'remedied' | 'by'> & { silent: boolean } {
	const { at } = told[0]!;
	const marks = told.flatMap((t) => (t.closed === null ? [] : [t.closed])).sort((a, b) => a - b);
	let sources = runs.findLast((r) => r.first <= at)?.sources ?? [];
	let anchor = at;
	for (const run of [...runs.filter((r) => r.last > at), null]) {
		const until = run ? Math.max(run.first, anchor) : Infinity;
		const mark = marks.find((m) => m >= anchor && m < (run ? Math.max(until, run.last) : until));
		if (mark !== undefined) return { remedied: mark, by: 'person', silent: false };
		const from = dayOf(anchor) + 1;
		const to = dayOf(Math.min(until, now)) - 1;
		const days = sources.length ? Math.min(...sources.map((s) => watched(s, from, to))) : 0;
		if (days >= quiet) return { remedied: anchor, by: 'quiet', silent: false };
		if (!run) return { remedied: null, by: null, silent: to - from + 1 >= quiet };
		anchor = run.last;
		sources = run.sources;
	}
	throw new Error('unreachable');
}

/** When it was seen again, on a later day; of a run that goes on, the next day is taken. */
function again(runs: Run[], remedied: number): number | null {
	const run = runs.find((r) => dayOf(r.last) > dayOf(remedied));
	return run ? Math.max(run.first, Math.min(run.last, (dayOf(remedied) + 1) * DAY - 5 * HOUR)) : null;
}

/** Median and 90th percentile of `n` lengths in seconds: the least length that so many do not exceed. */
export type Spread = { n: number; median: number; p90: number };

/** The spread of lengths in seconds; null of none. */
export function spread(lengths: number[]): Spread | null {
	const sorted = [...lengths].sort((a, b) => a - b);
	const at = (p: number) => sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!;
	return sorted.length ? { n: sorted.length, median: at(0.5), p90: at(0.9) } : null;
}

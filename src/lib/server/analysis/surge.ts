import type { Special } from '$lib/core/calendar';
import { DAY, HOUR, MINUTE, floor } from '$lib/core/clock';
import type { Judge } from './judge';
import { explain } from './surge/explain';
import { say, tell, type Facts, type Views } from './surge/facts';
import { View, type Test } from './surge/view';
import type { Window } from './window';

export type { Facts };

/** A rule about surges. `sigma` is the threshold, `risk` that of a day of risk; times are seconds. */
export type Params = {
	sigma: number;
	risk: number;
	/** counted at the least */
	count: number;
	/** at least so many times what was expected */
	ratio: number;
	/** σ below which it is over, once it has been so for `hold` */
	end: number;
	hold: number;
};
export const DEFAULTS: Params = { sigma: 5, risk: 4, count: 8, ratio: 1.5, end: 2.5, hold: 15 * MINUTE };

/** One series that has far more than usual. Plain data, so that it outlives a restart. Times are epoch seconds. */
export type Surge = {
	province: string;
	sector: string;
	cls: string;
	/** since when it was observed, as far as the windows tell */
	from: number;
	/** until when */
	to: number;
	raised: number;
	/** below `end` since */
	calm: number | null;
	ended: number | null;
	/** it was found in hours that a source delivered late */
	late: boolean;
	/** seconds: the window by which it is followed until it ends */
	window: number;
	/** by clearance, the lowest first; a clearance between two has that of the lower one, one below the first sees nothing */
	facts: Facts[];
};

export type Found = { raised: Surge[]; kept: Surge[]; ended: Surge[]; state: Surge[] };

/** Windows that are looked at each minute. */
const WINDOWS = [5 * MINUTE, HOUR, 6 * HOUR];
/** How long a surge whose source has fallen silent is still taken to go on. */
const UNKNOWN = HOUR;
/** Hours of the past that are looked at in one minute, at most, and how far back. */
const HOURS = 4;
const BACK = 2 * DAY;

/**
 * The surges of a minute, given the state that the minute before left: what is new, what goes on and what has ended.
 * What one surge explains raises no other, neither while it goes on nor as long as a window still holds it.
 */
export function surges(judge: Judge, at: number, params: Params = DEFAULTS, last: readonly Surge[] = []): Found {
	const now = floor(at, MINUTE);
	const state = last.map((s) => ({ ...s }));
	const found: Found = { raised: [], kept: [], ended: [], state };
	const test = threshold(params, judge.calendar, now);
	const views = look(WINDOWS.map((w) => judge.window(now, now - w, now)));

	for (const surge of state)
		if (surge.ended === null) (follow(surge, judge, views, params, test, now) ? found.kept : found.ended).push(surge);
	found.raised.push(...raise(judge, views, test, state, now, false));
	for (const hour of judge.late(params.count, HOURS)) {
		// The present hours are in the windows.
		if (hour + HOUR > now - HOUR || hour < now - BACK) continue;
		const past = look([judge.window(now, hour, hour + HOUR)]);
		found.raised.push(...raise(judge, past, threshold(params, judge.calendar, hour), state, now, true));
	}
	// What has ended is known as long as anything may look at its time again.
	found.state = state.filter((s) => s.ended === null || s.to > now - BACK - HOUR);
	return found;
}

function threshold(params: Params, calendar: Special[], at: number): Test {
	const risk = calendar.some((s) => s.kind === 'risk' && s.from <= at && at < s.to);
	return { sigma: risk ? Math.min(params.risk, params.sigma) : params.sigma, count: params.count, ratio: params.ratio };
}

/** Windows by clearance; those that see the same are looked at once. */
const look = (windows: Window[]): Views =>
	new Map(windows[0]!.ranks.map((rank) => [rank, windows.map((w) => new View(w, rank))]));

/** Brings a surge up to date; false: it has just ended. */
function follow(surge: Surge, judge: Judge, all: Views, params: Params, test: Test, now: number): boolean {
	const series = judge.catalogue.find(surge.province, surge.sector, surge.cls);
	let level = -Infinity;
	let unknown = false;
	// What was found in the past is over: it only stands for a while.
	if (series && !surge.late) {
		surge.facts = say(series, all, test, surge.window, surge.facts);
		for (const { rank } of surge.facts) {
			const view = all.get(rank)?.find((v) => v.seconds === surge.window);
			if (!view || series.id >= view.left.length) continue;
			if (view.expected(series.id).state === 'judged') level = Math.max(level, view.sigma(series.id));
			else unknown = true;
		}
	}
	if (level >= params.end) {
		surge.to = now;
		surge.calm = null;
	} else if (!(unknown && now - surge.to < UNKNOWN)) surge.calm ??= now;
	if (surge.calm === null || now - surge.calm < params.hold) return true;
	surge.ended = now;
	return false;
}

/** What stands out beside what is known already; adds it to the state. */
function raise(judge: Judge, all: Views, test: Test, state: Surge[], now: number, late: boolean): Surge[] {
	const { catalogue } = judge;
	const raised: Surge[] = [];
	for (const [rank, fresh] of [...all].reverse()) {
		const views = fresh.map((v) => new View(v.window, rank));
		for (const surge of state) {
			const series = catalogue.find(surge.province, surge.sector, surge.cls);
			if (!series) continue;
			for (const view of views) {
				// What came late in the hour beside is the same.
				const beside = late && surge.late ? HOUR : 0;
				const held = !late && surge.ended === null;
				if (!held && (surge.to + beside <= view.window.from || surge.from - beside >= view.window.to)) continue;
				if (beside && view.surge(series.id, test)) {
					surge.from = Math.min(surge.from, view.window.from);
					surge.to = Math.max(surge.to, view.window.to);
				}
				view.take(series, catalogue);
			}
		}
		for (const { series, view } of explain(views, catalogue, test)) {
			const window = Math.max(HOUR, view.seconds);
			const facts = say(series, all, test, window, []);
			const { province, sector, cls } = series;
			const surge: Surge = {
				...{ province, sector, cls, from: view.window.from, to: view.window.to, raised: now },
				...{ calm: late ? now : null, ended: null, late, window, facts }
			};
			// A part in which nearly all of it lies may be too small by itself: then it is told by the window of the whole.
			if (!facts.some((f) => f.rank <= rank))
				surge.facts = [
					tell(
						series,
						fresh.find((v) => v.seconds === view.seconds)!,
						rank
					),
					...facts
				];
			state.push(surge);
			raised.push(surge);
		}
	}
	return raised;
}

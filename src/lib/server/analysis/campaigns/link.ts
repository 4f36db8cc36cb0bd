import { BEHAVIOUR, WINDOW } from '$lib/core/campaign';
import { DAY } from '$lib/core/clock';
import { UNATTRIBUTED } from '$lib/core/sector';
import type { Clue } from './clue';

/**
 * Which values tie reports together, and which only seem to. It looks at counts by day and place and at nothing else,
 * so the order in which reports came does not matter. `docs/campaigns.md` says why each rule is as it is.
 */

/** How often something was seen on a day (its start, epoch seconds) at a place; constituent 0: none is known. */
export type Day = { day: number; sector: string; province: string; constituent: number; n: number };
export type Seen = {
	clue: Clue;
	/** somebody says to look for it */
	claimed: boolean;
	/** a list of what is known to be good holds it */
	good: boolean;
	days: Day[];
};
/** Reports that carry both of two clues. */
export type Link = [a: string, b: string, n: number];

/** What is usual of the time that is looked at. */
export type Norms = {
	/** the first and the last moment of what is kept (epoch seconds) */
	since: number;
	until: number;
	/** how many there are */
	constituents: number;
	sectors: number;
	/** the fewest reports of a window that are more than a value of a kind comes to by chance */
	least: ReadonlyMap<string, number>;
};

export type Rules = {
	/** seconds in which sightings make one campaign; whole days */
	window: number;
	/** what a campaign needs within a window: one of the two */
	sectors: number;
	constituents: number;
	/** in its window a value must be seen this many times as often as in the weeks before */
	fresh: number;
	/** parts of all constituents, of all sectors: who is at more within a window stands alone, and ties nothing */
	wide: { constituents: number; sectors: number };
	/** of the reports that carry the rarer of two values, the part that must carry both */
	together: number;
	/** a behaviour needs so many reports within a day, at so many constituents (or sectors) */
	behaviour: { reports: number; places: number };
};
export const RULES: Rules = {
	window: WINDOW,
	sectors: 2,
	constituents: 3,
	fresh: 5,
	wide: { constituents: 0.25, sectors: 0.6 },
	together: 0.05,
	behaviour: { reports: 10, places: 3 }
};
/** Days of before that say what is usual, and the least of them that can. */
const BEFORE = 28 * DAY;
export const LEAST = 7 * DAY;
/** Constituents, sectors of which a part says something. */
const FEW = 10;

/**
 * `shared`: ties what carries it together. `wide`: new, but nearly everywhere: a campaign of its own that ties nothing.
 * `alone`: at one place. `ordinary`: no more than values of its kind are. `common`: as much before. `good`: known to be.
 */
export type Verdict = 'shared' | 'wide' | 'alone' | 'ordinary' | 'common' | 'good';

/** What a value is, by its best window. */
export function judge(seen: Seen, norms: Norms, rules: Rules = RULES): Verdict {
	if (seen.good) return 'good';
	const behaviour = seen.clue.kind === BEHAVIOUR;
	const window = behaviour ? DAY : rules.window;
	const least = norms.least.get(seen.clue.kind) ?? 0;
	let verdict: Verdict = 'alone';
	for (const start of new Set(seen.days.map((d) => d.day).sort((a, b) => a - b))) {
		const { n, sectors, constituents } = within(seen.days, start, window);
		if (sectors < 2 && constituents < 2) continue;
		if (behaviour) {
			if (n < rules.behaviour.reports || Math.max(sectors, constituents) < rules.behaviour.places) continue;
		} else if (!seen.claimed && n < least) {
			verdict = 'ordinary';
			continue;
		}
		if (!fresh(seen.days, start, window, n, norms, rules, behaviour)) {
			verdict = 'common';
			continue;
		}
		const part = (all: number, share: number) => Math.max(FEW, share * all);
		if (
			constituents >= part(norms.constituents, rules.wide.constituents) ||
			(norms.sectors >= FEW && sectors >= rules.wide.sectors * norms.sectors)
		)
			return 'wide';
		return 'shared';
	}
	return verdict;
}

function within(days: Day[], start: number, window: number) {
	const sectors = new Set<string>();
	const constituents = new Set<number>();
	let n = 0;
	for (const d of days) {
		if (d.day < start || d.day >= start + window) continue;
		n += d.n;
		if (d.sector !== UNATTRIBUTED) sectors.add(d.sector);
		if (d.constituent) constituents.add(d.constituent);
	}
	return { n, sectors: sectors.size, constituents: constituents.size };
}

/**
 * Whether a window holds far more of it than the weeks before. Where the data begin too late to say, the weeks after
 * answer: what goes on as it was is no news. Where nothing can answer, a value is taken for new, a behaviour is not.
 */
function fresh(days: Day[], start: number, window: number, n: number, norms: Norms, rules: Rules, known: boolean) {
	const rate = (from: number, to: number) =>
		(days.reduce((sum, d) => (d.day >= from && d.day < to ? sum + d.n : sum), 0) / (to - from)) * window;
	const from = Math.max(norms.since, start - BEFORE);
	if (start - from >= LEAST) return n > rules.fresh * rate(from, start);
	if (known) return false;
	const to = Math.min(norms.until, start + window + BEFORE);
	return to - start - window < LEAST || n > rules.fresh * rate(start + window, to);
}

/** Whether places seen together are enough for a campaign, in any window. */
export function enough(days: Day[], rules: Rules = RULES): boolean {
	for (const start of new Set(days.map((d) => d.day))) {
		const { sectors, constituents } = within(days, start, rules.window);
		if (sectors >= rules.sectors || constituents >= rules.constituents) return true;
	}
	return false;
}

/** Values that belong together; ids in their order. */
export type Component = { clues: string[]; kinds: string[] };

/** The values that tie, as groups of those that are linked; each that is wide, and each behaviour, by itself. Groups that are not enough for a campaign are left out. */
export function components(all: Seen[], links: Link[], norms: Norms, rules: Rules = RULES): Component[] {
	const verdicts = new Map(all.map((s) => [s.clue.id, judge(s, norms, rules)]));
	const seen = new Map(all.map((s) => [s.clue.id, s]));
	const total = new Map(all.map((s) => [s.clue.id, s.days.reduce((sum, d) => sum + d.n, 0)]));
	const ties = (id: string) => verdicts.get(id) === 'shared' && seen.get(id)!.clue.kind !== BEHAVIOUR;
	const up = new Map<string, string>();
	const root = (id: string): string => {
		let top = id;
		while (up.has(top)) top = up.get(top)!;
		while (up.has(id)) {
			const next = up.get(id)!;
			if (next !== top) up.set(id, top);
			id = next;
		}
		return top;
	};
	for (const [a, b, n] of links) {
		if (!ties(a) || !ties(b) || n < rules.together * Math.min(total.get(a)!, total.get(b)!)) continue;
		// The lowest id is the root, whatever the order of the links.
		const [low, high] = [root(a), root(b)].sort();
		if (low !== high) up.set(high!, low!);
	}
	const groups = new Map<string, string[]>();
	for (const [id, verdict] of verdicts)
		if (verdict === 'shared' || verdict === 'wide') groups.set(root(id), [...(groups.get(root(id)) ?? []), id]);
	return [...groups.values()]
		.map((ids) => ids.sort())
		.filter((ids) =>
			enough(
				ids.flatMap((id) => seen.get(id)!.days),
				rules
			)
		)
		.map((ids) => ({ clues: ids, kinds: [...new Set(ids.map((id) => seen.get(id)!.clue.kind))].sort() }))
		.sort((a, b) => (a.clues[0]! < b.clues[0]! ? -1 : 1));
}

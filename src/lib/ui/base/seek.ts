import { guess } from '$lib/core/observable';
import * as slice from '$lib/core/slice';
import type { Role } from '$lib/core/viewer';
import { open, roles } from './screens';

/** Something the palette leads to: a way (`href`) or an action (`act`), under a heading; `also` are other words for it. */
export type Goal = {
	key: string;
	kind: 'Screens' | 'Sectors' | 'Provinces' | 'Open incidents' | 'Look up' | 'Actions';
	name: string;
	note?: string;
	also?: string;
	href?: string;
	act?: () => void;
};

/** Lines under one heading at the most. */
export const MOST = 8;
/** Characters of what is typed that are looked at. */
export const LONGEST = 200;

const words = (text: string): string[] => text.slice(0, LONGEST).toLowerCase().split(/\s+/).filter(Boolean);

/** 0: not it. Better when a name begins with a word than when a word is somewhere in it. */
function fit(goal: Goal, asked: readonly string[]): number {
	const name = goal.name.toLowerCase();
	const all = `${name} ${goal.note ?? ''} ${goal.also ?? ''}`.toLowerCase();
	let sum = 0;
	for (const word of asked) {
		if (!all.includes(word)) return 0;
		sum += name.startsWith(word) ? 4 : ` ${name}`.includes(` ${word}`) ? 3 : name.includes(word) ? 2 : 1;
	}
	return sum / asked.length;
}

/** Those of `goals` that hold every word of `text`, the best first; without a text, screens and actions. */
export function seek(goals: readonly Goal[], text: string): Goal[] {
	const asked = words(text);
	if (asked.length === 0) return goals.filter((goal) => goal.kind === 'Screens' || goal.kind === 'Actions');
	const found = goals
		.map((goal, i) => ({ goal, i, fit: fit(goal, asked) }))
		.filter((f) => f.fit > 0)
		.sort((a, b) => b.fit - a.fit || a.i - b.i);
	const counts = new Map<string, number>();
	return found
		.map((f) => f.goal)
		.filter((goal) => {
			const n = (counts.get(goal.kind) ?? 0) + 1;
			counts.set(goal.kind, n);
			return n <= MOST;
		});
}

/** The headings in the order of their best lines, each with its lines. */
export function grouped(goals: readonly Goal[]): [Goal['kind'], Goal[]][] {
	const groups = new Map<Goal['kind'], Goal[]>();
	for (const goal of goals) groups.set(goal.kind, [...(groups.get(goal.kind) ?? []), goal]);
	return [...groups];
}

type Named = { name: string; short: string; urdu?: string | null };

/** What is there for a role before anything is typed or asked of the server. */
export function goals(
	role: Role,
	sectors: readonly (Named & { slug: string })[],
	provinces: readonly (Named & { code: string })[]
): Goal[] {
	const also = (n: Named) => `${n.short} ${n.urdu ?? ''}`;
	return [
		...open(role).map((s): Goal => ({ key: s.href, kind: 'Screens', name: s.name, also: s.also, href: s.href })),
		...sectors.map((s): Goal => ({
			key: `sector ${s.slug}`,
			kind: 'Sectors',
			name: s.name,
			also: also(s),
			href: `/sectors/${encodeURIComponent(s.slug)}`
		})),
		...provinces.map((p): Goal => ({
			key: `province ${p.code}`,
			kind: 'Provinces',
			name: p.name,
			note: p.code,
			also: also(p),
			href: `/provinces/${encodeURIComponent(p.code)}`
		}))
	];
}

/** Where a typed value can be looked for. `known`: it is an address, a name, a hash or the like, and not just words. */
export function lookups(role: Role, text: string): { known: boolean; goals: Goal[] } {
	const value = text.trim().slice(0, LONGEST);
	if (value.length < 2) return { known: false, goals: [] };
	const what = guess(value);
	const observations = slice.href(role, { q: what?.value ?? value });
	const found: Goal[] = [];
	if (what && roles('indicator.read').includes(role))
		found.push({
			key: 'indicator',
			kind: 'Look up',
			name: `Indicator ${value}`,
			href: `/indicators?value=${encodeURIComponent(value)}`
		});
	if (observations)
		found.push({ key: 'observations', kind: 'Look up', name: `Observations with “${value}”`, href: observations });
	return { known: what !== undefined, goals: found };
}

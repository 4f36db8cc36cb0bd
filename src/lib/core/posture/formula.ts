import { due, type Incident } from '../incident';
import { ALL, type Row } from '../judgement';
import type { Index, Posture } from '../posture';
import { NO_SOURCE, SILENT } from '../posture';
import { UNATTRIBUTED } from '../sector';
import * as deviation from './deviation';
import { compare, grouped, together, type Part } from './part';
import { settle, type Held } from './settle';
import { EXPOSED, INCIDENT, KNOWN, OVERDUE, STALE, VERSION, WORST } from './weights';

/** A known-exploited product that is exposed at a constituent; `since` is epoch seconds. */
export type Exposure = { id: string; sector: string | null; text: string; since: number; href: string };

/** All that the index is made of, as one clearance may see it, at `now` (epoch seconds). */
export type Facts = {
	now: number;
	sectors: readonly { slug: string; short: string }[];
	provinces: readonly { code: string; short: string }[];
	/** those that are open */
	incidents: readonly Incident[];
	/** the judgement: `core/judgement` */
	rows: readonly Row[];
	exposures: readonly Exposure[];
};

/** What of one minute the next one has to know, so that a restart changes nothing. */
export type State = {
	version: number;
	at: number;
	/** since when what weighs by its length does */
	since: [key: string, since: number][];
	indexes: [name: string, held: Held][];
};

const NATION = '*';
const LEARNING = 'still learning what is usual: what is unusual does not count yet';

/**
 * The posture by the proposed formula (`docs/posture.md`), from what there is and from the minute before. The same facts
 * in any order give the same posture.
 */
export function compute(facts: Facts, before: State | undefined): { posture: Posture; state: State } {
	const { now } = facts;
	const known = before?.version === VERSION ? before : undefined;
	const since = new Map(known?.since);
	const held = new Map(known?.indexes);
	const next: State = { version: VERSION, at: now, since: [], indexes: [] };
	/** When something with this key began: now, if it had not yet and nobody knows better. */
	const began = (key: string, first = now): number => {
		const at = since.get(key) ?? first;
		next.since.push([key, at]);
		return at;
	};
	const index = (name: string, parts: Part[]) => {
		const last = held.get(name);
		const settled = settle(parts, last && { ...last, at: known!.at }, now);
		next.indexes.push([name, settled.held]);
		return settled;
	};

	const ground: deviation.Ground = {
		now,
		provinces: new Map(facts.provinces.map((p) => [p.code, p.short])),
		since
	};
	const now60 = facts.rows.filter((r) => r[0] === 'now');
	const bySector = grouped(now60, (r) => r[3]);
	const slugs = new Set(facts.sectors.map((s) => s.slug));
	const home = ({ sector }: { sector: string | null }) =>
		sector !== null && slugs.has(sector) ? sector : UNATTRIBUTED;
	const incidents = grouped(facts.incidents, home);
	const exposures = grouped(facts.exposures, home);
	const common = (sector: string, href: string | null): Part[] => {
		const cases = incidents.get(sector) ?? [];
		const risen = deviation.parts(sector, href, bySector.get(sector) ?? [], ground);
		for (const p of risen) began(p.key);
		const exposed = [...risen.filter((p) => p.cause === 'exposure'), ...(exposures.get(sector) ?? []).map(exposure)];
		return [
			...together('incident', cases.map(open)),
			...together('overdue', cases.filter((i) => now > due(i)).map(overdue)),
			...together(
				'deviation',
				risen.filter((p) => p.cause === 'deviation')
			),
			...together('exposure', exposed)
		];
	};

	const judged = facts.sectors.map(({ slug, short }) => {
		const state = standing(slug, facts.rows);
		const dark = state === 'no-data' ? darkness(slug, facts.rows, now) : now;
		const silence = silent(slug, bySector.get(slug) ?? [], state);
		const stale = silence ? [{ ...silence, since: began(silence.key, dark) }] : [];
		const { held, contributions } = index(slug, [...common(slug, `/sectors/${slug}`), ...stale]);
		const unknown = state === undefined ? NO_SOURCE : state === 'no-data' ? SILENT : null;
		const out: { sector: string } & Index = {
			sector: slug,
			value: unknown ? null : held.value,
			band: unknown ? null : held.band,
			since: unknown ? began(`unknown|${slug}|${unknown}`, dark) : held.since,
			unknown,
			note: state === 'learning' ? LEARNING : null,
			contributions
		};
		return { name: short, held, out };
	});

	const unseen = judged.filter((s) => s.out.unknown !== null).length;
	const { held: whole, contributions } = index(NATION, [...shares(judged), ...common(UNATTRIBUTED, null)]);
	const unknown = unseen > KNOWN * judged.length ? `${unseen} of ${judged.length} sectors are unknown` : null;
	const learning = judged.filter((s) => s.out.note !== null).length;
	const nation: Index = {
		value: unknown ? null : whole.value,
		band: unknown ? null : whole.band,
		since: unknown ? began(`unknown|${NATION}`) : whole.since,
		unknown,
		note: learning ? `${learning} of ${judged.length} sectors are ${LEARNING}` : null,
		contributions
	};
	next.since.sort((a, b) => compare(a[0], b[0]));
	return {
		posture: { version: VERSION, at: now, nation, sectors: judged.map((s) => s.out), withheld: null },
		state: next
	};
}

const open = (i: Incident): Part => ({
	key: `incident|${i.id}`,
	cause: 'incident',
	takes: INCIDENT[i.severity],
	text: `${i.severity} incident “${i.title}”`,
	since: i.opened,
	href: `/incidents/${i.id}`
});

const overdue = (i: Incident): Part => ({
	key: `overdue|${i.id}`,
	cause: 'overdue',
	takes: OVERDUE[i.severity],
	text: `overdue response to “${i.title}”`,
	since: due(i),
	href: `/incidents/${i.id}`
});

const exposure = (e: Exposure): Part => ({
	key: `exposure|${e.id}`,
	cause: 'exposure',
	takes: EXPOSED,
	text: e.text,
	since: e.since,
	href: e.href
});

/** How a sector is judged: by its last hour, or by its last day where an hour is too short to expect anything. */
const standing = (sector: string, rows: readonly Row[]) => {
	const mine = rows.filter((r) => r[2] === ALL && r[3] === sector && r[4] === ALL);
	return (mine.find((r) => r[0] === 'now') ?? mine.find((r) => r[0] === 'day'))?.[8];
};

/** Since when a sector is without data: the first of the whole hours up to now that all are. */
function darkness(sector: string, rows: readonly Row[], now: number): number {
	const hours = rows
		.filter((r) => r[0] === 'hour' && r[2] === ALL && r[3] === sector && r[4] === ALL)
		.sort((a, b) => b[1] - a[1]);
	const lit = hours.findIndex((r) => r[8] !== 'no-data');
	return hours[(lit < 0 ? hours.length : lit) - 1]?.[1] ?? now;
}

/** The part of a sector's usual reports whose sources are silent, by its provinces, in tenths. */
function silent(sector: string, rows: readonly Row[], state: Row[8] | undefined): Part | undefined {
	const by = rows
		.filter((r) => r[2] !== ALL && r[4] === ALL && r[8] !== 'learning')
		.sort((a, b) => compare(a[2], b[2]));
	const all = by.reduce((n, r) => n + r[6], 0);
	const gone = by.reduce((n, r) => n + (r[8] === 'no-data' ? r[6] : 0), 0);
	const share = state === 'no-data' ? 1 : all > 0 ? Math.round((10 * gone) / all) / 10 : 0;
	if (!share) return undefined;
	return {
		key: `staleness|${sector}`,
		cause: 'staleness',
		takes: STALE * share,
		text: share === 1 ? 'silent sources' : `silent sources of ${100 * share} % of the usual reports`,
		since: null,
		href: '/sources'
	};
}

type Judged = { name: string; held: Held; out: { sector: string } & Index };

/**
 * What each sector takes from the nation: half by its part in the mean of the worst, half by that in the mean of all. One
 * that is unknown stands with what is known of it, so that no sector helps the nation by falling silent.
 */
function shares(sectors: Judged[]): Part[] {
	const worst = Math.ceil(WORST * sectors.length);
	return sectors
		.toSorted((a, b) => a.held.value - b.held.value || compare(a.out.sector, b.out.sector))
		.flatMap(({ name, held, out }, i) => {
			const takes = (100 - held.value) * (0.5 / sectors.length + (i < worst ? 0.5 / worst : 0));
			const first = out.contributions[0];
			const why = out.unknown ? `${name}, unknown: ${out.unknown}` : `${name} at ${held.value}`;
			return takes > 0
				? [
						{
							key: `sector|${out.sector}`,
							cause: 'sector' as const,
							takes,
							text: first && !out.unknown ? `${why}: ${first.text}` : why,
							since: first?.since ?? null,
							href: `/sectors/${out.sector}`
						}
					]
				: [];
		});
}

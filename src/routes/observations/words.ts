import { UNLOCATED } from '$lib/core/province';
import type { Class, Type } from '$lib/core/rsit';
import { UNATTRIBUTED } from '$lib/core/sector';
import { FACETS, params, type Facet, type Slice } from '$lib/core/slice';
import { DAY, HOUR, day, floor, pkt } from '$lib/core/clock';
import { between } from '$lib/ui/chart/course';

/** What each filter is called. */
export const FACET: Record<Facet, string> = {
	source: 'Source',
	sector: 'Sector',
	province: 'Province',
	class: 'Class',
	type: 'Type',
	severity: 'Severity',
	direction: 'Direction',
	q: 'Text'
};
const DIRECTION = new Map([
	['inbound', 'Inbound'],
	['outbound', 'Outbound'],
	['internal', 'Internal'],
	['unknown', 'Direction not known']
]);

type Reference = {
	sectors: { slug: string; name: string; short: string }[];
	provinces: { code: string; name: string; short: string }[];
	classes: Class[];
	types: Type[];
};

/** The name of a facet's value: `names(reference, sources)('sector', 'telecom')`. */
export function names(reference: Reference, sources: { slug: string; name: string }[]) {
	const all: Record<Facet, Map<string, string>> = {
		source: new Map(sources.map((s) => [s.slug, s.name])),
		sector: new Map([...reference.sectors.map((s) => [s.slug, s.short] as const), [UNATTRIBUTED, 'Unattributed']]),
		province: new Map([...reference.provinces.map((p) => [p.code, p.short] as const), [UNLOCATED, 'Unlocated']]),
		class: new Map(reference.classes.map((c) => [c.slug, c.name])),
		type: new Map(reference.types.map((t) => [t.slug, t.name])),
		severity: new Map(),
		direction: DIRECTION,
		q: new Map()
	};
	return (facet: Facet, key: string): string => all[facet].get(key) ?? key;
}
export type Names = ReturnType<typeof names>;

/** The address of a part of all observations, for who stands on this screen already. */
export function way(part: Slice): string {
	const query = params(part).toString();
	return query ? `/observations?${query}` : '/observations';
}
export const add = (part: Slice, more: Slice): Slice => ({ ...part, ...more });
export function drop(part: Slice, ...keys: (keyof Slice)[]): Slice {
	const rest = { ...part };
	for (const key of keys) delete rest[key];
	return rest;
}

/** The filters that are set, each with the way without it. */
export const marks = (part: Slice, name: Names): { key: string; label: string; value: string; without: string }[] => [
	...(part.from !== undefined || part.to !== undefined
		? [{ key: 'time', label: 'Time', value: when(part), without: way(drop(part, 'from', 'to')) }]
		: []),
	...FACETS.filter((f) => part[f]).map((f) => ({
		key: f,
		label: FACET[f],
		value: name(f, part[f]!),
		without: way(drop(part, f))
	}))
];

/** The time of a slice in words. */
export function when({ from, to }: Slice): string {
	if (from !== undefined && to !== undefined) return between(from, to);
	if (from !== undefined) return `since ${day(from)} ${pkt(from)} PKT`;
	return to === undefined ? 'the last 24 hours' : `24 h before ${day(to)} ${pkt(to)} PKT`;
}

/** The filters but time, in words; `everything` where there is none. */
export const words = (part: Slice, name: Names): string =>
	FACETS.filter((f) => part[f])
		.map((f) => (f === 'q' ? `“${part.q}”` : name(f, part[f]!)))
		.join(', ') || 'everything';

/** The quick choices of time. `from` undefined: the 24 hours that stand where nothing is chosen. */
const QUICK = [
	['1 h', HOUR],
	['24 h', DAY],
	['7 d', 7 * DAY],
	['30 d', 30 * DAY]
] as const;
export function quick(part: Slice, now: number): { name: string; href: string; on: boolean }[] {
	return QUICK.map(([name, length]) => {
		const usual = length === DAY;
		const from = floor(now - length, 60);
		const on =
			part.to === undefined && (part.from === undefined ? usual : Math.abs(now - length - part.from) < length * 0.05);
		return { name, on, href: way(usual ? drop(part, 'from', 'to') : { ...drop(part, 'to'), from }) };
	});
}

/** A time three times as long around the same middle, not beyond now. */
export function wider(from: number, to: number, now: number): { from: number; to: number } {
	const length = to - from;
	const end = Math.min(to + length, Math.ceil(now / 60) * 60);
	return { from: end - 3 * length, to: end };
}

/** A moment as a field of a form has it: PKT, to the minute. */
export const local = (t: number): string => new Date((t + 5 * HOUR) * 1000).toISOString().slice(0, 16);

/** Where the row's observation stands; with its time it is found at once. */
export const open = (o: { id: string; observed: number }): string =>
	`/observations/${o.id}?at=${encodeURIComponent(String(o.observed))}`;

import { hash } from 'node:crypto';
import { normalise, type Observable } from '$lib/core/observable';
import * as tlp from '$lib/core/tlp';
import * as indicator from '../store/indicator';
import type { Reference } from '../store/reference';
import type { Known } from '../store/warninglist';
import type { Origin } from './check';
import type { Claim, Fault, Seen, Thing } from './format';

/** Longest key of an object, in characters. */
const KEY = 500;
/** An instant that PostgreSQL has and people mean: of the years 1 to 9999. */
const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);
/** Longest kind of an object. */
const KIND = 250;

/** Also a day that there is: 30 February is none, and would only be found by the database. */
function isInstant(text: string): boolean {
	const at = Date.parse(text);
	return INSTANT.test(text) && at <= LAST && new Date(at).toISOString().slice(0, 10) === text.slice(0, 10);
}

/** Shortest prefixes of networks that are looked for: more would be half the world. */
const SHORTEST = { 'ipv4-addr': 8, 'ipv6-addr': 16 };

function tooWide({ kind, value }: Observable): boolean {
	const slash = value.indexOf('/');
	return (kind === 'ipv4-addr' || kind === 'ipv6-addr') && slash > 0 && Number(value.slice(slash + 1)) < SHORTEST[kind];
}

/** A thing that has been checked, as it is kept; `tlp` is a rank, instants are ISO 8601. */
export type Kept = {
	id: string;
	kind: string;
	key: string;
	group: string | null;
	modified: string | null;
	name: string | null;
	tlp: number;
	revoked: boolean;
	sectors: string[] | null;
	facts: string | null;
	raw: string;
	claims: (Omit<Claim, 'from' | 'until'> & { id: string; from: string | null; until: string | null })[];
	seen: (Omit<Seen, 'values' | 'first' | 'last' | 'key'> & {
		key: string | null;
		indicator: string | null;
		first: string | null;
		last: string | null;
	})[];
	/** lists of values known to be good; they are asked in the transaction that keeps it, as they are then */
	known: Known;
};

/**
 * Checks a thing and makes its fingerprint: the same version of the same object of a source has the same one, for ever.
 * @param marked ranks of TLP by keys of markings that were delivered before
 * @param known what marks an indicator that is no news
 */
export function keep(
	thing: Thing,
	raw: string,
	origin: Origin,
	reference: Reference,
	marked: ReadonlyMap<string, number>,
	known: Known
): Kept | Fault {
	const fault = (path: string, reason: string): Fault => ({ path, code: 'wrong_value', reason, tlp: thing.tlp });
	if (!thing.key || thing.key.length > KEY || thing.key.includes('\0'))
		return fault('id', `The id has ${thing.key.length} characters; 1 to ${KEY} are allowed, and none of them NUL.`);
	if (!thing.kind || thing.kind.length > KIND || thing.kind.includes('\0'))
		return fault(
			'type',
			`The type has ${thing.kind.length} characters; 1 to ${KIND} are allowed, and none of them NUL.`
		);
	if (thing.modified !== undefined && !isInstant(thing.modified))
		return fault('modified', `"${thing.modified.slice(0, 40)}" is no time between the years 1 and 9999.`);
	const ranks = (thing.markings ?? []).flatMap((key) => marked.get(key) ?? []);
	const stated = thing.tlp === undefined ? undefined : tlp.parse(thing.tlp);
	// A label that nobody knows may mean anything.
	if (stated) ranks.push(tlp.rank(stated));
	else if (thing.tlp !== undefined) ranks.push(tlp.TLPS.length - 1);

	const sectors = [
		...new Set((thing.sectors ?? []).flatMap((s) => reference.sector.get(s.trim().toLowerCase()) ?? []))
	];
	const claims = new Map<string, Kept['claims'][number]>();
	for (const { from, until, ...said } of thing.claims ?? []) {
		const claim = {
			...said,
			...(normalise(said.kind, said.value) ?? {
				kind: said.kind === 'pattern' ? ('pattern' as const) : ('other' as const),
				value: said.value.trim()
			})
		};
		if (tooWide(claim)) claim.kind = 'other';
		const id = indicator.identify(claim.kind, claim.value);
		const before = claims.get(id);
		if (before && (!before.partial || claim.partial)) continue;
		claims.set(id, { ...claim, id, value: text(claim.value), from: instant(from), until: instant(until) });
	}
	return {
		id: uuid(`${origin.id}\u0004${thing.key}\u0004${thing.revision}`),
		kind: thing.kind,
		key: thing.key,
		group: thing.group === undefined ? null : thing.group.slice(0, KEY),
		modified: thing.modified ?? null,
		name: thing.name === undefined ? null : text(thing.name),
		tlp: ranks.length ? Math.max(...ranks) : origin.tlp,
		revoked: thing.revoked ?? false,
		sectors: sectors.length ? sectors : null,
		facts: thing.facts ? JSON.stringify(thing.facts, (_, v: unknown) => (typeof v === 'string' ? text(v) : v)) : null,
		raw,
		claims: [...claims.values()],
		seen: seen(thing.seen),
		known
	};
}

function seen(s: Seen | undefined): Kept['seen'] {
	if (!s) return [];
	const { values = [], key, first, last, ...said } = s;
	const base = { ...said, first: instant(first), last: instant(last) };
	return [
		...(key === undefined ? [] : [{ ...base, key: key.slice(0, KEY), indicator: null }]),
		...values.map((v) => ({ ...base, key: null, indicator: indicator.identify(v.kind, v.value) }))
	];
}

/** Text as PostgreSQL takes it: no NUL, no half of a character. */
const text = (s: string): string => s.replaceAll('\0', '\ufffd').toWellFormed();

const instant = (ms: number | undefined): string | null =>
	ms !== undefined && ms >= -62_135_596_800_000 && ms <= LAST ? new Date(ms).toISOString() : null;

function uuid(of: string): string {
	const h = hash('sha256', of, 'hex');
	return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20, 32)}`;
}

import { full, span } from '$lib/core/clock';
import { CARRIED, type Kind } from '$lib/core/observable';
import { count, plural } from '$lib/ui/base/number';

/** Kinds of values in words. */
export const KIND: Record<Kind, string> = {
	'ipv4-addr': 'IPv4 address',
	'ipv6-addr': 'IPv6 address',
	'domain-name': 'domain name',
	url: 'URL',
	'email-addr': 'e-mail address',
	md5: 'MD5 hash',
	'sha-1': 'SHA-1 hash',
	'sha-224': 'SHA-224 hash',
	'sha-256': 'SHA-256 hash',
	'sha-384': 'SHA-384 hash',
	'sha-512': 'SHA-512 hash',
	ssdeep: 'ssdeep hash',
	tlsh: 'TLSH hash',
	imphash: 'import hash',
	'file-name': 'file name',
	'registry-key': 'registry key',
	mutex: 'mutex',
	process: 'process',
	'user-agent': 'user agent',
	'mac-addr': 'MAC address',
	'autonomous-system': 'AS number',
	'user-account': 'user account',
	certificate: 'certificate',
	wallet: 'wallet',
	phone: 'phone number',
	vulnerability: 'vulnerability',
	pattern: 'detection rule',
	other: 'other value'
};

/** What a network is called: an address with a prefix. */
export const kind = (of: { kind: Kind; value: string }): string =>
	(of.kind === 'ipv4-addr' || of.kind === 'ipv6-addr') && of.value.includes('/')
		? KIND[of.kind].replace('address', 'network')
		: KIND[of.kind];

/** A confidence of 0 to 100 in the words of STIX 2.1, appendix A (None, Low, Med, High). */
export const confidence = (n: number | null): string =>
	n === null ? 'not stated' : `${n === 0 ? 'none' : n < 30 ? 'low' : n < 70 ? 'medium' : 'high'}, ${n} of 100`;

type Standing = {
	actionable: boolean;
	partial: boolean;
	warnings: string[];
	validUntil: number | null;
	/** everybody who said so has taken it back; absent: not known here */
	withdrawn?: boolean;
};

/** How an indicator stands: what stands out first. */
export function standing(i: Standing, now: number): { word: string; tone: 'good' | 'gone' | 'off' | 'plain' } {
	if (i.warnings.length) return { word: 'known good', tone: 'good' };
	if (i.withdrawn) return { word: 'withdrawn', tone: 'gone' };
	if (!i.actionable) return { word: i.withdrawn === false ? 'context only' : 'context or withdrawn', tone: 'off' };
	if (i.validUntil !== null && i.validUntil < now) return { word: 'expired', tone: 'off' };
	return { word: i.partial ? 'part of a pattern' : 'to look for', tone: 'plain' };
}

/** Until when it holds; what is over says so. */
export const until = (at: number | null, now: number): string =>
	at === null ? 'not stated' : at < now ? `expired ${full(at)}` : full(at);

/** From when until when a claim holds; what is over says so. */
export function valid(from: number | null, to: number | null, now: number): string {
	if (from === null && to === null) return 'not stated';
	return `${from === null ? '' : `${full(from)} `}– ${to === null ? 'no end' : full(to)}${to !== null && to < now ? ', expired' : ''}`;
}

/** A long value with its middle left out; its ends tell most. */
export function cut(value: string, most = 90): string {
	const letters = [...value];
	if (letters.length <= most) return value;
	return `${letters.slice(0, Math.ceil(most * 0.65)).join('')}…${letters.slice(-Math.floor(most * 0.3)).join('')}`;
}

/**
 * How many places, and their names: `3 sectors` and `: Banking, Telecom, Energy`, with no more names than fit. One place
 * is its name. What is not known is no place, and is said last.
 */
export function some(names: string[], one: string, unknown: string, most = 3): { head: string; names: string } {
	const known = names.filter((n) => n !== unknown);
	const rest = known.length < names.length ? `, ${unknown}` : '';
	if (!known.length) return { head: unknown, names: '' };
	if (known.length === 1) return { head: known[0]!, names: rest };
	const shown = `: ${known.slice(0, most).join(', ')}${known.length > most ? ' …' : ''}`;
	return { head: plural(known.length, one), names: `${shown}${rest}` };
}

type Seen = {
	kind: Kind;
	count: number;
	last: number | null;
	/** when earlier reports were searched for it; null: not yet */
	lookedAt: number | null;
	constituents: number;
	sectors: number;
	provinces: number;
};

/** The one sentence on an indicator: how often it was seen, where, and how long ago. `back`: seconds that earlier reports are searched. */
export function sentence(i: Seen, now: number, back: number): string {
	if (!i.count) {
		if (!CARRIED.includes(i.kind)) return 'Not seen: reports do not carry values of this kind.';
		if (i.lookedAt === null) return 'Not seen yet; earlier reports are being searched.';
		return `Not seen yet; earlier reports have been searched, ${span(back)} back.`;
	}
	const where =
		i.sectors || i.provinces
			? ` in ${i.sectors ? plural(i.sectors, 'sector') : 'no known sector'} of ${i.provinces ? plural(i.provinces, 'province') : 'no known province'}`
			: ', nowhere that is known';
	const whom = i.constituents ? ` at ${plural(i.constituents, 'constituent')}` : '';
	return `Seen ${i.count === 1 ? 'once' : `${count(i.count)} times`}${whom}${where}, last ${span(now - (i.last ?? now))} ago.`;
}

import type { Kind } from '$lib/core/observable';
import { plural } from '$lib/ui/base/number';

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

type Standing = { actionable: boolean; partial: boolean; warnings: string[]; validUntil: number | null };

/** How an indicator stands: what stands out first. */
export function standing(i: Standing, now: number): { word: string; tone: 'good' | 'off' | 'plain' } {
	if (i.warnings.length) return { word: 'known good', tone: 'good' };
	if (!i.actionable) return { word: 'context only', tone: 'off' };
	if (i.validUntil !== null && i.validUntil < now) return { word: 'expired', tone: 'off' };
	return { word: i.partial ? 'part of a pattern' : 'to look for', tone: 'plain' };
}

/** A long value with its middle left out; its ends tell most. */
export const cut = (value: string, most = 90): string =>
	value.length <= most ? value : `${value.slice(0, Math.ceil(most * 0.65))}…${value.slice(-Math.floor(most * 0.3))}`;

/** `3 sectors: Banking, Telecom, Energy` with no more names than fit; what is not known is no place, and is said last. */
export function some(names: string[], one: string, unknown: string, most = 3): string {
	const known = names.filter((n) => n !== unknown);
	const rest = known.length < names.length ? unknown : '';
	if (known.length < 2) return [known[0], rest].filter(Boolean).join(', ');
	const shown = `${plural(known.length, one)}: ${known.slice(0, most).join(', ')}${known.length > most ? ' …' : ''}`;
	return rest ? `${shown}, ${rest}` : shown;
}

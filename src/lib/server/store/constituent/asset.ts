import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** What may belong to an organisation: a network or single address, an autonomous system, a domain with all below it. */
export const KINDS = ['cidr', 'asn', 'domain'] as const;
export type Kind = (typeof KINDS)[number];
/** `value` is in its one spelling: `203.0.113.0/24`, `2001:db8::/32`, `AS17557`, `example.pk`, `xn--…`. */
export type Asset = { kind: Kind; value: string };

/** Networks wider than these are a slip of the pen, not an organisation. */
const WIDEST = { ipv4: 8, ipv6: 16 };

/** Reads an asset as people write it; a text says in words why it is none. */
export function parse(text: string): Asset | string {
	const s = text.trim();
	if (/^(?:asn?\s?)?\d+$/i.test(s)) {
		const n = Number(s.replace(/\D/g, ''));
		return n >= 1 && n <= 4_294_967_295
			? { kind: 'asn', value: `AS${n}` }
			: `"${cut(s)}" is no number of an autonomous system: it is from 1 to 4294967295`;
	}
	return s.includes('/') || isIP(s) > 0 ? network(s) : domain(s);
}

function network(s: string): Asset | string {
	const m = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(s);
	if (!m || isIP(m[1]!) === 0) return `"${cut(s)}" is no network such as 203.0.113.0/24 or 2001:db8::/32`;
	let address = ipaddr.parse(m[1]!);
	const most = address.kind() === 'ipv4' ? 32 : 128;
	let bits = m[2] === undefined ? most : Number(m[2]);
	if (bits > most) return `"${cut(s)}": the length of the prefix is from 0 to ${most}`;
	if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96) {
		address = address.toIPv4Address();
		bits -= 96;
	}
	if (bits < WIDEST[address.kind()])
		return `"${cut(s)}" is too wide to belong to one organisation: /${WIDEST[address.kind()]} or longer`;
	const bytes = address.toByteArray().map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - i * 8))));
	const first = ipaddr.fromByteArray(bytes.map((b) => b & 0xff));
	return {
		kind: 'cidr',
		value: `${first instanceof ipaddr.IPv6 ? first.toRFC5952String() : first.toString()}/${bits}`
	};
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

function domain(s: string): Asset | string {
	const wrong = `"${cut(s)}" is neither a network, an AS number nor a domain`;
	const name = ascii(s.replace(/^\*\./, ''));
	if (!name || !/^[^\s/:@?#\\%[\]]+$/.test(s)) return wrong;
	const labels = name.split('.');
	if (name.length > 253 || !labels.every((l) => LABEL.test(l)) || /^\d+$/.test(labels.at(-1)!)) return wrong;
	if (labels.length < 2) return `"${cut(s)}" is no domain of one organisation, such as example.pk`;
	return { kind: 'domain', value: name };
}

/** A host name in lower case, without its last dot, international labels as A-labels (`xn--…`); empty when it cannot be one. */
export function ascii(host: string): string {
	const name = host.endsWith('.') ? host.slice(0, -1) : host;
	// eslint-disable-next-line no-control-regex -- what is not ASCII
	return /[^\x00-\x7f]/.test(name) ? domainToASCII(name) : name.toLowerCase();
}

const cut = (s: string): string => (s.length > 80 ? `${s.slice(0, 80)}…` : s);

import { mapped, v4, v6 } from '../address';
import type { Kind, Observable } from '../observable';

const as = (kind: Kind, value: string): Observable => ({ kind, value });

/** An address, or a network in CIDR notation whose bits after the prefix are cleared; one of full length is an address. */
export function address(text: string): Observable | undefined {
	const [ip, bits, more] = text.split('/') as [string, string | undefined, string | undefined];
	if (more !== undefined || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
	const words = new Uint32Array(4);
	let short = v4(ip);
	if (/(^|\.)0\d/.test(ip)) return undefined; // is it octal? Nobody knows.
	let length = bits === undefined ? undefined : Number(bits);
	if (short < 0) {
		const bare = ip.replace(/^\[(.*)\]$/, '$1');
		if (!bare.includes(':') || !v6(bare, words)) return undefined;
		short = mapped(words);
		if (short >= 0 && length !== undefined) length -= 96;
	}
	if (short >= 0) {
		if (length !== undefined && (length < 0 || length > 32)) return undefined;
		const n = length === undefined ? short : (short & (length ? -1 << (32 - length) : 0)) >>> 0;
		const dotted = `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
		return as('ipv4-addr', length === undefined || length === 32 ? dotted : `${dotted}/${length}`);
	}
	if (length !== undefined && length > 128) return undefined;
	if (length !== undefined)
		for (let w = 0; w < 4; w++) {
			const kept = Math.min(Math.max(length - w * 32, 0), 32);
			words[w] = kept ? (words[w]! & (-1 << (32 - kept))) >>> 0 : 0;
		}
	return as('ipv6-addr', length === undefined || length === 128 ? long(words) : `${long(words)}/${length}`);
}

/** RFC 5952: lower case, the longest run of two zero groups or more cut, the first of equals. */
function long(words: Uint32Array): string {
	const groups = Array.from({ length: 8 }, (_, i) => (i % 2 ? words[i >> 1]! & 0xffff : words[i >> 1]! >>> 16));
	let best = { at: -1, n: 1 };
	for (let i = 0; i < 8; i++) {
		let n = 0;
		while (i + n < 8 && groups[i + n] === 0) n++;
		if (n > best.n) best = { at: i, n };
		i += n;
	}
	const hex = (part: number[]) => part.map((g) => g.toString(16)).join(':');
	return best.at < 0 ? hex(groups) : `${hex(groups.slice(0, best.at))}::${hex(groups.slice(best.at + best.n))}`;
}

/** A name of at least two labels in the letters of the DNS (RFC 1034, RFC 5891; underscores as they are used), or the address that stands in its place. */
export function name(text: string): Observable | undefined {
	if (HOST.test(text)) return as('domain-name', text);
	const ip = address(text);
	if (ip) return ip;
	const bare = text.replace(/^\*?\.+/, '').replace(/\.$/, '');
	if (!bare || /[\s/:@?#\\%<>^|[\]]/.test(bare)) return undefined;
	const ascii = /^[a-z0-9._-]+$/i.test(bare) ? bare.toLowerCase() : punycode(bare);
	return ascii && HOST.test(ascii) ? as('domain-name', ascii) : undefined;
}

/** A name in its form: two labels or more, the last of them no number. */
export const HOST =
	/^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

function punycode(host: string): string | undefined {
	return URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`).hostname.replace(/\.$/, '') : undefined;
}

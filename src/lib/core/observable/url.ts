import { v4 } from '../address';
import type { Observable } from '../observable';
import { HOST, name } from './host';

const as = (value: string): Observable => ({ kind: 'url', value });

/**
 * A URL as browsers write it (WHATWG), with its host in the form of a name or an address; its path, query and fragment
 * stay as they are. Without a scheme `http` is assumed, if there is a port, a path, a query or a fragment: else it is a
 * name or an address.
 */
export function url(text: string): Observable | undefined {
	let full = text;
	if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
		const end = text.search(/[/?#]/);
		const authority = end < 0 ? text : text.slice(0, end);
		const bare = end < 0 ? name(text) : undefined;
		if (bare || (end < 0 && !/:\d+$/.test(text))) return bare;
		if (/\s/.test(authority) || !/.\..|^\[/.test(authority)) return undefined;
		full = `http://${text}`;
	}
	if (!URL.canParse(full)) return undefined;
	const parsed = new URL(full);
	const { hostname } = parsed;
	if (v4(hostname) >= 0) return octal(full, parsed) ? undefined : as(parsed.href);
	if (HOST.test(hostname)) return as(parsed.href);
	if (!hostname) return parsed.protocol === 'file:' ? as(parsed.href) : undefined;
	const host = name(hostname);
	if (host && host.value !== hostname) parsed.hostname = host.kind === 'ipv6-addr' ? `[${host.value}]` : host.value;
	return as(parsed.href);
}

/** Whether an address was written with zeros before a number: browsers take it for an octal one, and others do not. */
function octal(full: string, { host }: URL): boolean {
	const at = full.indexOf('://') + 3;
	if (full.startsWith(host, at) && '/?#'.includes(full.charAt(at + host.length))) return ZEROS.test(host);
	const authority = /^[^:]+:[/\\]*([^/\\?#]*)/.exec(full.replace(/[\t\n\r]/g, ''))?.[1] ?? '';
	const written = authority.slice(authority.lastIndexOf('@') + 1);
	const plain = URL.canParse(`http://${written}/`) ? decodeURIComponent(written) : written;
	// Invisible characters are left out, as browsers do.
	const bare = plain
		.normalize('NFKC')
		.replaceAll('。', '.')
		.replace(/[^\w.:]/g, '');
	return ZEROS.test(bare);
}

const ZEROS = /(?:^|\.)0\d/;

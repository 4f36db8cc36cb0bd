import type { Kind } from '../observable';

const ADDRESS: Kind[] = ['ipv4-addr', 'ipv6-addr'];

/** What values of MISP's attribute types are; the parts of a type such as `domain|ip` are looked up one by one. */
const ATTRIBUTES = new Map<string, Kind[]>([
	['ip', ADDRESS],
	['ip-src', ADDRESS],
	['ip-dst', ADDRESS],
	['domain', ['domain-name']],
	['hostname', ['domain-name']],
	['url', ['url']],
	['uri', ['url']],
	['link', ['url']],
	['email', ['email-addr']],
	['email-src', ['email-addr']],
	['email-dst', ['email-addr']],
	['email-reply-to', ['email-addr']],
	['target-email', ['email-addr']],
	['whois-registrant-email', ['email-addr']],
	['dns-soa-email', ['email-addr']],
	['md5', ['md5']],
	['sha1', ['sha-1']],
	['sha224', ['sha-224']],
	['sha256', ['sha-256']],
	['sha384', ['sha-384']],
	['sha512', ['sha-512']],
	['ssdeep', ['ssdeep']],
	['tlsh', ['tlsh']],
	['imphash', ['imphash']],
	['filename', ['file-name']],
	['regkey', ['registry-key']],
	['mutex', ['mutex']],
	['user-agent', ['user-agent']],
	['http-user-agent', ['user-agent']],
	['mac-address', ['mac-addr']],
	['AS', ['autonomous-system']],
	['phone-number', ['phone']],
	['whois-registrant-phone', ['phone']],
	['btc', ['wallet']],
	['xmr', ['wallet']],
	['dash', ['wallet']],
	['vulnerability', ['vulnerability']],
	['x509-fingerprint-md5', ['certificate']],
	['x509-fingerprint-sha1', ['certificate']],
	['x509-fingerprint-sha256', ['certificate']],
	['github-username', ['user-account']]
]);

/** Kinds that a list of MISP speaks of by its `matching_attributes`; null, all of them, when it names none. */
export function kindsOf(attributes: unknown): Kind[] | null {
	if (!Array.isArray(attributes) || !attributes.length) return null;
	const parts = attributes.flatMap((a) => (typeof a === 'string' ? a.split('|') : []));
	return [...new Set(parts.flatMap((p) => ATTRIBUTES.get(p) ?? []))];
}

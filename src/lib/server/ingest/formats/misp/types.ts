import type { Kind } from '$lib/core/observable';

/**
 * What the values of MISP's attribute types are, part by part where a type has several (`domain|ip`): a kind to look
 * for, with a question mark where the part alone was not meant, or nothing. After MISP's `describeTypes`; a type that
 * does not stand here says nothing that can be looked for, and is kept as it is.
 */
type Part = Kind | `${Kind}?` | null;
const HASHES = {
	md5: 'md5',
	sha1: 'sha-1',
	sha224: 'sha-224',
	sha256: 'sha-256',
	sha384: 'sha-384',
	sha512: 'sha-512',
	ssdeep: 'ssdeep',
	tlsh: 'tlsh',
	imphash: 'imphash',
	authentihash: 'other',
	vhash: 'other',
	impfuzzy: 'other',
	pehash: 'other',
	telfhash: 'other',
	cdhash: 'other',
	'sha512/224': 'other',
	'sha512/256': 'other',
	'sha3-224': 'other',
	'sha3-256': 'other',
	'sha3-384': 'other',
	'sha3-512': 'other'
} as const;
const all = (kind: Part, ...types: string[]): [string, Part[]][] => types.map((type) => [type, [kind]]);

export const TYPES = new Map<string, Part[]>([
	...Object.entries(HASHES).flatMap(([type, kind]): [string, Part[]][] => [
		[type, [kind]],
		[`filename|${type}`, ['file-name?', kind]]
	]),
	['malware-sample', ['file-name?', 'md5']],
	...all('ipv4-addr', 'ip-src', 'ip-dst'),
	['ip-src|port', ['ipv4-addr', null]],
	['ip-dst|port', ['ipv4-addr', null]],
	...all('domain-name', 'domain', 'hostname', 'onion-address'),
	['hostname|port', ['domain-name', null]],
	['domain|ip', ['domain-name', 'ipv4-addr']],
	...all('url', 'url'),
	...all(
		'email-addr',
		'email',
		'email-src',
		'email-dst',
		'email-reply-to',
		'target-email',
		'whois-registrant-email',
		'dns-soa-email',
		'eppn',
		'jabber-id'
	),
	...all('file-name', 'filename', 'email-attachment', 'pdb'),
	['regkey', ['registry-key']],
	['regkey|value', ['registry-key', null]],
	...all('mutex', 'mutex'),
	...all('user-agent', 'user-agent'),
	...all('mac-addr', 'mac-address'),
	...all('autonomous-system', 'AS'),
	...all('certificate', 'x509-fingerprint-sha1', 'x509-fingerprint-md5', 'x509-fingerprint-sha256'),
	...all('wallet', 'btc', 'dash', 'xmr'),
	...all('phone', 'phone-number', 'whois-registrant-phone'),
	...all('vulnerability', 'vulnerability'),
	...all('user-account', 'github-username', 'twitter-id', 'target-user'),
	...all(
		'pattern',
		'snort',
		'suricata',
		'bro',
		'zeek',
		'yara',
		'sigma',
		'gene',
		'kusto-query',
		'stix2-pattern',
		'pattern-in-file',
		'pattern-in-traffic',
		'pattern-in-memory',
		'filename-pattern'
	),
	...all(
		'other',
		'uri',
		'named pipe',
		'ja3-fingerprint-md5',
		'jarm-fingerprint',
		'favicon-mmh3',
		'hassh-md5',
		'hasshserver-md5',
		'community-id',
		'dom-hash',
		'ssh-fingerprint',
		'windows-scheduled-task',
		'windows-service-name',
		'windows-service-displayname',
		'email-subject',
		'email-message-id',
		'email-x-mailer',
		'email-mime-boundary',
		'mac-eui-64',
		'mobile-application-id',
		'azure-application-id',
		'chrome-extension-id',
		'edge-extension-id',
		'iban',
		'bank-account-nr',
		'git-commit-id',
		'github-repository',
		'github-organisation',
		'cookie',
		'process-state'
	)
]);

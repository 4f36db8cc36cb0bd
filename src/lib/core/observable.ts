/**
 * Kinds of values that can be looked for. Names are those of STIX 2.1: cyber-observable objects, hash algorithms in
 * lower case; `pattern` is a detection rule that is kept whole.
 */
export const KINDS = [
	'ipv4-addr',
	'ipv6-addr',
	'domain-name',
	'url',
	'email-addr',
	'md5',
	'sha-1',
	'sha-224',
	'sha-256',
	'sha-384',
	'sha-512',
	'ssdeep',
	'tlsh',
	'imphash',
	'file-name',
	'registry-key',
	'mutex',
	'process',
	'user-agent',
	'mac-addr',
	'autonomous-system',
	'user-account',
	'certificate',
	'wallet',
	'phone',
	'vulnerability',
	'pattern',
	'other'
] as const;
export type Kind = (typeof KINDS)[number];

/** A value in its one form. An address may be a network in CIDR notation. */
export type Observable = { kind: Kind; value: string };

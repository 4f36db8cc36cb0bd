import { address, name } from './observable/host';
import { url } from './observable/url';

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

/** Kinds that an observation can carry: the others are known by a claim only. */
export const CARRIED: readonly Kind[] = [
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
	'sha-512'
];

/** Longest value, in characters: a longer one is no value but a document. */
const LONGEST = 4000;

/**
 * Brings a text into the one form that a value of this kind has, whatever way it was written or defanged
 * (`hxxp://1.2.3[.]4/x`). What is plainly of a related kind gets that kind: an address in place of a name, a hash of
 * another length. Applied again, it changes nothing. Undefined when the text is no such value.
 */
export function normalise(kind: Kind, text: string): Observable | undefined {
	if (text.length > 2 * LONGEST) return undefined;
	if ((PLAIN.test(text) && !/^(hxxp|fxp)s?:/i.test(text)) || VERBATIM.has(kind)) return fit(KINDLY[kind](text));
	// Fangs may hide fangs.
	for (let i = 0, [was, rest]: [Kind, string] = [kind, refang(text, kind)]; i < 5; i++) {
		const found = fit(KINDLY[was](rest));
		if (!found) return undefined;
		const again = refang(found.value, found.kind);
		if (again === found.value && found.kind === was && (i > 0 || found.value === rest)) return found;
		[was, rest] = [found.kind, again];
	}
	return undefined;
}

const fit = (found: Observable | undefined): Observable | undefined =>
	found && found.value.length > 0 && found.value.length <= LONGEST ? found : undefined;

/** A text in which nothing is hidden: most are. */
const PLAIN = /^[\w.:/-]+$/;

/** Kinds of values in which brackets, quotes and invisible characters stand for themselves. */
const VERBATIM: ReadonlySet<Kind> = new Set<Kind>([
	'file-name',
	'registry-key',
	'mutex',
	'process',
	'user-agent',
	'user-account',
	'wallet',
	'pattern',
	'other'
]);
/** Kinds in which a letter or digit is meant however wide it is written. */
const NARROW: ReadonlySet<Kind> = new Set<Kind>(['ipv4-addr', 'ipv6-addr', 'domain-name']);

/**
 * What a text is that somebody looks for: an address or a name, with a port or without, an e-mail address, a URL, a hash,
 * a CVE or an AS number.
 */
export function guess(text: string): Observable | undefined {
	if (text.length > 2 * LONGEST) return undefined;
	const plain = refang(text);
	const wide = /[^\x20-\x7e]/.test(plain) ? refang(plain, 'ipv4-addr') : plain;
	const host = /^(\[[^\]]+\]|[^\s:/@?#[\]]+):\d{1,5}$/.exec(wide)?.[1];
	return (
		address(wide) ??
		(host === undefined ? undefined : normalise('domain-name', host)) ??
		(plain.includes('@') && !plain.includes('/') ? normalise('email-addr', plain) : undefined) ??
		(/^[a-z][a-z0-9+.-]*:\/\//i.test(plain) ? normalise('url', plain) : undefined) ??
		(/^as\s*\d+$/i.test(plain) ? normalise('autonomous-system', plain) : undefined) ??
		digest(plain) ??
		normalise('vulnerability', plain) ??
		(plain.includes('/') ? normalise('url', plain) : normalise('domain-name', plain))
	);
}

/** How values are written so that nobody clicks on them, and how they are meant. */
const FANGS: [RegExp, string][] = [
	[/[\u200b-\u200d\u2060\ufeff\u00ad]/g, ''],
	[/\[:\/\/\]/g, '://'],
	[/\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}/gi, '.'],
	[/\[:\]/g, ':'],
	[/\[(?:@|at)\]|\((?:@|at)\)/gi, '@'],
	[/^h(?:xx|\*\*)p(s?)(?=:)/i, 'http$1'],
	[/^fxp(s?)(?=:)/i, 'ftp$1']
];

function refang(text: string, kind?: Kind): string {
	let out = kind && NARROW.has(kind) ? text.normalize('NFKC').replaceAll('。', '.') : text.normalize('NFC');
	for (const [fang, plain] of FANGS) out = out.replace(fang, plain);
	return out.replace(/^[\s<>"'`\0]+|[\s<>"'`\0]+$/g, '');
}

const as = (kind: Kind, value: string | undefined): Observable | undefined => (value ? { kind, value } : undefined);
const trimmed =
	(kind: Kind) =>
	(text: string): Observable | undefined =>
		as(kind, text.trim());

/** The part before the @ in lower case too: no mail server that matters tells them apart. */
function mail(text: string): Observable | undefined {
	const bare = text.replace(/^mailto:/i, '');
	const at = bare.lastIndexOf('@');
	const domain = at > 0 ? name(bare.slice(at + 1)) : undefined;
	const local = bare.slice(0, Math.max(at, 0)).toLowerCase();
	if (domain?.kind !== 'domain-name' || /[\s<>@,;:\\[\]()]/.test(local)) return undefined;
	return as('email-addr', `${local}@${domain.value}`);
}

const LENGTHS = new Map<number, Kind>([
	[32, 'md5'],
	[40, 'sha-1'],
	[56, 'sha-224'],
	[64, 'sha-256'],
	[96, 'sha-384'],
	[128, 'sha-512']
]);

function digest(text: string): Observable | undefined {
	const kind = /^[0-9a-f]+$/i.test(text) ? LENGTHS.get(text.length) : undefined;
	return kind && as(kind, text.toLowerCase());
}

const HIVES = new Map([
	['hklm', 'HKEY_LOCAL_MACHINE'],
	['hkcu', 'HKEY_CURRENT_USER'],
	['hkcr', 'HKEY_CLASSES_ROOT'],
	['hku', 'HKEY_USERS'],
	['hkcc', 'HKEY_CURRENT_CONFIG']
]);

/** A registry does not tell upper from lower case. */
function registry(text: string): Observable | undefined {
	const parts = text.replace(/^[\\\s]+|\s+$/g, '').split('\\');
	const hive = parts[0]!.replace(/[:\s]+$/, '').toLowerCase();
	if (!hive) return undefined;
	return as(
		'registry-key',
		[HIVES.get(hive) ?? hive.toUpperCase(), ...parts.slice(1).map((p) => p.toLowerCase())].join('\\')
	);
}

function mac(text: string): Observable | undefined {
	const hex = text.replace(/[:.\s-]/g, '').toLowerCase();
	return /^[0-9a-f]{12}$/.test(hex) ? as('mac-addr', hex.replace(/(..)(?=.)/g, '$1:')) : undefined;
}

function system(text: string): Observable | undefined {
	const n = Number(/^(?:as[n]?\s*)?(\d{1,10})$/i.exec(text)?.[1] ?? NaN);
	return n > 0 && n < 2 ** 32 ? as('autonomous-system', String(n)) : undefined;
}

function cve(text: string): Observable | undefined {
	const found = /^cve[-_ ](\d{4})[-_ ](\d{4,19})$/i.exec(text);
	return found ? as('vulnerability', `CVE-${found[1]}-${found[2]}`) : undefined;
}

const KINDLY: Record<Kind, (text: string) => Observable | undefined> = {
	'ipv4-addr': address,
	'ipv6-addr': address,
	'domain-name': name,
	url,
	'email-addr': mail,
	md5: digest,
	'sha-1': digest,
	'sha-224': digest,
	'sha-256': digest,
	'sha-384': digest,
	'sha-512': digest,
	imphash: (t) => (/^[0-9a-f]{32}$/i.test(t) ? as('imphash', t.toLowerCase()) : undefined),
	ssdeep: trimmed('ssdeep'),
	tlsh: trimmed('tlsh'),
	'file-name': trimmed('file-name'),
	'registry-key': registry,
	mutex: trimmed('mutex'),
	process: trimmed('process'),
	'user-agent': trimmed('user-agent'),
	'mac-addr': mac,
	'autonomous-system': system,
	'user-account': trimmed('user-account'),
	certificate: (t) => as('certificate', t.replace(/[:\s]/g, '').toLowerCase()),
	wallet: trimmed('wallet'),
	phone: (t) => as('phone', t.replace(/[\s().-]/g, '')),
	vulnerability: cve,
	pattern: trimmed('pattern'),
	other: trimmed('other')
};

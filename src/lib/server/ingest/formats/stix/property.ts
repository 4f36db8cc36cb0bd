import { normalise } from '$lib/core/observable';
import type { Property } from './catalogue';
import { isCharset } from './charset';
import { instant, isObject, own, type Json } from './value';

export type Version = '2.0' | '2.1';
/** What of an object is wrong, and where in it. */
export type Wrong = { path: string; reason: string };

export const ID = {
	'2.0':
		/^[a-z0-9][a-z0-9-]+[a-z0-9]--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$/,
	'2.1':
		/^[a-z][a-z0-9-]+[a-z0-9]--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$/
};
const KEY = /^[a-zA-Z0-9_-]{1,250}$/;

export const missing = (path: string): Wrong => ({ path, reason: `"${path}" must be there.` });

/** Checks properties of an object against their lines of the catalogue. */
export function properties(object: Json, all: readonly Property[], version: Version, path = ''): Wrong | undefined {
	for (const p of all) {
		const value = own(object, p.name);
		if (value === undefined) {
			if (p.required) return missing(path + p.name);
			continue;
		}
		if (p.list && !Array.isArray(value)) return { path: path + p.name, reason: `"${p.name}" is no list.` };
		if (p.list && (value as unknown[]).length === 0)
			return { path: path + p.name, reason: `"${p.name}" is an empty list.` };
		for (const [i, v] of (p.list ? (value as unknown[]) : [value]).entries()) {
			const reason = wrong(v, p, version);
			if (reason)
				return {
					path: `${path}${p.name}${p.list ? `[${i}]` : ''}`,
					reason: `${p.name}: ${show(v)} ${reason}.`
				};
		}
	}
	return undefined;
}

const TIME = /^\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?Z$/;
const URL_ = /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>"{}|\\^`]+$/;
const HASH: Record<string, RegExp> = {
	MD5: /^[a-f0-9]{32}$/i,
	'SHA-1': /^[a-f0-9]{40}$/i,
	'SHA-256': /^[a-f0-9]{64}$/i,
	'SHA-512': /^[a-f0-9]{128}$/i,
	'SHA3-256': /^[a-f0-9]{64}$/i,
	'SHA3-512': /^[a-f0-9]{128}$/i,
	SSDEEP: /^[a-zA-Z0-9/+:.]{1,128}$/i,
	TLSH: /^[a-zA-Z0-9]{70}$/i
};

/** What is wrong with one value of a type, in words that go on after the value. */
function wrong(v: unknown, { type, of }: Property, version: Version): string | undefined {
	const text = typeof v === 'string';
	const bounds = /^([in])(-?\d+)-(-?\d+)$/.exec(type);
	if (bounds) {
		const [, , low, high] = bounds;
		const good =
			typeof v === 'number' && (bounds[1] === 'n' || Number.isInteger(v)) && v >= Number(low) && v <= Number(high);
		return good ? undefined : `is no ${bounds[1] === 'i' ? 'whole ' : ''}number from ${low} to ${high}`;
	}
	switch (type) {
		case 's':
			return text ? undefined : 'is no text';
		case 'b':
			return typeof v === 'boolean' ? undefined : 'is neither true nor false';
		case 'i':
			return Number.isInteger(v) ? undefined : 'is no whole number';
		case 'n':
			return typeof v === 'number' ? undefined : 'is no number';
		case 'e':
			return text && of.includes(v) ? undefined : `is none of ${of.join(', ')}`;
		case 't':
			return text && TIME.test(v) && instant(v) !== undefined
				? undefined
				: 'is no timestamp such as 2016-01-20T12:31:12Z';
		case 'm':
			return text && TIME.test(v) && instant(v) !== undefined && /\.\d{3,}Z$/.test(v)
				? undefined
				: 'is no timestamp to the millisecond, such as 2016-01-20T12:31:12.123Z';
		case 'r':
			if (!text || !ID[version].test(v)) return 'is no id (a type, two hyphens and a UUID)';
			return !of.length || of.includes(v.split('--')[0]!) ? undefined : `is no id of ${of.join(' or ')}`;
		case 'w':
			return text && /^[a-z0-9-]+$/.test(v) ? undefined : 'is no type of a relationship';
		case 'u':
			return text && URL_.test(v) ? undefined : 'is no URL';
		case 'x':
			return text && /^([a-f0-9]{2})+$/i.test(v) ? undefined : 'is not hexadecimal';
		case 'y':
			return text && /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/.test(v)
				? undefined
				: 'is no base64';
		case 'v':
			return text && /^(application|audio|font|image|message|model|multipart|text|video)\/[a-zA-Z0-9.+_-]+/.test(v)
				? undefined
				: 'is no media type';
		case 'q':
			return text && isCharset(v) ? undefined : 'is no character set that IANA has registered';
		case 'a':
			return text && normalise('email-addr', v) && !/\s/.test(v) ? undefined : 'is no e-mail address';
		case 'p':
			return text && /^ipv[46]-addr$/.test(normalise('ipv4-addr', v)?.kind ?? '') ? undefined : 'is no IP address';
		case 'j':
			return text && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(v)
				? undefined
				: 'is no MAC address in lower case with colons';
		case 'l':
			return text &&
				/^([a-zA-Z]{2}|x|i)(-[a-zA-Z0-9]{1,8})*$|^(ben|eng|fra|deu|spa|urd|pus|snd|pan|bal|ara|zho|rus|hin)(-[a-zA-Z0-9]{1,8})*$/.test(
					v
				)
				? undefined
				: 'is no language tag (RFC 5646)';
		case 'h':
			return hashes(v);
		case 'd':
			return dictionary(v) ? undefined : 'is no dictionary';
		case 'c':
			return contents(v);
		case 'k':
			return isObject(v) && typeof own(v, 'kill_chain_name') === 'string' && typeof own(v, 'phase_name') === 'string'
				? undefined
				: 'does not name a kill chain and its phase';
		case 'f':
			return reference(v);
		case 'g':
			return granular(v, version);
		case 'z':
			return extensions(v);
		case 'o':
			return isObject(v) ? undefined : 'is no dictionary of observables';
		default:
			return undefined;
	}
}

const dictionary = (v: unknown): v is Json =>
	isObject(v) && Object.keys(v).length > 0 && Object.keys(v).every((k) => KEY.test(k));

export function hashes(v: unknown): string | undefined {
	if (!dictionary(v)) return 'is no dictionary of hashes';
	for (const [name, value] of Object.entries(v)) {
		if (name.length < 3) return `names a hash "${name}"`;
		if (typeof value !== 'string' || (Object.hasOwn(HASH, name) && !HASH[name]!.test(value)))
			return `holds a ${name} that is none`;
	}
	return undefined;
}

function contents(v: unknown): string | undefined {
	if (!dictionary(v)) return 'is no dictionary of languages';
	for (const [language, texts] of Object.entries(v)) {
		if (wrong(language, { name: '', required: false, list: false, type: 'l', of: [] }, '2.1'))
			return `names "${language}", which is no language`;
		if (!isObject(texts) || !Object.keys(texts).every((k) => /^[a-z0-9_]{3,250}$/.test(k) || k === 'id'))
			return `translates under "${language}" what cannot be a property`;
	}
	return undefined;
}

const CVE = /^CVE-\d{4}-(0\d{3}|[1-9]\d{3,})$/;
const CAPEC = /^CAPEC-\d+$/;

function reference(v: unknown): string | undefined {
	if (!isObject(v)) return 'is no reference';
	const source = own(v, 'source_name');
	const id = own(v, 'external_id');
	if (typeof source !== 'string') return 'has no source_name';
	if (id !== undefined && typeof id !== 'string') return 'has an external_id that is no text';
	if (source === 'cve' && !CVE.test(id ?? '')) return 'is of CVE and has no number such as CVE-2024-21412';
	if (source === 'capec' && !CAPEC.test(id ?? '')) return 'is of CAPEC and has no number such as CAPEC-163';
	if (source !== 'cve' && source !== 'capec' && id !== undefined && (CVE.test(id) || CAPEC.test(id)))
		return 'has a number of CVE or CAPEC under another source_name';
	if (id === undefined && own(v, 'description') === undefined && own(v, 'url') === undefined)
		return 'has neither an external_id, a description nor a URL';
	const url = own(v, 'url');
	if (url !== undefined && (typeof url !== 'string' || !URL_.test(url))) return 'has a URL that is none';
	const sums = own(v, 'hashes');
	return sums === undefined ? undefined : hashes(sums);
}

const SELECTOR = /^([a-z0-9_-]{3,249}(\.(\[\d+\]|[a-z0-9_-]{1,250}))*|id)$/;

function granular(v: unknown, version: Version): string | undefined {
	if (!isObject(v)) return 'is no granular marking';
	const selectors = own(v, 'selectors');
	if (
		!Array.isArray(selectors) ||
		!selectors.length ||
		!selectors.every((s) => typeof s === 'string' && SELECTOR.test(s))
	)
		return 'has no selectors, or one that cannot select';
	const ref = own(v, 'marking_ref');
	if (ref === undefined && version === '2.1' && typeof own(v, 'lang') === 'string') return undefined;
	return typeof ref === 'string' && ID[version].test(ref) && ref.startsWith('marking-definition--')
		? undefined
		: 'does not say which marking it is';
}

function extensions(v: unknown): string | undefined {
	if (!isObject(v) || !Object.keys(v).length) return 'is no dictionary of extensions';
	for (const [name, e] of Object.entries(v)) {
		if (!isObject(e) || !Object.keys(e).length) return `has an extension "${name.slice(0, 80)}" that is empty`;
		const defined = name.startsWith('extension-definition--');
		if (defined && !ID['2.1'].test(name)) return `has an extension "${name.slice(0, 80)}" whose name is no id`;
		if (!defined && !/^[a-z][a-z0-9]*(-[a-z0-9]+)*-ext$/.test(name))
			return `has an extension "${name.slice(0, 80)}" whose name cannot be one`;
		const kind = own(e, 'extension_type');
		if (
			defined &&
			!['new-sdo', 'new-sco', 'new-sro', 'property-extension', 'toplevel-property-extension'].includes(
				typeof kind === 'string' ? kind : ''
			)
		)
			return `has an extension "${name.slice(0, 80)}" that does not say of which type it is`;
	}
	return undefined;
}

function show(v: unknown): string {
	const s = typeof v === 'string' ? `"${v}"` : typeof v === 'object' ? 'it' : String(v);
	return s.length > 100 ? `${s.slice(0, 100)}…` : s;
}

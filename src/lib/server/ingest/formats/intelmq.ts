import { isIP } from 'node:net';
import { normalise, type Observable } from '$lib/core/observable';
import type { Fault, Format, Item, Limits, Report } from '../format';
import * as split from '../split';

/**
 * The native format: events of the IntelMQ data harmonisation ("IntelMQ Data Format"), flat or nested, as JSON lines,
 * as a JSON array or one after another; and `extra.sector`, `extra.province`, `extra.tlp`, `extra.severity`. An event
 * inside an envelope `{ "event": {…} }` is taken out of it.
 */

/** What is wrong with a value, for a person. */
class Wrong {
	constructor(readonly what: string) {}
}
/**
 * Reads one value that is there. These are written out, not a schema: events come by the million, and a schema of Zod
 * costs as much as everything else here together.
 */
type Reader<T> = (v: unknown) => T | Wrong;

const NOT_TEXT = new Wrong('is not text');
const NOT_IP = new Wrong('is not an IP address');
const NOT_COUNTRY = new Wrong('is not a country code of two characters');
const NOT_URL = new Wrong('is not a URL: its host is no valid name or address');
const NOT_TIME = new Wrong('is not an ISO 8601 time');
const COUNTRY = /^[a-z0-9]{2}$/i;
const DIGITS = /^\s*(as)?\d{1,10}\s*$/i;

const number = (min: number, max: number, what: string): Reader<number> => {
	const wrong = new Wrong(`is not ${what}`);
	return (v) => {
		const n = typeof v === 'string' && DIGITS.test(v) ? Number(v.replace(/\D/g, '')) : v;
		return typeof n === 'number' && Number.isInteger(n) && n >= min && n <= max ? n : wrong;
	};
};
const text: Reader<string> = (v) => (typeof v === 'string' ? clean(v) : NOT_TEXT);
const ip: Reader<string> = (v) => (typeof v !== 'string' ? NOT_TEXT : isIP(v) > 0 && !v.includes('%') ? v : NOT_IP);
const port = number(0, 65_535, 'a port from 0 to 65535');
const asn = number(0, 4_294_967_295, 'an autonomous system number');
const country: Reader<string> = (v) =>
	typeof v !== 'string' ? NOT_TEXT : COUNTRY.test(v) ? v.toUpperCase() : NOT_COUNTRY;
const fqdn: Reader<string> = (v) => (typeof v === 'string' ? clean(v).toLowerCase().replace(/\.$/, '') : NOT_TEXT);
const url: Reader<string> = (v) => (typeof v !== 'string' ? NOT_TEXT : hasHost(v) ? clean(v) : NOT_URL);
const time: Reader<number> = (v) => (typeof v === 'string' ? (instant(v) ?? NOT_TIME) : NOT_TEXT);
const word: Reader<string | number> = (v) =>
	typeof v === 'string' || (typeof v === 'number' && Number.isFinite(v)) ? v : NOT_TEXT;

const NOT_IDENTITY = new Set(['raw', 'time.observation', 'time.source', '__type']);
const decoder = new TextDecoder('utf-8');

export const intelmq: Format = {
	name: 'intelmq',
	async *read(body, contentType, limits) {
		const json = /^application\/json\b/i.test(contentType);
		for await (const pieces of json ? split.values(body, limits) : split.lines(body, limits))
			yield pieces.map((p) => item(p, limits));
	},
	one: (raw) => item({ bytes: raw, size: raw.length, line: 1 }, { record: Infinity, document: Infinity })
};

function item({ bytes, size, line }: split.Piece, limits: Limits): Item {
	const fault = (path: string, code: string, reason: string, tlp?: string): Item => ({
		kind: 'fault',
		line,
		raw: Buffer.from(bytes),
		fault: { path, code, reason, tlp }
	});
	if (size > limits.record)
		return fault(
			'',
			'too_long',
			`The record has ${size} bytes; ${limits.record} are allowed (WATCHFLOOR_MAX_RECORD).${size > bytes.length ? ` Its first ${bytes.length} are kept.` : ''}`
		);
	const raw = decoder.decode(bytes);
	let value: unknown;
	try {
		value = JSON.parse(raw);
	} catch (e) {
		return fault(
			'',
			'not_json',
			`The record is not JSON: ${e instanceof Error ? e.message.slice(0, 200) : 'it cannot be parsed'}`
		);
	}
	const event = flat(value);
	if (!event)
		return fault(
			'',
			'not_event',
			'The record is not an IntelMQ event: a JSON object with fields such as "classification.type".'
		);
	const report = read(event, raw);
	return 'observed' in report
		? { kind: 'report', line, raw, report }
		: fault(report.path, report.code, report.reason, report.tlp);
}

/** Dotted keys and their values; read by keys of ours and its own keys only. */
type Event = Readonly<Record<string, unknown>>;

/** An event with dotted keys only, from a flat one, a nested one, or one in an envelope; undefined when it is no object. */
function flat(value: unknown): Event | undefined {
	if (!isObject(value)) return undefined;
	const own = Object.keys(value);
	if (isObject(value.event) && !own.some((k) => k.includes('.'))) return flat(value.event);
	if (!own.some((k) => isObject(value[k]) || k === 'extra')) return value;
	const out = Object.create(null) as Record<string, unknown>;
	const walk = (prefix: string, object: Record<string, unknown>, depth: number) => {
		for (const k of Object.keys(object)) {
			const v = object[k];
			if (depth < 4 && isObject(v)) walk(`${prefix}${k}.`, v, depth + 1);
			else if (prefix === '' && k === 'extra' && typeof v === 'string') walk('extra.', dictionary(v), 1);
			else out[prefix + k] = v;
		}
	};
	walk('', value, 0);
	return out;
}

/** `extra` may be a JSON dictionary inside a string. */
function dictionary(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : { text };
	} catch {
		return { text };
	}
}

function read(event: Event, raw: string): Report | Fault {
	let fault: Omit<Fault, 'tlp'> | undefined;
	/** What is empty was not stated. The first value that is wrong is the fault. */
	const take = <T>(field: string, reader: Reader<T>): T | undefined => {
		const v = event[field];
		if (v === undefined || v === null || v === '') return undefined;
		const value = reader(v);
		if (!(value instanceof Wrong)) return value;
		fault ??= { path: field, code: 'wrong_value', reason: `${field}: ${show(v)} ${value.what}.` };
		return undefined;
	};
	const seen = take('time.source', time);
	const observed = take('time.observation', time);
	const report: Report = {
		observed: seen ?? observed ?? NaN,
		type: take('classification.type', text),
		source: {
			ip: take('source.ip', ip),
			port: take('source.port', port),
			asn: take('source.asn', asn),
			country: take('source.geolocation.cc', country) ?? take('source.geolocation.geoip_cc', country),
			fqdn: take('source.fqdn', fqdn),
			url: take('source.url', url)
		},
		destination: {
			ip: take('destination.ip', ip),
			port: take('destination.port', port),
			asn: take('destination.asn', asn),
			country: take('destination.geolocation.cc', country) ?? take('destination.geolocation.geoip_cc', country),
			fqdn: take('destination.fqdn', fqdn),
			url: take('destination.url', url)
		},
		malware: take('malware.name', text),
		summary: take('event_description.text', text),
		tlp: either(take('tlp', text), take('extra.tlp', text)),
		sector: string(take('extra.sector', word)),
		province: string(take('extra.province', word)),
		severity: take('extra.severity', word),
		values: hashes(event),
		identity: ''
	};
	const tlp = [event['extra.tlp'], event.tlp].find((t) => typeof t === 'string');
	if (fault) return { ...fault, tlp };
	if (Number.isNaN(report.observed))
		return {
			path: 'time.source',
			code: 'no_time',
			reason: 'The record says neither when it happened (time.source) nor when it was observed (time.observation).',
			tlp
		};
	report.identity = identity(event, raw);
	return report;
}

/** Hashes of a malware, by their fields. */
const HASHES = [
	['malware.hash.md5', 'md5'],
	['malware.hash.sha1', 'sha-1'],
	['malware.hash.sha256', 'sha-256']
] as const;

/** What is wrong with a hash does not hold back the event: then it is not looked for. */
function hashes(event: Event): Observable[] | undefined {
	let found: Observable[] | undefined;
	for (const [field, kind] of HASHES) {
		const v = event[field];
		const hash = typeof v === 'string' ? normalise(kind, v) : undefined;
		if (hash) (found ??= []).push(hash);
	}
	return found;
}

const either = <T>(general: T | undefined, own: T | undefined): T | undefined => own ?? general;
const string = (v: string | number | undefined): string | undefined => (v === undefined ? undefined : String(v));

/**
 * What makes two events the same: all fields but `raw` and the times, as IntelMQ's own deduplicator has it by default
 * (`filter_keys: raw, time.observation`); the time itself is added by whoever makes the fingerprint. What is nested too deep to be written again is itself only as a whole.
 */
function identity(event: Event, raw: string): string {
	let all = '';
	try {
		for (const k of order(event)) {
			const v = event[k];
			all += typeof v === 'string' ? `${k}\u0001${v}\u0003` : `${k}\u0002${JSON.stringify(v)}\u0003`;
		}
	} catch {
		return raw;
	}
	return all.slice(0, -1);
}

/** Sorted keys by the keys as they came: a source writes its fields in the same few orders over and over, and sorting costs more than looking. */
const orders = new Map<string, string[]>();
const ORDERS = 2000;

function order(event: Event): string[] {
	const own = Object.keys(event);
	const came = own.join('\u0003');
	let keys = orders.get(came);
	if (!keys) {
		keys = own.filter((k) => !NOT_IDENTITY.has(k)).sort();
		if (came.length > 4000) return keys;
		if (orders.size >= ORDERS) orders.clear();
		orders.set(came, keys);
	}
	return keys;
}

function safe(v: unknown): string {
	try {
		return JSON.stringify(v) ?? '';
	} catch {
		return 'too deep';
	}
}

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);

/** PostgreSQL's text holds no NUL character. */
function clean(s: string): string {
	return s.includes('\0') ? s.replaceAll('\0', '\ufffd') : s;
}

/** How nearly every time is written. */
const USUAL =
	/^([12]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{3}))?(?:Z|\+00:00)$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Milliseconds since 1970 of an ISO 8601 time; without a zone it is UTC, as in IntelMQ. */
export function instant(s: string): number | undefined {
	const usual = USUAL.exec(s);
	if (usual)
		return Date.UTC(
			Number(usual[1]),
			Number(usual[2]) - 1,
			Number(usual[3]),
			Number(usual[4]),
			Number(usual[5]),
			Number(usual[6]),
			Number(usual[7] ?? 0)
		);
	const m = ISO.exec(s.trim());
	if (!m) return undefined;
	const [, y, mo, d, h = '00', mi = '00', sec = '00', frac = '0', zone = 'Z'] = m;
	if (Number(d) > 28 && Number(d) > new Date(Date.UTC(Number(y), Number(mo), 0)).getUTCDate()) return undefined;
	const iso = `${y}-${mo}-${d}T${h}:${mi}:${sec}.${(frac + '00').slice(0, 3)}${/^z$/i.test(zone) ? 'Z' : zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`;
	const at = Date.parse(iso);
	return Number.isNaN(at) ? undefined : at;
}

/** Whether the host part of a URL can be one; feeds' URLs are otherwise too wild to judge. */
function hasHost(s: string): boolean {
	const host = /^[^:/?#]+:\/\/([^/?#]*)/.exec(s)?.[1];
	if (host === undefined || !/[[\]]/.test(host)) return true;
	const inside = /^(?:[^@]*@)?\[([^\]]*)\](?::\d*)?$/.exec(host)?.[1];
	return inside !== undefined && isIP(inside) === 6;
}

/** A value as a reason shows it: quoted and cut. */
function show(v: unknown): string {
	const s = typeof v === 'string' ? `"${v}"` : safe(v);
	return s.length > 80 ? `${s.slice(0, 80)}…` : s;
}

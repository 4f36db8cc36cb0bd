import { isIP } from 'node:net';
import { z } from 'zod';
import type { End, Fault, Format, Item, Limits, Report } from '../format';
import * as split from '../split';

/**
 * The native format: events of the IntelMQ data harmonisation ("IntelMQ Data Format"), flat or nested, as JSON lines,
 * as a JSON array or one after another; and `extra.sector`, `extra.province`, `extra.tlp`, `extra.severity`. An event
 * inside an envelope `{ "event": {…} }` is taken out of it.
 */

const number = (min: number, max: number, what: string) =>
	z.union([z.number(), z.string().regex(/^\s*(as)?\d{1,10}\s*$/i).transform((s) => Number(s.replace(/\D/g, '')))], { error: `is not ${what}` }).refine((n) => Number.isInteger(n) && n >= min && n <= max, `is not ${what}`);
const text = z.string('is not text').transform(clean);
const ip = z.string('is not text').refine((s) => isIP(s) > 0 && !s.includes('%'), 'is not an IP address');
const port = number(0, 65_535, 'a port from 0 to 65535');
const asn = number(0, 4_294_967_295, 'an autonomous system number');
const country = z.string('is not text').regex(/^[a-z0-9]{2}$/i, 'is not a country code of two characters').transform((s) => s.toUpperCase());
const fqdn = text.transform((s) => s.toLowerCase().replace(/\.$/, ''));
const url = text.refine(hasHost, 'is not a URL: its host is no valid name or address');
const time = z.string('is not text').transform((s, ctx) => {
	const at = instant(s);
	if (at === undefined) {
		ctx.addIssue({ code: 'custom', message: 'is not an ISO 8601 time' });
		return z.NEVER;
	}
	return at;
});
const word = z.union([z.string(), z.number()], { error: 'is not text' });
/** What is empty was not stated. */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((v) => (v === null || v === '' ? undefined : v), schema.optional());

const Event = z.object({
	'time.source': optional(time),
	'time.observation': optional(time),
	'classification.type': optional(text),
	'source.ip': optional(ip),
	'source.port': optional(port),
	'source.asn': optional(asn),
	'source.geolocation.cc': optional(country),
	'source.fqdn': optional(fqdn),
	'source.url': optional(url),
	'destination.ip': optional(ip),
	'destination.port': optional(port),
	'destination.asn': optional(asn),
	'destination.geolocation.cc': optional(country),
	'destination.fqdn': optional(fqdn),
	'destination.url': optional(url),
	'malware.name': optional(text),
	'event_description.text': optional(text),
	tlp: optional(text),
	'extra.tlp': optional(text),
	'extra.sector': optional(word),
	'extra.province': optional(word),
	'extra.severity': optional(word)
});

const NOT_IDENTITY = new Set(['raw', 'time.observation', 'time.source', '__type']);
const decoder = new TextDecoder('utf-8');

export const intelmq: Format = {
	name: 'intelmq',
	async *read(body, contentType, limits) {
		const json = /^application\/json\b/i.test(contentType);
		for await (const pieces of json ? split.values(body, limits) : split.lines(body, limits)) yield pieces.map((p) => item(p, limits));
	},
	one: (raw) => item({ bytes: raw, size: raw.length, line: 1 }, { record: Infinity })
};

function item({ bytes, size, line }: split.Piece, limits: Limits): Item {
	const fault = (path: string, code: string, reason: string, tlp?: string): Item => ({ kind: 'fault', line, raw: Buffer.from(bytes), fault: { path, code, reason, tlp } });
	if (size > limits.record)
		return fault('', 'too_long', `The record has ${size} bytes; ${limits.record} are allowed (WATCHFLOOR_MAX_RECORD).${size > bytes.length ? ` Its first ${bytes.length} are kept.` : ''}`);
	const raw = decoder.decode(bytes);
	let value: unknown;
	try {
		value = JSON.parse(raw);
	} catch (e) {
		return fault('', 'not_json', `The record is not JSON: ${e instanceof Error ? e.message.slice(0, 200) : 'it cannot be parsed'}`);
	}
	const event = flat(value);
	if (!event) return fault('', 'not_event', 'The record is not an IntelMQ event: a JSON object with fields such as "classification.type".');
	const report = read(event, raw);
	return 'observed' in report ? { kind: 'report', line, raw, report } : fault(report.path, report.code, report.reason, report.tlp);
}

/** An event with dotted keys only, from a flat one, a nested one, or one in an envelope; undefined when it is no object. */
function flat(value: unknown): Map<string, unknown> | undefined {
	if (!isObject(value)) return undefined;
	const own = Object.keys(value);
	if (isObject(value.event) && !own.some((k) => k.includes('.'))) return flat(value.event);
	const out = new Map<string, unknown>();
	const walk = (prefix: string, object: Record<string, unknown>, depth: number) => {
		for (const k of Object.keys(object)) {
			const v = object[k];
			if (depth < 4 && isObject(v)) walk(`${prefix}${k}.`, v, depth + 1);
			else if (prefix === '' && k === 'extra' && typeof v === 'string') walk('extra.', dictionary(v), 1);
			else out.set(prefix + k, v);
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

const FIELDS = Object.keys(Event.shape);

function read(event: Map<string, unknown>, raw: string): Report | Fault {
	const known: Record<string, unknown> = {};
	for (const field of FIELDS) {
		const v = event.get(field);
		if (v !== undefined) known[field] = v;
	}
	const parsed = Event.safeParse(known);
	const tlp = [event.get('extra.tlp'), event.get('tlp')].find((t) => typeof t === 'string');
	if (!parsed.success) {
		const issue = parsed.error.issues[0]!;
		const path = String(issue.path[0] ?? '');
		return { path, code: 'wrong_value', reason: `${path}: ${show(event.get(path))} ${issue.message}.`, tlp };
	}
	const e = parsed.data;
	const observed = e['time.source'] ?? e['time.observation'];
	if (observed === undefined) return { path: 'time.source', code: 'no_time', reason: 'The record says neither when it happened (time.source) nor when it was observed (time.observation).', tlp };
	const end = (side: 'source' | 'destination'): End => ({ ip: e[`${side}.ip`], port: e[`${side}.port`], asn: e[`${side}.asn`], country: e[`${side}.geolocation.cc`], fqdn: e[`${side}.fqdn`], url: e[`${side}.url`] });
	return {
		observed,
		type: e['classification.type'],
		severity: e['extra.severity'],
		tlp: e['extra.tlp'] ?? e.tlp,
		province: e['extra.province'] === undefined ? undefined : String(e['extra.province']),
		sector: e['extra.sector'] === undefined ? undefined : String(e['extra.sector']),
		source: end('source'),
		destination: end('destination'),
		malware: e['malware.name'],
		summary: e['event_description.text'],
		identity: identity(event, raw)
	};
}

/**
 * What makes two events the same: all fields but `raw` and the times, as IntelMQ's own deduplicator has it by default
 * (`filter_keys: raw, time.observation`); the time itself is added by whoever makes the fingerprint. What is nested too deep to be written again is itself only as a whole.
 */
function identity(event: Map<string, unknown>, raw: string): string {
	const parts: string[] = [];
	try {
		for (const [k, v] of event) if (!NOT_IDENTITY.has(k)) parts.push(typeof v === 'string' ? `${k}\u0001${v}` : `${k}\u0002${JSON.stringify(v)}`);
	} catch {
		return raw;
	}
	return parts.sort().join('\u0003');
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

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Milliseconds since 1970 of an ISO 8601 time; without a zone it is UTC, as in IntelMQ. */
export function instant(s: string): number | undefined {
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

import { isIP } from 'node:net';
import { z } from 'zod';
import type { End, Fault, Format, Item, Limits, Report } from '../format';
import { peek } from '../peek';
import * as split from '../split';
import { CATEGORIES, ENGINE, SIGNATURES } from './eve/signatures';
import { instant } from './intelmq';

/**
 * Suricata's EVE JSON (eve.json): lines, or one array of any layout. An alert is a report; every other event type is
 * ignored, and so are the alerts by which the engine speaks of its own decoding (`SURICATA …`). A time without a zone
 * is UTC.
 */

const text = z.string('is not text').transform((s) => (s.includes('\0') ? s.replaceAll('\0', '\ufffd') : s));
const whole = (most: number, what: string) =>
	z.int(`is not ${what}`).min(0, `is not ${what}`).max(most, `is not ${what}`);
const ip = z.string('is not text').refine((s) => isIP(s) > 0 && !s.includes('%'), 'is not an IP address');
const port = whole(65_535, 'a port from 0 to 65535');
const optional = <T extends z.ZodType>(schema: T) =>
	z.preprocess((v) => (v === null || v === '' ? undefined : v), schema.optional());
/** What is not needed to place or to name an alert must not hold it back. */
const loose = optional(text).catch(undefined);
const scalar = z.union([z.string(), z.number()]).optional().catch(undefined);

const Alert = z.object({
	timestamp: z.string('is not text').transform((s, ctx) => {
		const at = instant(s);
		if (at !== undefined) return { at, fraction: /[.,](\d+)/.exec(s)?.[1] ?? '' };
		ctx.addIssue({ code: 'custom', message: 'is not an ISO 8601 time' });
		return z.NEVER;
	}),
	src_ip: optional(ip),
	src_port: optional(port),
	dest_ip: optional(ip),
	dest_port: optional(port),
	proto: loose,
	icmp_type: scalar,
	icmp_code: scalar,
	flow_id: scalar,
	tx_id: scalar,
	pcap_cnt: scalar,
	host: loose,
	in_iface: loose,
	direction: loose,
	alert: z.object(
		{
			signature: optional(text),
			signature_id: optional(whole(Number.MAX_SAFE_INTEGER, 'the number of a rule')),
			gid: scalar,
			category: loose,
			severity: optional(whole(255, 'a priority from 1 to 255')),
			action: loose,
			metadata: z
				.object({ malware_family: z.array(text).optional().catch(undefined) })
				.optional()
				.catch(undefined)
		},
		'is not an object'
	),
	http: z.object({ hostname: loose, url: loose }).optional().catch(undefined),
	tls: z.object({ sni: loose }).optional().catch(undefined)
});
type Alert = z.infer<typeof Alert>;

const decoder = new TextDecoder('utf-8');

export const eve: Format = {
	name: 'eve',
	async *read(body, _contentType, limits) {
		const { head, rest } = await peek(body);
		const first = head.trimStart().split('\n', 1)[0]!;
		const spread = /^(\[|\{\s*$)/.test(first);
		for await (const pieces of spread ? split.values(rest, limits) : split.lines(rest, limits))
			yield pieces.map((p) => item(p, limits));
	},
	one: (raw) => item({ bytes: raw, size: raw.length, line: 1 }, { record: Infinity, document: Infinity })
};

function item({ bytes, size, line }: split.Piece, limits: Limits): Item {
	const fault = ({ path, code, reason }: Fault): Item => ({
		kind: 'fault',
		line,
		raw: Buffer.from(bytes),
		fault: { path, code, reason }
	});
	if (size > limits.record)
		return fault({
			path: '',
			code: 'too_long',
			reason: `The record has ${size} bytes; ${limits.record} are allowed (WATCHFLOOR_MAX_RECORD).${size > bytes.length ? ` Its first ${bytes.length} are kept.` : ''}`
		});
	const raw = decoder.decode(bytes);
	let event: unknown;
	try {
		event = JSON.parse(raw);
	} catch (e) {
		return fault({
			path: '',
			code: 'not_json',
			reason: `The record is not JSON: ${e instanceof Error ? e.message.slice(0, 200) : 'it cannot be parsed'}`
		});
	}
	const type = typeof event === 'object' && event !== null && 'event_type' in event ? event.event_type : undefined;
	if (typeof type !== 'string' || !Object.hasOwn(event as object, 'event_type'))
		return fault({
			path: 'event_type',
			code: 'not_event',
			reason: 'The record is not an event of Suricata: a JSON object with an "event_type".'
		});
	if (type !== 'alert') return { kind: 'ignored', line };
	if (typeof (event as { timestamp?: unknown }).timestamp === 'undefined')
		return fault({
			path: 'timestamp',
			code: 'no_time',
			reason: 'The alert does not say when it was raised (timestamp).'
		});
	const parsed = Alert.safeParse(event);
	if (!parsed.success) {
		const issue = parsed.error.issues[0]!;
		const path = issue.path.join('.');
		return fault({ path, code: 'wrong_value', reason: `${path} ${issue.message}.` });
	}
	return engine(parsed.data) ? { kind: 'ignored', line } : { kind: 'report', line, raw, report: report(parsed.data) };
}

const engine = ({ alert: { signature = '', signature_id: id = 0 } }: Alert): boolean =>
	signature.startsWith(ENGINE.prefix) || (id >= ENGINE.from && id <= ENGINE.to);

/** Priorities of rules, 1 the highest. */
const PRIORITIES = [undefined, 'high', 'medium', 'low'];

function report(e: Alert): Report {
	const { signature = '', category = '', severity, metadata } = e.alert;
	const served: End = { fqdn: host(e.http?.hostname) ?? host(e.tls?.sni), url: url(e) };
	const answer = e.direction === 'to_client'; // what matched came from the server
	return {
		observed: e.timestamp.at,
		type:
			SIGNATURES.find(([pattern]) => pattern.test(signature))?.[1] ??
			(Object.hasOwn(CATEGORIES, category.toLowerCase()) ? CATEGORIES[category.toLowerCase()] : 'ids-alert'),
		severity: severity === undefined ? undefined : (PRIORITIES[severity] ?? (severity > 3 ? 'low' : undefined)),
		source: { ip: e.src_ip, port: e.src_port, ...(answer ? served : {}) },
		destination: { ip: e.dest_ip, port: e.dest_port, ...(answer ? {} : served) },
		malware: metadata?.malware_family?.[0],
		summary: signature || category || undefined,
		identity: identity(e)
	};
}

/**
 * What makes two alerts the same: sensor, rule, flow, transaction, packet and both ends, and the fraction of the second,
 * as milliseconds are too coarse. Rule revisions, counters of the flow and payloads may differ.
 */
function identity(e: Alert): string {
	const { gid, signature_id: sid, signature } = e.alert;
	return [
		e.host,
		e.in_iface,
		gid,
		sid ?? signature,
		e.flow_id,
		e.tx_id,
		e.pcap_cnt,
		e.proto,
		e.src_ip,
		e.src_port,
		e.dest_ip,
		e.dest_port,
		e.icmp_type,
		e.icmp_code,
		e.timestamp.fraction
	]
		.map((v) => v ?? '')
		.join('\u0001');
}

const host = (name: string | undefined): string | undefined =>
	name && !isIP(name) && /^[^\s/:]+$/.test(name) ? name.toLowerCase().replace(/\.$/, '') : undefined;

function url({ http }: Alert): string | undefined {
	const path = http?.url;
	if (!path || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return path;
	return http.hostname && path.startsWith('/') ? `http://${http.hostname}${path}` : undefined;
}

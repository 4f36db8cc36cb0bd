import { isIP } from 'node:net';
import { normalise } from '$lib/core/observable';
import type { End, Fault, Item, Report } from '../../format';
import { instant } from '../intelmq';
import { named, ofColumns, ofTags, typeOf, UNKNOWN, type Kind } from './kind';
import * as naics from './naics';
import { NO_MALWARE } from './reports';

/** A header, ready for its rows. */
export type Table = {
	names: string[];
	/** place of each column; one that has no name, or that of another, gets one by its place */
	at: Map<string, number>;
	/** places in the order of the names, so that the order of the columns makes no difference */
	order: number[];
	/** the names as JSON has them */
	quoted: string[];
	/** the columns of each end, by the start of their names */
	ends: { source: Group[]; destination: Group[] };
	kind?: Kind;
};

/** Places of the columns of an end; -1 for one that is not there. */
type Group = { prefix: string; ip: number; port: number; asn: number; geo: number; hostname: number };

/** A header's table, or undefined when it is no header of a report. */
export function table(cells: string[]): Table | undefined {
	const at = new Map<string, number>();
	const names = cells.map((cell, i) => {
		const name = cell.trim().toLowerCase();
		const own = name && name !== REPORT && !at.has(name) ? name : `${name || 'column'} ${i + 1}`;
		at.set(own, i);
		return own;
	});
	if (!at.has('timestamp')) return undefined;
	const place = (name: string) => at.get(name) ?? -1;
	const groups = (prefixes: string[]): Group[] =>
		prefixes
			.map((prefix) => ({
				prefix,
				ip: place(`${prefix}ip`),
				port: place(`${prefix}port`),
				asn: place(`${prefix}asn`),
				geo: place(`${prefix}geo`),
				hostname: place(`${prefix}hostname`)
			}))
			.filter((g) => Math.max(g.ip, g.port, g.asn, g.geo, g.hostname) >= 0);
	return {
		names,
		at,
		order: names.map((_, i) => i).sort((a, b) => (names[a]! < names[b]! ? -1 : names[a]! > names[b]! ? 1 : a - b)),
		quoted: names.map((name) => JSON.stringify(name)),
		ends: { source: groups(SOURCES), destination: groups(DESTINATIONS) }
	};
}

/** Columns of an end of what was seen, by the start of their names, of which the first that states an address or a name is taken. */
const SOURCES = ['', 'src_', 'http_referer_'];
const DESTINATIONS = ['dst_', 'cc_'];
/** Columns of a malware's hashes; a certificate's fingerprint is none. */
const HASHES = [
	['md5', 'md5'],
	['md5hash', 'md5'],
	['payload_md5', 'md5'],
	['sha1', 'sha-1'],
	['sha256', 'sha-256'],
	['sha512', 'sha-512']
] as const;
/** The report type, in what is kept of a row. */
const REPORT = '_report';
/** How a column says that it does not know. */
const NOTHING = new Set(['', '-', '?', '??', 'null', 'none', 'n/a']);

/** A row as a report and as what is kept of it; or why it cannot be one. */
export function read(table: Table, cells: string[]): { report: Report; raw: string } | Fault {
	const surplus = cells.slice(table.names.length).findIndex((c) => c.trim());
	if (surplus >= 0)
		return {
			path: '',
			code: 'too_many_fields',
			reason: `The row has ${cells.length} fields and the header ${table.names.length}: a comma or a quote in it is not quoted.`
		};
	let fault: Fault | undefined;
	const cell = (place: number): string | undefined => {
		const text = place < 0 ? undefined : cells[place]?.trim();
		return text && !(text.length < 5 && NOTHING.has(text.toLowerCase())) ? clean(text) : undefined;
	};
	const get = (name: string): string | undefined => cell(table.at.get(name) ?? -1);
	const wrong = (path: string, text: string, what: string): undefined => {
		fault ??= {
			path,
			code: 'wrong_value',
			reason: `Column ${path}: "${text.length > 80 ? `${text.slice(0, 80)}…` : text}" is not ${what}.`
		};
	};
	const end = (groups: Group[], mine: End): End => {
		const group =
			groups.find((g) => cell(g.ip)) ?? groups.find((g) => cell(g.hostname) ?? cell(g.asn) ?? cell(g.geo)) ?? groups[0];
		if (!group) return mine;
		const { prefix } = group;
		return {
			...mine,
			ip: address(prefix, cell(group.ip), wrong),
			port: whole(prefix, 'port', cell(group.port), 65_535, 'a port from 0 to 65535', wrong),
			asn:
				whole(
					prefix,
					'asn',
					cell(group.asn)?.replace(/^as/i, ''),
					4_294_967_295,
					'an autonomous system number',
					wrong
				) || undefined,
			country: country(prefix, cell(group.geo), wrong),
			fqdn: name(cell(group.hostname)) ?? mine.fqdn
		};
	};

	const time = get('timestamp');
	if (time === undefined) return { path: 'timestamp', code: 'no_time', reason: 'The row has no timestamp.' };
	const observed = instant(time) ?? wrong('timestamp', time, 'a time such as 2024-07-04 00:01:02');
	const tag = get('tag');
	const kind = table.kind ?? (tag ? ofTags(tag) : undefined) ?? UNKNOWN;
	const two = table.at.has('dst_ip') || table.at.has('cc_ip');
	const url = link(get('url')) ?? web(get('http_host'), get('http_url'));
	const source = end(table.ends.source, two ? {} : { url, fqdn: name(get('host')) });
	const destination = end(
		table.ends.destination,
		two ? { url, fqdn: name(get('cc_dns')) ?? name(get('http_host')) } : {}
	);
	if (fault || observed === undefined) return fault!;

	const about = kind.about === 'destination' ? ['dst_'] : SOURCES;
	const stated = about.map((p) => get(`${p}sector`)).find((s) => s !== undefined && s !== '0');
	const note = get('detail') ?? get('reason') ?? get('category') ?? tag;
	return {
		report: {
			observed,
			type: typeOf(kind, tag),
			severity: get('severity') ?? kind.severity,
			sector: stated ?? naics.sector(about.map((p) => get(`${p}naics`)).find((s) => s !== undefined)),
			source,
			destination,
			malware: malware(get('infection')) ?? get('family'),
			values: HASHES.flatMap(([name, kind]) => normalise(kind, get(name) ?? '') ?? []),
			summary: `Shadowserver ${kind.feed}${note ? `: ${note}` : ''}`,
			identity: identity(table, cells, kind)
		},
		raw: json(table, cells, kind)
	};
}

/** A row that was kept as JSON. */
export function ofJson(bytes: Buffer): Item {
	const fault = (reason: string): Item => ({
		kind: 'fault',
		line: 1,
		raw: bytes,
		fault: { path: '', code: 'not_row', reason }
	});
	let value: unknown;
	try {
		value = JSON.parse(bytes.toString());
	} catch {
		return fault('The record is neither CSV nor JSON.');
	}
	const { [REPORT]: report, ...columns } = value as Record<string, unknown>;
	const rows = Object.entries(columns);
	const found = table(rows.map(([k]) => k));
	if (!found) return fault('The record has no column "timestamp".');
	found.kind = typeof report === 'string' && report ? named(report) : ofColumns(found.at.keys());
	const row = read(
		found,
		rows.map(([, v]) => String(v))
	);
	return 'path' in row
		? { kind: 'fault', line: 1, raw: bytes, fault: row }
		: { kind: 'report', line: 1, raw: row.raw, report: row.report };
}

/** All columns that state something, but the time, which whoever makes the fingerprint adds. */
function identity({ names, order }: Table, cells: string[], kind: Kind): string {
	let out = kind.name;
	for (const i of order) {
		const text = cells[i]?.trim();
		if (text && names[i] !== 'timestamp') out += `\u0003${names[i]}\u0001${text}`;
	}
	return out;
}

function json({ quoted }: Table, cells: string[], kind: Kind): string {
	let out = `{"${REPORT}":${JSON.stringify(kind.name)}`;
	for (let i = 0; i < quoted.length; i++) {
		const text = cells[i]?.trim();
		if (text) out += `,${quoted[i]}:${JSON.stringify(text)}`;
	}
	return `${out}}`;
}

type Wrong = (path: string, text: string, what: string) => undefined;

/** An address; a network, as block lists have, states none. */
function address(prefix: string, text: string | undefined, wrong: Wrong): string | undefined {
	if (text === undefined || (isIP(text) && !text.includes('%'))) return text;
	const [base, bits] = text.split('/');
	const kind = isIP(base!);
	if (kind && bits !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128)) return undefined;
	return wrong(`${prefix}ip`, text, 'an IP address');
}

function whole(
	prefix: string,
	column: string,
	text: string | undefined,
	most: number,
	what: string,
	wrong: Wrong
): number | undefined {
	if (text === undefined) return undefined;
	return /^\d{1,10}$/.test(text) && Number(text) <= most ? Number(text) : wrong(`${prefix}${column}`, text, what);
}

/** `UK` is what some call GB; `ZZ`, `XX` and `AA` stand for a country that is not known, and are no country of ours. */
function country(prefix: string, text: string | undefined, wrong: Wrong): string | undefined {
	if (text === undefined || text === '0' || !/\w/.test(text)) return undefined;
	const code = text.toUpperCase();
	return !/^[A-Z0-9]{2}$/.test(code)
		? wrong(`${prefix}geo`, text, 'a country code of two characters')
		: code === 'UK'
			? 'GB'
			: code;
}

/** What infects is named in the column of the same name, in which some reports name their kind of event. */
const malware = (text: string | undefined): string | undefined =>
	text && NO_MALWARE.has(text.toLowerCase()) ? undefined : text;

const name = (text: string | undefined): string | undefined =>
	text && /^[a-z0-9_*-]+(\.[a-z0-9_-]+)+\.?$/i.test(text) && !isIP(text)
		? text.toLowerCase().replace(/\.$/, '')
		: undefined;
const link = (text: string | undefined): string | undefined =>
	text && /^[a-z][a-z0-9+.-]*:\/\/[^\s]/i.test(text) ? text : undefined;

/** A URL from the host and the path, or the request line, of an HTTP request. */
function web(host: string | undefined, request: string | undefined): string | undefined {
	if (!host || !request || /[\s/]/.test(host)) return link(request);
	const path = request.replace(/^[A-Z]+ +/, '').replace(/ +HTTP\/\d.*$/, '');
	return link(path) ?? (path.startsWith('/') ? `http://${host}${path}` : undefined);
}

/** PostgreSQL's text holds no NUL character. */
const clean = (s: string): string => (s.includes('\0') ? s.replaceAll('\0', '\ufffd') : s);

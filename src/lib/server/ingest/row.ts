import type { Checked } from './check';

/** Columns of the staging table, in the order of a row's fields. */
export const COLUMNS =
	'observed_at, id, facet_id, source_id, batch_id, rule, source_ip, source_port, source_asn, destination_ip, destination_port, fqdn, url, malware, summary, raw, constituent_id, carried';
export const NULL = '\\N';
const SPECIAL = /[\\\t\n\r\0]/;
const SPECIALS = /[\\\t\n\r\0]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\ufffd' };
/** Longest text of a column that is searched; the whole record stands in `raw`. */
const LONGEST = 4000;

/** One line of PostgreSQL's COPY text format (documentation of COPY, "Text Format"). */
export function encode(c: Checked, facet: number, source: number, batch: number, raw: string): string {
	const { report: r } = c;
	return `${new Date(r.observed).toISOString()}\t${c.id}\t${facet}\t${source}\t${batch}\t${c.rule}\t${r.source.ip ?? NULL}\t${r.source.port ?? NULL}\t${r.source.asn ?? NULL}\t${r.destination.ip ?? NULL}\t${r.destination.port ?? NULL}\t${field(r.source.fqdn ?? r.destination.fqdn)}\t${field(r.source.url ?? r.destination.url)}\t${field(r.malware)}\t${field(r.summary)}\t${escape(raw)}\t${c.constituent ?? NULL}\t${list(rest(c))}\n`;
}

/** Values that stand in no column of their own in the form in which they are looked for. */
function rest({ report: { source, destination }, addresses, others }: Checked): string[] {
	const [fqdn, url] = [source.fqdn ?? destination.fqdn, source.url ?? destination.url];
	const columns = [source.ip, destination.ip, fqdn, url];
	return [...addresses, ...others].flatMap(({ value }) => (columns.includes(value) ? [] : value));
}

/** An array of texts; an empty one is none. */
export const list = (texts: readonly string[]): string =>
	texts.length ? escape(`{${texts.map((t) => `"${t.replace(/["\\]/g, '\\$&')}"`).join(',')}}`) : NULL;

export function field(s: string | undefined): string {
	if (s === undefined) return NULL;
	return escape(s.length > LONGEST ? s.slice(0, LONGEST) : s);
}

export const escape = (s: string): string => (SPECIAL.test(s) ? s.replace(SPECIALS, (c) => ESCAPES[c]!) : s);

import { stringify } from 'csv-stringify/sync';
import { label } from '$lib/core/tlp';
import type { Observation } from '../../store/observation';
import { cutAt, iso, type About, type Writer } from './about';

/** Columns, and what stands in them. The record as it came is left to formats that are not opened as a table. */
const COLUMNS: [string, (o: Observation, about: About) => string | number | null][] = [
	['tlp', (o) => label(o.tlp)],
	['exercise', (_, about) => (about.exercise ? 'EXERCISE' : '')],
	['observed', (o) => iso(o.observed)],
	['id', (o) => o.id],
	['source', (o) => o.source],
	['province', (o) => o.province],
	['sector', (o) => o.sector],
	['class', (o) => o.class],
	['type', (o) => o.type],
	['severity', (o) => o.severity],
	['direction', (o) => o.direction],
	['rule', (o) => o.rule],
	['source_ip', (o) => o.sourceIp],
	['source_port', (o) => o.sourcePort],
	['source_asn', (o) => o.sourceAsn],
	['destination_ip', (o) => o.destinationIp],
	['destination_port', (o) => o.destinationPort],
	['fqdn', (o) => o.fqdn],
	['url', (o) => o.url],
	['malware', (o) => o.malware],
	['summary', (o) => o.summary]
];

// What a spreadsheet would take for a formula gets an apostrophe before it, as OWASP says ("CSV Injection").
const rows = (all: (string | number | null)[][]) => stringify(all, { escape_formulas: true, record_delimiter: '\r\n' });

/** A table as RFC 4180 has it: one line of names, then one a row. It has no room for a head: each row says its TLP. */
export function csv(): Writer {
	let about: About;
	return {
		type: 'text/csv; charset=utf-8; header=present',
		extension: 'csv',
		begin: (a) => rows([((about = a), COLUMNS.map(([name]) => name))]),
		page: (all) => rows(all.map((o) => COLUMNS.map(([, of]) => of(o, about)))),
		end: ({ cut }) =>
			cut
				? rows([
						COLUMNS.map(([name]) =>
							name === 'tlp' ? label(about.marking) : name === 'summary' ? cutAt(about.most) : ''
						)
					])
				: ''
	};
}

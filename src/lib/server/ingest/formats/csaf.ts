import type { Format, Item } from '../format';
import { parse, unread, type Cut } from '../record';
import * as split from '../split';
import { advisory, type Document } from './csaf/advisory';
import * as validator from './csaf/validator';

/**
 * CSAF 2.0: advisories, one document each, one after the other or in an array. A document is checked with a maintained
 * validator; one that fails the schema or a mandatory test is held back, one that fails optional or informative tests
 * is valid. What else a distribution holds (provider metadata, feeds, aggregators) tells where advisories are, and is
 * ignored.
 */
export const csaf: Format = {
	name: 'csaf',
	async *read(body, _contentType, limits) {
		for await (const pieces of split.values(body, { ...limits, record: limits.document }))
			for (const piece of pieces) {
				const found = open(piece, limits.document);
				yield ['kind' in found ? found : judge(piece, found, await validator.check(found.raw))];
			}
	},
	one(raw) {
		const piece = { bytes: raw, size: raw.length, line: 1 };
		const found = open(piece, Infinity);
		return 'kind' in found ? found : judge(piece, found, validator.checkNow(found.raw));
	},
	async all(raw) {
		const piece = { bytes: raw, size: raw.length, line: 1 };
		const found = open(piece, Infinity);
		return ['kind' in found ? found : judge(piece, found, await validator.check(found.raw))];
	}
};

type Opened = { raw: string; doc: Document; tlp?: string };

/** What can be looked at before a document is known to have the shape of one. */
type Loose = { document?: { csaf_version?: unknown; distribution?: { tlp?: { label?: unknown } } } } | null;

/** A document of this version that has not been tested, or what it is instead. */
function open(piece: Cut, most: number): Opened | Item {
	const parsed = parse(piece, most, 'WATCHFLOOR_MAX_DOCUMENT');
	if ('kind' in parsed) return parsed;
	const { raw, value } = parsed;
	const version = (value as Loose)?.document?.csaf_version;
	const label = (value as Loose)?.document?.distribution?.tlp?.label;
	const tlp = typeof label === 'string' ? label : undefined;
	if (version === '2.0') return { raw, doc: value as Document, tlp };
	if (version !== undefined)
		return unread(
			piece,
			'csaf_version',
			'document.csaf_version',
			`The document is of CSAF ${String(JSON.stringify(version)).slice(0, 40)}; what is read is "2.0", and other versions mean other things.`,
			tlp
		);
	if (DIRECTORY.some((names) => names.every((n) => Object.hasOwn(Object(value) as object, n))))
		return { kind: 'ignored', line: piece.line };
	return unread(
		piece,
		'not_csaf',
		'document.csaf_version',
		'The record is no CSAF document: an object with a "document" that states its "csaf_version".',
		tlp
	);
}

/** Members by which documents of a distribution are known that are no advisories: of a provider, an aggregator, a ROLIE feed, its service and its categories. */
const DIRECTORY = [
	['metadata_version', 'canonical_url', 'publisher'],
	['aggregator_version', 'canonical_url', 'aggregator'],
	['feed'],
	['service'],
	['categories']
];

function judge(piece: Cut, { raw, doc, tlp }: Opened, verdict: validator.Verdict): Item {
	if (verdict === 'good') return { kind: 'thing', line: piece.line, raw, thing: advisory(doc) };
	if (verdict === 'exhausted')
		return unread(
			piece,
			'too_complex',
			'',
			'The tests of CSAF did not come to an end with this document: they took too long or too much memory.',
			tlp
		);
	const number = /\d[\d_]*$/.exec(verdict.test)?.[0] ?? '';
	const test =
		verdict.test === 'csaf_2_0' ? 'the schema of CSAF 2.0' : `test ${number.replaceAll('_', '.')}, which is mandatory`;
	return unread(
		piece,
		verdict.test === 'csaf_2_0' ? 'csaf_schema' : `csaf_${number}`,
		place(verdict.path),
		`The document fails ${test}: ${verdict.message.slice(0, 300)}${verdict.path ? ` (${verdict.path.slice(0, 200)})` : ''}.${verdict.more ? ` It has ${verdict.more} more such finding${verdict.more > 1 ? 's' : ''}.` : ''}`,
		tlp
	);
}

/** A JSON pointer (RFC 6901) as the path of a place in a record. */
const place = (pointer: string): string =>
	pointer
		.slice(1, 500)
		.split('/')
		.map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'))
		.join('.');

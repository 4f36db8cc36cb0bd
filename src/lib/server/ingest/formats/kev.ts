import { hash } from 'node:crypto';
import Papa from 'papaparse';
import { Problem } from '$lib/core/error';
import { normalise } from '$lib/core/observable';
import type { Format, Item, Limits, Thing } from '../format';
import { members } from '../members';
import { peek } from '../peek';
import { long, parse, unread, type Cut } from '../record';
import * as csv from '../records';

/**
 * CISA's catalogue of Known Exploited Vulnerabilities, as JSON or CSV. An entry is a vulnerability; it has no time of
 * its change, so a changed one is a new version when it comes. The same entry in both layouts is the same version.
 */
export const kev: Format = {
	name: 'kev',
	async *read(body, _contentType, limits) {
		const { head, rest } = await peek(body);
		if (!/^[^{[\n]*\bcveID\b/i.test(head.trimStart()))
			for await (const parts of members(rest, 'vulnerabilities', limits))
				yield parts.filter((p) => p.of !== 'envelope').map((p) => item(p, limits));
		else yield* table(rest, limits);
	},
	one(raw) {
		const piece = { bytes: raw, size: raw.length, line: 1 };
		if (/^\s*[[{]/.test(raw.subarray(0, 64).toString('latin1')) || !raw.includes(10))
			return item(piece, { record: Infinity, document: Infinity });
		const at = raw.indexOf(10);
		return record(columns(raw.subarray(0, at)) ?? [], cells(raw.subarray(at + 1)), piece);
	}
};

/** Bytes of a header at the most. */
const HEADER = 16_384;
const QUOTES = 'The quotes of this row do not match: one is opened and not closed.';
const decoder = new TextDecoder('utf-8');

async function* table(body: AsyncIterable<Uint8Array>, limits: Limits): AsyncIterable<Item[]> {
	let header: Buffer | undefined;
	let names: string[] = [];
	for await (const pieces of csv.records(body, limits.record)) {
		const out: Item[] = [];
		for (const piece of pieces) {
			if (!header) {
				const found = piece.size <= HEADER ? columns(piece.bytes) : undefined;
				if (!found?.includes('cveID'))
					throw new Problem(
						'broken_envelope',
						400,
						'The body is no KEV catalogue: its first line names no column "cveID".',
						{ line: piece.line }
					);
				header = piece.bytes;
				names = found;
				continue;
			}
			const whole = { ...piece, bytes: Buffer.concat([header, Buffer.from('\n'), piece.bytes]) };
			if (piece.size > limits.record) out.push(unread(whole, 'too_long', '', long(piece, limits.record)));
			else out.push(record(names, cells(piece.bytes), whole));
		}
		yield out;
	}
}

function cells(bytes: Buffer): string[] | undefined {
	const { data, errors } = Papa.parse<string[]>(decoder.decode(bytes), { delimiter: ',', newline: '\n' });
	return data.length === 1 && !errors.length ? data[0]!.map((c) => c.replace(/\r$/, '')) : undefined;
}

/** Names of the columns; the one that everything hangs on in one spelling. */
const columns = (bytes: Buffer): string[] | undefined =>
	cells(bytes)
		?.map((n) => n.replace(/^\ufeff/, '').trim())
		.map((n) => (/^cveid$/i.test(n) ? 'cveID' : n));

/** A row as an entry. Cells may be missing at its end; more than there are columns tell that a quote is lost. */
function record(names: string[], row: string[] | undefined, piece: Cut): Item {
	if (!row) return unread(piece, 'open_quote', '', QUOTES);
	if (row.slice(names.length).some((c) => c.trim()))
		return unread(
			piece,
			'too_many_fields',
			'',
			`The row has ${row.length} cells, its header ${names.length}: a quote or a comma is wrong.`
		);
	const fields = new Map(names.map((n, i) => [n, row[i] ?? '']));
	const json = [...fields].map((pair) => pair.map((text) => JSON.stringify(text)).join(':'));
	return entry(fields, piece, `{${json.join(',')}}`);
}

function item(piece: Cut, limits: Limits): Item {
	const parsed = parse(piece, limits.record);
	if ('kind' in parsed) return parsed;
	const { value } = parsed;
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		return unread(piece, 'not_entry', '', 'The record is no entry of the KEV catalogue: an object with a "cveID".');
	return entry(new Map(Object.entries(value)), piece, parsed.raw);
}

function entry(fields: ReadonlyMap<string, unknown>, piece: Cut, raw: string): Item {
	const text = (name: string): string => {
		const v = fields.get(name);
		return typeof v === 'string' ? v.trim() : typeof v === 'number' ? String(v) : '';
	};
	const cve = normalise('vulnerability', text('cveID'));
	if (!cve)
		return unread(
			piece,
			'wrong_value',
			'cveID',
			text('cveID')
				? `The cveID "${text('cveID').slice(0, 80)}" is no CVE number.`
				: 'The entry has no CVE number (cveID).'
		);
	const dates = ['dateAdded', 'dueDate'].find((n) => text(n) && !/^\d{4}-\d\d-\d\d$/.test(text(n)));
	if (dates)
		return unread(
			piece,
			'wrong_value',
			dates,
			`The ${dates} "${text(dates).slice(0, 80)}" is no date such as 2024-07-04.`
		);
	const cwes = fields.get('cwes');
	const weaknesses = (
		Array.isArray(cwes) ? cwes.flatMap((w) => (typeof w === 'string' ? w : [])) : text('cwes').split(/[,;\s]+/)
	)
		.map((w) => w.trim())
		.filter(Boolean);
	const ransomware = text('knownRansomwareCampaignUse').toLowerCase();
	const thing: Thing = {
		kind: 'vulnerability',
		key: cve.value,
		revision: revision(fields, weaknesses, raw),
		name: text('vulnerabilityName') || cve.value,
		claims: [{ ...cve, actionable: false }],
		facts: {
			vendor: text('vendorProject'),
			product: text('product'),
			added: text('dateAdded'),
			due: text('dueDate'),
			...(/^(un)?known$/.test(ransomware) && { ransomware }),
			action: text('requiredAction').slice(0, 1000),
			cwes: weaknesses.slice(0, 50),
			exploited: true
		}
	};
	return { kind: 'thing', line: piece.line, raw, thing };
}

/** What an entry says, whatever order, layout and columns it comes in: an empty cell is as good as none. */
function revision(fields: ReadonlyMap<string, unknown>, weaknesses: string[], raw: string): string {
	try {
		const said = [...fields]
			.filter(([name]) => name !== 'cwes')
			.map(([name, v]) => [name, typeof v === 'string' ? v.trim() : JSON.stringify(v)])
			.filter(([, v]) => v && v !== 'null')
			.concat([['cwes', weaknesses.toSorted().join(' ')]])
			.sort(([a], [b]) => (a! < b! ? -1 : 1));
		return hash('sha256', JSON.stringify(said), 'hex');
	} catch {
		// Nested deeper than can be followed: nothing that CISA writes.
		return hash('sha256', raw, 'hex');
	}
}

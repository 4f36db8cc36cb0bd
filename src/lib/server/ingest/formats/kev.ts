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
		const names = cells(raw.subarray(0, at));
		const row = cells(raw.subarray(at + 1));
		return names && row
			? entry(Object.fromEntries(names.map((n, i) => [n, row[i] ?? ''])), piece)
			: unread(piece, 'open_quote', '', QUOTES);
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
				const found = piece.size <= HEADER ? cells(piece.bytes) : undefined;
				if (!found?.some((n) => n.trim().toLowerCase() === 'cveid'))
					throw new Problem(
						'broken_envelope',
						400,
						'The body is no KEV catalogue: its first line names no column "cveID".',
						{
							line: piece.line
						}
					);
				header = piece.bytes;
				names = found.map((n) => n.replace(/^\ufeff/, '').trim());
				continue;
			}
			const whole = { ...piece, bytes: Buffer.concat([header, Buffer.from('\n'), piece.bytes]) };
			const row = piece.size > limits.record ? undefined : cells(piece.bytes);
			if (piece.size > limits.record) out.push(unread(whole, 'too_long', '', long(piece, limits.record)));
			else if (!row) out.push(unread(whole, 'open_quote', '', QUOTES));
			else out.push(entry(Object.fromEntries(names.map((n, i) => [n, row[i] ?? ''])), whole));
		}
		yield out;
	}
}

function cells(bytes: Buffer): string[] | undefined {
	const { data, errors } = Papa.parse<string[]>(decoder.decode(bytes), { delimiter: ',', newline: '\n' });
	return data.length === 1 && !errors.length ? data[0]!.map((c) => c.replace(/\r$/, '')) : undefined;
}

function item(piece: Cut, limits: Limits): Item {
	const parsed = parse(piece, limits.record);
	if ('kind' in parsed) return parsed;
	return entry(parsed.value, piece);
}

/** The fields of an entry; what others have is kept in the record. */
const FIELDS = [
	'vendorProject',
	'product',
	'vulnerabilityName',
	'dateAdded',
	'shortDescription',
	'requiredAction',
	'dueDate',
	'knownRansomwareCampaignUse',
	'notes'
] as const;

function entry(value: unknown, piece: Cut): Item {
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		return unread(piece, 'not_entry', '', 'The record is no entry of the KEV catalogue: an object with a "cveID".');
	const own = (name: string): unknown =>
		Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
	const text = (name: string): string => {
		const v = own(name);
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
	const weaknesses = (
		Array.isArray(own('cwes')) ? (own('cwes') as unknown[]).map(String) : text('cwes').split(/[,;\s]+/)
	)
		.map((w) => w.trim())
		.filter(Boolean);
	const thing: Thing = {
		kind: 'vulnerability',
		key: cve.value,
		revision: hash('sha256', [...FIELDS.map(text), weaknesses.toSorted().join(' ')].join('\u0001'), 'hex'),
		name: text('vulnerabilityName') || cve.value,
		claims: [{ ...cve, actionable: false }],
		facts: {
			vendor: text('vendorProject'),
			product: text('product'),
			added: text('dateAdded'),
			due: text('dueDate'),
			ransomware: text('knownRansomwareCampaignUse').toLowerCase() === 'known',
			action: text('requiredAction').slice(0, 1000),
			cwes: weaknesses.slice(0, 50),
			exploited: true
		}
	};
	return { kind: 'thing', line: piece.line, raw: JSON.stringify(value), thing };
}

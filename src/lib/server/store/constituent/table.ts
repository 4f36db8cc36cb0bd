import { parse as parser, CsvError } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import { Problem } from '$lib/core/error';
import type { Reference } from '../reference';
import { parse, type Asset } from './asset';

/** Constituents as a table that people keep: CSV with a header, its columns in any order. */

export const COLUMNS = ['organisation', 'sector', 'province', 'team', 'assets'] as const;
export type Column = (typeof COLUMNS)[number];
/** One row; what stands in a column that the file does not have is undefined, what is empty is null. */
export type Entry = {
	line: number;
	organisation: string;
	sector?: string | null;
	province?: string | null;
	team?: string | null;
	assets?: Asset[];
};
/** What is wrong in a line, from 1; an empty column means the line as a whole. */
export type Fault = { line: number; column: string; reason: string };
export type Limits = { /** bytes */ size: number; rows: number };

/** Faults that are named at the most; all are counted. */
export const MOST = 1000;
/** Characters that a spreadsheet takes for the beginning of a formula, also in their full width. */
const FORMULA = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** What is wrong with a table, line by line. */
export class Faults {
	readonly list: Fault[] = [];
	count = 0;

	add(line: number, column: string, reason: string): void {
		this.count++;
		if (this.list.length < MOST) this.list.push({ line, column, reason });
	}
}

/**
 * Reads a table. UTF-8, or UTF-16 as spreadsheets write it; commas, semicolons or tabs, as the header has them.
 * @throws Problem `too_large` (413)
 */
export async function read(
	input: AsyncIterable<Uint8Array> | string,
	reference: Reference,
	limits: Limits
): Promise<{ columns: Set<Column>; entries: Entry[]; faults: Faults }> {
	const faults = new Faults();
	const text = await decode(input, limits.size);
	const entries: Entry[] = [];
	const lines = new Map<string, number>();
	let columns: (Column | undefined)[] | undefined;
	const csv = Readable.from(slices(text)).pipe(
		parser({ info: true, delimiter: delimiter(text), relax_column_count: true, skip_empty_lines: true, trim: true })
	);
	try {
		for await (const { record, info } of csv as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
			const line = info.lines - record.reduce((n, cell) => n + (cell.match(/\r\n?|\n/g)?.length ?? 0), 0);
			if (!columns) {
				columns = header(record, line, faults);
				if (faults.count) break;
			} else if (entries.length >= limits.rows) {
				faults.add(line, '', `The table has more than ${limits.rows} rows (WATCHFLOOR_MAX_IMPORT_ROWS).`);
				break;
			} else if (record.some((cell) => cell !== '')) {
				const before = faults.count;
				const entry = row(record, columns, line, reference, faults);
				const first = lines.get(entry.organisation);
				if (first !== undefined)
					faults.add(line, 'organisation', `"${cut(entry.organisation)}" stands in line ${first} already.`);
				else lines.set(entry.organisation, line);
				if (faults.count === before) entries.push(entry);
			}
		}
	} catch (e) {
		if (!(e instanceof CsvError)) throw e;
		faults.add(Number(e.lines ?? 1), '', `From here on this is no CSV: ${e.message}.`);
	}
	if (!columns && !faults.count) faults.add(1, '', 'The table is empty; its first line names the columns.');
	return { columns: new Set(columns?.filter((c) => c !== undefined)), entries, faults };
}

function header(record: string[], line: number, faults: Faults): (Column | undefined)[] {
	const names = record.map((cell) => cell.trim().toLowerCase());
	const columns = names.map((name) => COLUMNS.find((c) => c === name));
	names.forEach((name, i) => {
		if (name && !columns[i])
			faults.add(line, name.slice(0, 80), `"${cut(name)}" is no column; there are ${COLUMNS.join(', ')}.`);
		else if (name && names.indexOf(name) !== i) faults.add(line, name, `The column ${name} stands there twice.`);
	});
	if (!columns.includes('organisation'))
		faults.add(line, 'organisation', 'The first line must name the columns, among them organisation.');
	return columns;
}

function row(
	record: string[],
	columns: (Column | undefined)[],
	line: number,
	reference: Reference,
	faults: Faults
): Entry {
	const cell = (name: Column): string | undefined => {
		const i = columns.indexOf(name);
		return i < 0 ? undefined : unguard(record[i] ?? '').trim();
	};
	const entry: Entry = { line, organisation: named(cell('organisation') ?? '') };
	if (record.slice(columns.length).some((c) => c !== ''))
		faults.add(
			line,
			'',
			`The line has ${record.length} cells for ${columns.length} columns; put several assets between quotes, or separate them by spaces.`
		);
	const wrong = unnameable(entry.organisation);
	if (wrong) faults.add(line, 'organisation', wrong);
	const known = codes(reference);
	for (const name of ['sector', 'province', 'team'] as const) {
		const value = cell(name);
		if (value === undefined) continue;
		const code = value === '' ? null : known[name](value);
		if (code === undefined) faults.add(line, name, `"${cut(value)}" is no ${name} that is known here.`);
		else entry[name] = code;
	}
	const list = cell('assets');
	if (list !== undefined) {
		const assets = many(list);
		for (const reason of assets.wrong) faults.add(line, 'assets', `${reason}.`);
		entry.assets = assets.good;
	}
	return entry;
}

/** The code of a spelling of a sector, a province or a team; undefined when there is none. */
export const codes = (reference: Reference) => ({
	sector: (text: string) => reference.sector.get(text.toLowerCase()),
	province: (text: string) => reference.province.get(text.toLowerCase()),
	team: (text: string) =>
		reference.teams.find((t) => t.slug === text.toLowerCase() || t.name.toLowerCase() === text.toLowerCase())?.slug
});

/** Assets of a text, each once: separated by spaces, lines, commas or semicolons. */
export function many(text: string): { good: Asset[]; wrong: string[] } {
	const good = new Map<string, Asset>();
	const wrong: string[] = [];
	// "AS 17557" is one asset
	for (const part of text.replace(/\b(asn?)\s+(?=\d)/gi, '$1').split(/[\s;,]+/)) {
		if (!part) continue;
		const asset = parse(part);
		if (typeof asset === 'string') wrong.push(asset);
		else good.set(`${asset.kind} ${asset.value}`, asset);
	}
	return { good: [...good.values()], wrong };
}

/** A name in one spelling: composed characters, single spaces. */
export const named = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** Why a text cannot be the name of an organisation. */
export function unnameable(name: string): string | undefined {
	if (!name) return 'The organisation has no name.';
	if (name.length > 200) return 'The name of an organisation has 200 characters at the most.';
	if (name.includes('\ufffd')) return 'The name holds bytes that are no UTF-8; save the table as UTF-8.';
	return /\p{Cc}/u.test(name) ? 'The name holds a control character.' : undefined;
}

/** The same table as CSV text, piece by piece. A cell that a spreadsheet would take for a formula gets a leading apostrophe, which `read` takes off. */
export function write(rows: AsyncIterable<Record<Column, string>>): AsyncIterable<string> {
	const guard = (cell: string) => (FORMULA.test(cell) ? `'${cell}` : cell);
	return Readable.from(rows)
		.pipe(stringify({ header: true, columns: [...COLUMNS], cast: { string: guard }, encoding: 'utf8' }))
		.setEncoding('utf8') as AsyncIterable<string>;
}

const unguard = (cell: string): string => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell);

async function decode(input: AsyncIterable<Uint8Array> | string, limit: number): Promise<string> {
	const tooLarge = () =>
		new Problem('too_large', 413, `The table is larger than ${limit} bytes (WATCHFLOOR_MAX_IMPORT).`, { limit });
	if (typeof input === 'string') {
		if (Buffer.byteLength(input) > limit) throw tooLarge();
		return input.replace(/^\ufeff/, '');
	}
	const pieces: Uint8Array[] = [];
	let size = 0;
	for await (const piece of input) {
		if ((size += piece.length) > limit) throw tooLarge();
		pieces.push(piece);
	}
	const bytes = Buffer.concat(pieces);
	const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
	return new TextDecoder(mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8').decode(bytes);
}

/** What separates the cells: whatever the header has most of. */
function delimiter(text: string): string {
	const first = /^[^\r\n]*/.exec(text.trimStart())![0];
	return [',', ';', '\t'].reduce((best, d) => (first.split(d).length > first.split(best).length ? d : best));
}

function* slices(text: string): Generator<Buffer> {
	const bytes = Buffer.from(text);
	for (let i = 0; i < bytes.length; i += 65_536) yield bytes.subarray(i, i + 65_536);
}

const cut = (s: string): string => (s.length > 80 ? `${s.slice(0, 80)}…` : s);

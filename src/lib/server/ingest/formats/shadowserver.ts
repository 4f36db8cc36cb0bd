import Papa from 'papaparse';
import { isProblem, Problem } from '$lib/core/error';
import type { Fault, Format, Item, Limits } from '../format';
import { ofColumns, ofFile, type Kind } from './shadowserver/kind';
import { utf8 } from '../encoding';
import { records, whole, type Piece } from '../records';
import { ofJson, read, table, type Table } from './shadowserver/row';

/**
 * CSV reports of The Shadowserver Foundation, of any type. The type comes from the name of the file, else from the
 * columns, else from the tags of a row; what it means stands in a table that is data (`shadowserver/reports.ts`), and a
 * type that is not in it is read by its family. Times are UTC.
 *
 * A row is no record without its header, so a row in quarantine is kept as CSV of its own: `# name of the file` (if it
 * was stated), the header, the row, in the bytes that came (UTF-16 becomes UTF-8). A row that could be read is kept as
 * JSON: the report type as `_report`, and each column that is not empty.
 */
export const shadowserver: Format = {
	name: 'shadowserver',
	async *read(body, _contentType, limits, filename) {
		const sheet = new Sheet(filename, limits);
		for await (const pieces of records(utf8(body), limits.record)) {
			const items = sheet.items(pieces);
			if (items.length) yield items;
		}
	},
	one(raw) {
		if (raw[0] === BRACE) return ofJson(raw);
		const note = /^# ([^\n]{1,255})\n/.exec(raw.subarray(0, 300).toString('latin1'));
		const sheet = new Sheet(note?.[1], { record: Infinity, document: Infinity });
		const fault = (reason: string): Item => ({
			kind: 'fault',
			line: 1,
			raw,
			fault: { path: '', code: 'not_row', reason }
		});
		try {
			const items = sheet.items(whole(raw.subarray(note?.[0].length ?? 0)));
			return items.length === 1 ? items[0]! : fault(`The record is a header and ${items.length} rows, and not one.`);
		} catch (e) {
			if (isProblem(e)) return fault(e.message);
			throw e;
		}
	}
};

/** Bytes of a header at the most; that of the widest report has under 2,000. */
const HEADER = 16_384;
const BRACE = 123;
const CSV = { delimiter: ',', newline: '\n' } as const;
const decoder = new TextDecoder('utf-8');

/** A file that is being read: its header, and its rows one after another. */
class Sheet {
	#header: Buffer | undefined;
	#table: Table | undefined;
	readonly #kind: Kind | undefined;

	constructor(
		readonly filename: string | undefined,
		readonly limits: Limits
	) {
		this.#kind = filename ? ofFile(filename) : undefined;
	}

	items(pieces: Piece[]): Item[] {
		const out: Item[] = [];
		const [first] = pieces;
		if (first && !this.#table) {
			this.#start(first, cellsOf(first), out);
			pieces = pieces.slice(1);
		}
		if (!pieces.length) return out;
		for (const { piece, cells } of this.#split(pieces)) {
			if (piece.size > this.limits.record) out.push(this.#fault(piece, long(piece, this.limits)));
			else if (!cells)
				out.push(
					this.#fault(piece, {
						path: '',
						code: 'open_quote',
						reason: 'The quotes of this row do not match: one is opened and not closed.'
					})
				);
			else if (cells[0]?.trim().toLowerCase() === 'timestamp') this.#start(piece, cells, out);
			else out.push(this.#row(piece, cells));
		}
		return out;
	}

	/** The cells of each record; none where the quotes do not match, and of one that is too long. */
	#split(pieces: Piece[]): { piece: Piece; cells?: string[] }[] {
		const width = this.#table!.names.length;
		const single = pieces.filter((p) => p.span === 1 && p.size <= this.limits.record);
		// Lines read together are as many rows, unless a stray quote joins two of them: then one by one.
		const { data, errors } = Papa.parse<string[]>(single.map((p) => decoder.decode(p.bytes)).join('\n'), CSV);
		const odd = new Set(errors.map((e) => e.row));
		const aligned = data.length === single.length;
		let n = 0;
		return pieces.flatMap((piece) => {
			if (piece.size > this.limits.record) return [{ piece }];
			if (piece.span > 1) return several(piece, width);
			const at = n++;
			return [{ piece, cells: aligned && !odd.has(at) ? data[at]! : cellsOf(piece, width) }];
		});
	}

	#start({ bytes, line }: Piece, cells: string[] | undefined, out: Item[]): void {
		if (this.#header) out.push({ kind: 'ignored', line });
		if (this.#header?.equals(bytes)) return;
		const found = cells && bytes.length <= HEADER ? table(cells) : undefined;
		if (!found)
			throw new Problem(
				'broken_envelope',
				400,
				'The body is no Shadowserver report: its first line names no column "timestamp".',
				{ line }
			);
		found.kind = this.#kind ?? ofColumns(found.at.keys());
		this.#header = Buffer.from(bytes);
		this.#table = found;
	}

	#row(piece: Piece, cells: string[]): Item {
		const found = read(this.#table!, cells);
		if ('path' in found) return this.#fault(piece, found);
		return { kind: 'report', line: piece.line, raw: found.raw, report: found.report };
	}

	#fault({ bytes, line }: Piece, fault: Fault): Item {
		const note = this.filename ? `# ${this.filename.replace(/[^\x20-\x7e]/g, '?')}\n` : '';
		return { kind: 'fault', line, raw: Buffer.concat([Buffer.from(note), this.#header!, LF, bytes]), fault };
	}
}

const LF = Buffer.from('\n');

function long({ bytes, size }: Piece, limits: Limits): Fault {
	const kept = size > bytes.length ? ` Its first ${bytes.length} are kept.` : '';
	return {
		path: '',
		code: 'too_long',
		reason: `The record has ${size} bytes; ${limits.record} are allowed (WATCHFLOOR_MAX_RECORD).${kept}`
	};
}

/**
 * The cells of one record. Quotes inside a cell are doubled, or follow a backslash; where they stand bare, the row is
 * believed when it has as many cells as the header. Undefined when its quotes do not match.
 */
function cellsOf({ bytes }: Piece, width?: number): string[] | undefined {
	const text = decoder.decode(bytes);
	const bare = [];
	for (const config of [CSV, { ...CSV, escapeChar: '\\' }]) {
		const { data, errors } = Papa.parse<string[]>(text, config);
		if (data.length !== 1) continue;
		if (!errors.length) return data[0];
		if (data[0]!.length === width && errors.every((e) => e.code === 'InvalidQuotes')) bare.push(data[0]!);
	}
	return bare[0];
}

/** A record of several lines; if its quotes do not hold it together, each of its lines. */
function several(piece: Piece, width: number): { piece: Piece; cells?: string[] }[] {
	const cells = cellsOf(piece, width);
	if (cells) return [{ piece, cells }];
	return piece.bytes
		.toString('latin1')
		.split('\n')
		.map((s, i) => ({ bytes: Buffer.from(s.replace(/\r$/, ''), 'latin1'), line: piece.line + i }))
		.filter((p) => p.bytes.some((c) => c > 32))
		.map((p) => ({ ...p, size: p.bytes.length, span: 1 }))
		.map((p) => ({ piece: p, cells: cellsOf(p, width) }));
}

/**
 * Cuts CSV bytes into records, without reading them: a record is a line, or several when a quote is open at the end of
 * one. A quote that is never closed must not swallow the rows after it, so a record may span few lines: past them, its
 * first line stands alone and whoever reads it finds the quote open.
 */
export type Piece = {
	/** the first of them, if it is longer than any record may be */
	bytes: Buffer;
	/** how many bytes it had */
	size: number;
	line: number;
	/** lines that it spans */
	span: number;
};
type Line = { bytes: Buffer; size: number; line: number; odd: boolean };

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
/** Lines that a record may span. */
const SPAN = 100;
/** Bytes that are kept of a line that is longer than a record may be: an endless one must not fill the memory. */
const KEPT = 16 * 1024 * 1024;

/**
 * @param limit bytes of one record; longer ones come out nevertheless, for whoever reads them to refuse
 */
export async function* records(body: AsyncIterable<Uint8Array>, limit: number): AsyncIterable<Piece[]> {
	const join = new Join(limit);
	let rest: Buffer[] = [];
	let kept = 0;
	let size = 0;
	let odd = false;
	let line = 0;
	const hold = (part: Buffer) => {
		const most = part.subarray(0, Math.max(limit, KEPT) - kept);
		if (most.length) rest.push(most);
		kept += most.length;
		size += part.length;
	};
	const end = () => {
		join.add({ bytes: rest.length === 1 ? rest[0]! : Buffer.concat(rest), size, line: ++line, odd });
		rest = [];
		kept = size = 0;
		odd = false;
	};
	for await (const chunk of body) {
		const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		let start = 0;
		for (let i = 0; i < buffer.length; i++) {
			const c = buffer[i];
			if (c === QUOTE) odd = !odd;
			else if (c === NEWLINE) {
				hold(buffer.subarray(start, i));
				end();
				start = i + 1;
			}
		}
		hold(buffer.subarray(start));
		const out = join.take(false);
		if (out.length) yield out;
	}
	if (size) end();
	const out = join.take(true);
	if (out.length) yield out;
}

/** Lines of one piece of text as records. */
export function whole(text: Buffer): Piece[] {
	const join = new Join(Infinity);
	let line = 0;
	for (let start = 0; start < text.length;) {
		const newline = text.indexOf(NEWLINE, start);
		const bytes = text.subarray(start, newline < 0 ? text.length : newline);
		let odd = false;
		for (const c of bytes) if (c === QUOTE) odd = !odd;
		join.add({ bytes, size: bytes.length, line: ++line, odd });
		start = newline < 0 ? text.length : newline + 1;
	}
	return join.take(true);
}

/** Joins lines between which a quote is open. */
class Join {
	#lines: Line[] = [];
	constructor(readonly limit: number) {}

	add(line: Line): void {
		this.#lines.push(line);
	}

	/** The records that are complete; all of them at the end of the body. */
	take(end: boolean): Piece[] {
		const out: Piece[] = [];
		const lines = this.#lines;
		let i = 0;
		let close = 0; // the next line with an odd number of quotes after line i, as far as it was looked for
		while (i < lines.length) {
			const first = lines[i]!;
			if (!first.odd) {
				push(out, first, first.bytes, first.size, 1);
				i++;
				continue;
			}
			close = Math.max(close, i + 1);
			while (close < lines.length && !lines[close]!.odd) close++;
			const span = close - i + 1;
			if (span > SPAN || close === lines.length || size(lines, i, close) > this.limit) {
				if (close === lines.length && !end && span <= SPAN && size(lines, i, close - 1) <= this.limit) break;
				push(out, first, first.bytes, first.size, 1);
				i++;
				continue;
			}
			push(
				out,
				first,
				Buffer.concat(lines.slice(i, close + 1).flatMap((l, n) => (n ? [LF, l.bytes] : [l.bytes]))),
				size(lines, i, close) - 1,
				span
			);
			i = close + 1;
		}
		this.#lines = i ? lines.slice(i) : lines;
		return out;
	}
}

const LF = Buffer.from('\n');

function size(lines: Line[], from: number, to: number): number {
	let n = 0;
	for (let i = from; i <= to && i < from + SPAN; i++) n += lines[i]!.size + 1;
	return n;
}

function push(out: Piece[], first: Line, bytes: Buffer, size: number, span: number): void {
	if (size === bytes.length && bytes.at(-1) === RETURN) bytes = bytes.subarray(0, --size);
	for (const c of bytes) if (c > 32) return void out.push({ bytes, size, line: first.line, span });
}

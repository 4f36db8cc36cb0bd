import { Problem } from '$lib/core/error';

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = new Set([91, 123]);
const CLOSE = new Set([93, 125]);
const COMMA = 44;
const SPACE = new Set([9, 10, 13, 32]);

/** One record's bytes and its number in the body, from 1. */
export type Piece = { bytes: Buffer; line: number };

/** Splits a body into its lines; empty ones are skipped, a carriage return before the newline and a byte order mark are cut. */
export async function* lines(body: AsyncIterable<Uint8Array>): AsyncIterable<Piece[]> {
	let rest: Buffer[] = [];
	let line = 0;
	const piece = (bytes: Buffer): Piece | null => {
		line++;
		if (line === 1 && bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
		if (bytes[bytes.length - 1] === 13) bytes = bytes.subarray(0, -1);
		return bytes.length && !blank(bytes) ? { bytes, line } : null;
	};
	for await (const chunk of body) {
		const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		const out: Piece[] = [];
		let start = 0;
		for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, start)) {
			const part = buffer.subarray(start, end);
			const whole = piece(rest.length ? Buffer.concat([...rest, part]) : part);
			if (whole) out.push(whole);
			rest = [];
			start = end + 1;
		}
		if (start < buffer.length) rest.push(buffer.subarray(start));
		if (out.length) yield out;
	}
	const last = rest.length ? piece(Buffer.concat(rest)) : null;
	if (last) yield [last];
}

/**
 * Splits JSON text into its top-level values, or into the elements of one top-level array, by counting brackets
 * outside strings. A value is cut out, not checked: whoever parses it finds what is wrong with it.
 * @throws Problem `broken_envelope` when the text ends within a value or an array, or closes what was not open.
 */
export async function* values(body: AsyncIterable<Uint8Array>): AsyncIterable<Piece[]> {
	let depth = 0;
	let floor = 0; // 1 inside a top-level array
	let inString = false;
	let escaped = false;
	let line = 0;
	let held: Buffer[] = [];
	let first = true;
	for await (const chunk of body) {
		let buffer: Buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		const out: Piece[] = [];
		let start = -1; // where the present value starts in this buffer
		if (held.length) start = 0;
		const cut = (end: number) => {
			const part = buffer.subarray(Math.max(start, 0), end);
			const bytes = held.length ? Buffer.concat([...held, part]) : part;
			held = [];
			start = -1;
			line++;
			out.push({ bytes, line });
		};
		for (let i = 0; i < buffer.length; i++) {
			const c = buffer[i]!;
			if (first) {
				if (SPACE.has(c) || c === 0xef || c === 0xbb || c === 0xbf) continue;
				first = false;
				if (c === 91) {
					floor = depth = 1;
					continue;
				}
			}
			if (inString) {
				if (escaped) escaped = false;
				else if (c === BACKSLASH) escaped = true;
				else if (c === QUOTE) inString = false;
				continue;
			}
			if (c === QUOTE) {
				inString = true;
				if (start < 0) start = i;
			} else if (OPEN.has(c)) {
				if (start < 0) start = i;
				depth++;
			} else if (CLOSE.has(c)) {
				if (depth === floor && floor === 1) {
					if (start >= 0) cut(i);
					floor = depth = 0;
					continue;
				}
				if (depth === 0) throw broken(line + 1, 'closes a bracket that was not open');
				depth--;
				if (depth === floor) cut(i + 1);
			} else if (depth === floor && (SPACE.has(c) || c === COMMA)) {
				if (start >= 0) cut(i);
			} else if (start < 0 && !SPACE.has(c)) start = i;
		}
		if (start >= 0) held.push(buffer.subarray(start));
		buffer = Buffer.alloc(0);
		if (out.length) yield out;
	}
	if (inString || depth > 0) throw broken(line + 1, 'is cut off at the end of the body');
	if (held.length) yield [{ bytes: Buffer.concat(held), line: line + 1 }];
}

const broken = (line: number, what: string) => new Problem('broken_envelope', 400, `The body is not JSON as a whole: record ${line} ${what}.`, { line });

function blank(bytes: Buffer): boolean {
	for (const c of bytes) if (!SPACE.has(c)) return false;
	return true;
}

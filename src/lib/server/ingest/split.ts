import { Problem } from '$lib/core/error';
import type { Limits } from './format';

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = new Set([91, 123]);
const CLOSE = new Set([93, 125]);
const COMMA = 44;
const SPACE = new Set([9, 10, 13, 32]);

/** Bytes that are kept of a record that is longer than one may be: an endless line must not fill the memory. */
export const KEPT = 16 * 1024 * 1024;

/** One record's bytes (the first of them, if it is longer than any record may be), how many it had, and its number in the body, from 1. */
export type Piece = { bytes: Buffer; size: number; line: number };

/** The beginning of a record that goes on in the next part of the body. */
export class Rest {
	#parts: Buffer[] = [];
	#kept = 0;
	#size = 0;

	constructor(readonly keep: number) {}

	get size(): number {
		return this.#size;
	}

	push(part: Buffer): void {
		const kept = part.subarray(0, this.keep - this.#kept);
		if (kept.length) this.#parts.push(kept);
		this.#kept += kept.length;
		this.#size += part.length;
	}

	/** The record with its last part; then there is nothing left. */
	take(part: Buffer): { bytes: Buffer; size: number } {
		if (!this.#size) return { bytes: part, size: part.length };
		this.push(part);
		const whole = { bytes: Buffer.concat(this.#parts), size: this.#size };
		this.#parts = [];
		this.#kept = this.#size = 0;
		return whole;
	}
}

/** Splits a body into its lines; empty ones are skipped, a carriage return before the newline and a byte order mark are cut. */
export async function* lines(body: AsyncIterable<Uint8Array>, { record }: Limits): AsyncIterable<Piece[]> {
	const rest = new Rest(Math.max(record, KEPT));
	let line = 0;
	const piece = (part: Buffer): Piece | null => {
		let { bytes, size } = rest.take(part);
		line++;
		if (line === 1 && bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
			bytes = bytes.subarray(3);
		if (bytes[bytes.length - 1] === 13) bytes = bytes.subarray(0, -1);
		if (size <= rest.keep) size = bytes.length;
		return bytes.length && !blank(bytes) ? { bytes, size, line } : null;
	};
	for await (const chunk of body) {
		const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		const out: Piece[] = [];
		let start = 0;
		for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, start)) {
			const whole = piece(buffer.subarray(start, end));
			if (whole) out.push(whole);
			start = end + 1;
		}
		if (start < buffer.length) rest.push(buffer.subarray(start));
		if (out.length) yield out;
	}
	const last = rest.size ? piece(Buffer.alloc(0)) : null;
	if (last) yield [last];
}

/**
 * Splits JSON text into its top-level values, or into the elements of one top-level array, by counting brackets
 * outside strings. A value is cut out, not checked: whoever parses it finds what is wrong with it.
 * @throws Problem `broken_envelope` when the text ends within a value or an array, or closes what was not open.
 */
export async function* values(body: AsyncIterable<Uint8Array>, { record }: Limits): AsyncIterable<Piece[]> {
	let depth = 0;
	let floor = 0; // 1 inside a top-level array
	let inString = false;
	let escaped = false;
	let line = 0;
	const held = new Rest(Math.max(record, KEPT));
	let first = true;
	for await (const chunk of body) {
		const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		const out: Piece[] = [];
		let start = -1; // where the present value starts in this buffer
		if (held.size) start = 0;
		const cut = (end: number) => {
			const whole = held.take(buffer.subarray(Math.max(start, 0), end));
			start = -1;
			out.push({ ...whole, line: ++line });
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
		if (out.length) yield out;
	}
	if (inString || depth > 0) throw broken(line + 1, 'is cut off at the end of the body');
	if (held.size) yield [{ ...held.take(Buffer.alloc(0)), line: line + 1 }];
}

const broken = (line: number, what: string) =>
	new Problem('broken_envelope', 400, `The body is not JSON as a whole: record ${line} ${what}.`, { line });

function blank(bytes: Buffer): boolean {
	for (const c of bytes) if (!SPACE.has(c)) return false;
	return true;
}

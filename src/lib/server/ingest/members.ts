import { Problem } from '$lib/core/error';
import type { Limits } from './format';
import { KEPT, Rest, type Piece } from './split';

/** `element`: of the array; `envelope`: an object that held one, without its elements; `value`: anything else that stands at the top. */
export type Part = Piece & { of: 'element' | 'envelope' | 'value' };

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125] as const;
const SPACE = new Set([9, 10, 13, 32]);
/** Bytes of a name that are looked at: a longer one is not the one that is looked for. */
const NAME = 64;

/**
 * Splits JSON text into records where they stand in an array that is a member of an object, as in a STIX bundle:
 * `{ …, "objects": [ record, record, … ], … }`. Such objects may come one after the other, or in an array; a value
 * without such a member is a record itself. Brackets are counted outside strings; a record is cut out, not checked:
 * whoever parses it finds what is wrong with it. An envelope comes after its elements.
 * @param member name of the member that holds the records
 * @throws Problem `broken_envelope` (400) when the text ends within a value, or closes what was not open.
 */
export async function* members(
	body: AsyncIterable<Uint8Array>,
	member: string,
	{ record }: Limits
): AsyncIterable<Part[]> {
	let depth = 0;
	let floor = 0; // depth at which values stand: 1 inside an array at the top
	let inside = -1; // depth at which elements stand, inside the member; -1 outside
	let had = false; // whether the present value held the member
	let inString = false;
	let escaped = false;
	let naming = false; // at the depth of members, before a colon
	let name = '';
	let awaited = false; // the member's name and its colon have been read, its value has not begun
	let line = 0;
	let first = true;
	const whole = new Rest(Math.max(record, KEPT)); // the value at the top, without elements
	const held = new Rest(Math.max(record, KEPT)); // the element
	for await (const chunk of body) {
		const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		const out: Part[] = [];
		let start = inside >= 0 ? (held.size ? 0 : -1) : whole.size ? 0 : -1;
		const cut = (rest: Rest, end: number, of: Part['of']) => {
			const piece = rest.take(buffer.subarray(Math.max(start, 0), start < 0 ? 0 : end));
			start = -1;
			out.push({ ...piece, line: of === 'envelope' ? Math.max(line, 1) : ++line, of });
		};
		for (let i = 0; i < buffer.length; i++) {
			const c = buffer[i]!;
			if (first) {
				if (SPACE.has(c) || c === 0xef || c === 0xbb || c === 0xbf) continue;
				first = false;
				if (c === OPEN_ARRAY) {
					floor = depth = 1;
					continue;
				}
			}
			if (inString) {
				if (escaped) escaped = false;
				else if (c === BACKSLASH) escaped = true;
				else if (c === QUOTE) inString = false;
				if (inString && naming && name.length < NAME) name += String.fromCharCode(c);
				continue;
			}
			if (SPACE.has(c)) {
				if (start >= 0 && depth === (inside >= 0 ? inside : floor)) {
					if (inside >= 0) cut(held, i, 'element');
					else cut(whole, i, 'value');
				}
				continue;
			}
			const level = inside >= 0 ? inside : floor;
			if (c === QUOTE) {
				inString = true;
				if (start < 0) start = i;
				if (naming && depth === floor + 1) name = '';
				awaited = false;
			} else if (c === OPEN_ARRAY && awaited && depth === floor + 1 && inside < 0) {
				// The envelope so far, with the bracket: what follows are elements until it closes.
				whole.push(buffer.subarray(Math.max(start, 0), i + 1));
				start = -1;
				had = true;
				awaited = false;
				inside = ++depth;
			} else if (c === OPEN_OBJECT || c === OPEN_ARRAY) {
				if (start < 0) start = i;
				depth++;
				awaited = false;
				naming = c === OPEN_OBJECT && inside < 0 && depth === floor + 1;
			} else if (c === CLOSE_OBJECT || c === CLOSE_ARRAY) {
				if (inside >= 0 && depth === inside) {
					if (start >= 0) cut(held, i, 'element');
					inside = -1;
					depth--;
					start = i; // the envelope goes on
					continue;
				}
				if (depth === floor && floor === 1) {
					if (start >= 0) cut(whole, i, 'value');
					floor = depth = 0;
					continue;
				}
				if (depth === 0) throw broken(line + 1, 'closes a bracket that was not open');
				depth--;
				awaited = naming = false;
				if (inside >= 0 ? depth === inside : depth === floor) {
					if (inside >= 0) cut(held, i + 1, 'element');
					else {
						cut(whole, i + 1, had ? 'envelope' : 'value');
						had = false;
					}
				}
			} else if (c === COMMA && depth === level) {
				if (start >= 0) cut(inside >= 0 ? held : whole, i, inside >= 0 ? 'element' : 'value');
			} else {
				if (start < 0) start = i;
				if (inside < 0 && depth === floor + 1) {
					awaited = c === COLON && naming && name === member;
					if (c === COLON) naming = false;
					else if (c === COMMA) {
						naming = true;
						name = '';
					}
				}
			}
		}
		if (start >= 0) (inside >= 0 ? held : whole).push(buffer.subarray(start));
		if (out.length) yield out;
	}
	if (inString || depth > 0) throw broken(line + 1, 'is cut off at the end of the body');
	if (whole.size) yield [{ ...whole.take(Buffer.alloc(0)), line: line + 1, of: 'value' }];
}

const broken = (line: number, what: string) =>
	new Problem('broken_envelope', 400, `The body is not JSON as a whole: record ${line} ${what}.`, { line });

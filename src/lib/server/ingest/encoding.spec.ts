import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './encoding';

const TEXT = 'a,ü,€,😀\r\n"نیشنل سرٹ"\r\n';
const le = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const be = (text: string) => le(text).swap16();

/** The body of these pieces, as text. */
async function through(...pieces: Uint8Array[]): Promise<string> {
	const out: Uint8Array[] = [];
	for await (const chunk of utf8(from(pieces))) out.push(chunk);
	return Buffer.concat(out).toString('utf8');
}
async function* from(pieces: Uint8Array[]) {
	yield* pieces;
}
/** Bytes cut at these places. */
const cut = (bytes: Buffer, at: number[]) => {
	const ends = [...new Set([0, ...at.map((i) => i % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
	return ends.slice(1).map((end, i) => bytes.subarray(ends[i], end));
};

describe.each([
	['UTF-16LE', le],
	['UTF-16BE', be],
	['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
	['UTF-8', (text: string) => Buffer.from(text)]
])('a body in %s', (_, encode) => {
	it('is read as UTF-8 without its mark, also a byte at a time', async () => {
		const bytes = encode(TEXT);
		expect(await through(bytes)).toBe(TEXT);
		expect(await through(...Array.from(bytes, (b) => Buffer.from([b])))).toBe(TEXT);
	});

	it('is the same wherever it is cut', () =>
		fc.assert(
			fc.asyncProperty(
				fc.string({ unit: 'grapheme', maxLength: 50 }).filter((s) => !s.startsWith('\ufeff')),
				fc.array(fc.nat(200), { maxLength: 6 }),
				async (text, at) => {
					expect(await through(...cut(encode(text), at))).toBe(text);
				}
			),
			{ numRuns: 500 }
		));

	it('is nothing when nothing is in it', async () => {
		expect(await through(encode(''))).toBe('');
		expect(await through()).toBe('');
	});
});

it('a body in UTF-8 is passed on as the very same pieces', async () => {
	const pieces = [Buffer.from('{"a":'), Buffer.from('1}'), Buffer.from('\n')];
	const out: Uint8Array[] = [];
	for await (const chunk of utf8(from(pieces))) out.push(chunk);
	expect(out.every((chunk, i) => chunk === pieces[i])).toBe(true);
	expect(out.length).toBe(3);
});

it('half a character is a replacement character, and what stands around it is kept', async () => {
	expect(await through(le('a😀b').subarray(0, -1))).toBe('a😀\ufffd');
	expect(await through(Buffer.concat([le('a'), Buffer.from([0x3d, 0xd8]), Buffer.from('b', 'utf16le')]))).toBe(
		'a\ufffdb'
	);
});

it('one or two bytes are what they are', async () => {
	expect(await through(Buffer.from('1'))).toBe('1');
	expect(await through(Buffer.from('{}'))).toBe('{}');
});

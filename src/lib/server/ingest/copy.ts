import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Tx } from '../store/client';

/** Characters that are copied at a time. */
const PIECE = 512 * 1024;

/** Copies lines of COPY text into a table; `into` is its name with its columns. */
export async function copy(tx: Tx, into: string, lines: readonly string[]): Promise<void> {
	const stream = await tx`copy ${tx.unsafe(into)} from stdin`.writable();
	// In pieces: one text of all rows could be longer than a text may be.
	await pipeline(Readable.from(pieces(lines)), stream);
}

function* pieces(lines: readonly string[]): Iterable<string> {
	let piece = '';
	for (const line of lines) {
		piece += line;
		if (piece.length < PIECE) continue;
		yield piece;
		piece = '';
	}
	if (piece) yield piece;
}

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Tx } from '../store/client';

/** Bytes that are copied at a time. */
const PIECE = 512 * 1024;

/** Copies lines of COPY text into a table; `into` is its name with its columns, and each text holds whole lines. */
export async function copy(tx: Tx, into: string, texts: readonly (string | Buffer)[]): Promise<void> {
	const stream = await tx`copy ${tx.unsafe(into)} from stdin`.writable();
	await pipeline(Readable.from(pieces(texts)), stream);
}

/** Small texts are put together, so that each costs no write of its own. */
function* pieces(texts: readonly (string | Buffer)[]): Iterable<Buffer> {
	let held: Buffer[] = [];
	let size = 0;
	for (const text of texts) {
		const bytes = typeof text === 'string' ? Buffer.from(text) : text;
		if (!bytes.length) continue;
		held.push(bytes);
		size += bytes.length;
		if (size < PIECE) continue;
		yield held.length === 1 ? bytes : Buffer.concat(held, size);
		held = [];
		size = 0;
	}
	if (size) yield Buffer.concat(held, size);
}

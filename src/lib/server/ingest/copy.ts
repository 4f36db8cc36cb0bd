import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Tx } from '../store/client';

/** Bytes that are copied at a time. */
const PIECE = 512 * 1024;
/** Milliseconds that a copy may take: a server that says nothing must not hold a writer. */
const LONGEST = 120_000;

/** Copies lines of COPY text into a table; `into` is its name with its columns, and each text holds whole lines. */
export async function copy(tx: Tx, into: string, texts: readonly (string | Buffer)[]): Promise<void> {
	const query = tx`copy ${tx.unsafe(into)} from stdin`;
	const stream = await query.writable();
	// What the server refuses once all has been sent reaches nobody but the query, which is settled by then: without
	// this, whoever copies waits for ever.
	const refused = new Promise<never>((_, reject) => Object.assign(query, { reject }));
	const late = new Promise<never>((_, reject) => {
		const timer = setTimeout(
			() => reject(Object.assign(new Error('the copy did not come to an end'), { code: 'CONNECTION_CLOSED' })),
			LONGEST
		);
		stream.once('close', () => clearTimeout(timer));
	});
	refused.catch(() => {});
	late.catch(() => {});
	await Promise.race([pipeline(Readable.from(pieces(texts)), stream), refused, late]);
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

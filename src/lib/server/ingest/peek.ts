/** Bytes that are looked at to tell one layout of a body from another. */
const HEAD = 4096;

/** A byte order mark of UTF-8, byte by byte. */
const MARK = /^\u00ef\u00bb\u00bf/;

/**
 * The beginning of a body, up to its first line that is not blank, a character a byte and without a byte order mark; and
 * the body as it was.
 */
export async function peek(
	body: AsyncIterable<Uint8Array>
): Promise<{ head: string; rest: AsyncIterable<Uint8Array> }> {
	const chunks = body[Symbol.asyncIterator]();
	const seen: Uint8Array[] = [];
	let head = '';
	for (;;) {
		const next = await chunks.next();
		if (next.done) break;
		seen.push(next.value);
		head += Buffer.from(next.value.subarray(0, HEAD)).toString('latin1');
		if (/\S[^\n]*\n/.test(head.replace(MARK, '')) || head.length >= HEAD) break;
	}
	const again = async function* () {
		try {
			yield* seen;
			for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
		} finally {
			await chunks.return?.();
		}
	};
	return { head: head.replace(MARK, ''), rest: again() };
}

import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Problem } from '$lib/core/error';

/** Bodies in pieces, and never more of them than is allowed. */
export type Bytes = AsyncIterable<Uint8Array>;

/** @throws Problem `too_large` past `limit` bytes; `what` names the body, `setting` the limit */
export async function* limited(body: Bytes, limit: number, what: string, setting: string): AsyncGenerator<Uint8Array> {
	let n = 0;
	for await (const chunk of body) {
		n += chunk.byteLength;
		if (n > limit) throw new Problem('too_large', 413, `${what} has more than ${limit} bytes (${setting}).`);
		yield chunk;
	}
}

/** What gzip has packed. What goes wrong before it comes out of the iteration. @throws Problem `broken_envelope` */
export async function* unzip(body: Bytes): AsyncGenerator<Uint8Array> {
	const gunzip = createGunzip();
	pipeline(Readable.from(body), gunzip, () => {});
	try {
		for await (const chunk of gunzip) yield chunk as Uint8Array;
	} catch (e) {
		if (e instanceof Error && 'code' in e && String(e.code).startsWith('Z_'))
			throw new Problem('broken_envelope', 400, 'What came is not gzip as a whole.');
		throw e;
	}
}

/** The body unpacked, if its first bytes are those of gzip, whatever it is called. */
export async function* unpacked(body: Bytes): AsyncGenerator<Uint8Array> {
	const source = body[Symbol.asyncIterator]();
	let head: Uint8Array = new Uint8Array();
	let over = false;
	while (head.length < 2 && !over) {
		const { value, done } = await source.next();
		over = done === true;
		if (!done) head = head.length ? Buffer.concat([head, value]) : value;
	}
	const all = async function* () {
		try {
			if (head.length) yield head;
			while (!over) {
				const { value, done } = await source.next();
				if (done) return;
				yield value;
			}
		} finally {
			await source.return?.();
		}
	};
	yield* head[0] === 0x1f && head[1] === 0x8b ? unzip(all()) : all();
}

export async function whole(body: Bytes): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	for await (const chunk of body) parts.push(chunk);
	return Buffer.concat(parts);
}

export async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	if (bytes.length) yield bytes;
}

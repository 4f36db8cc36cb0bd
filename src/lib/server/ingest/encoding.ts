/** The body as UTF-8, without a byte order mark; UTF-16 is known by its mark. */
export async function* utf8(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
	let head: Uint8Array = Buffer.alloc(0);
	let decoder: TextDecoder | undefined;
	let known = false;
	const pass = (bytes: Uint8Array, stream: boolean): Uint8Array =>
		decoder ? Buffer.from(decoder.decode(bytes, { stream })) : bytes;
	for await (const chunk of body) {
		if (known) {
			yield pass(chunk, true);
			continue;
		}
		head = head.length ? Buffer.concat([head, chunk]) : chunk;
		if (head.length < 3) continue;
		known = true;
		if (head[0] === 0xff && head[1] === 0xfe) decoder = new TextDecoder('utf-16le');
		else if (head[0] === 0xfe && head[1] === 0xff) decoder = new TextDecoder('utf-16be');
		else if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) head = head.subarray(3);
		yield pass(head, true);
	}
	if (!known) yield head;
	else if (decoder) yield Buffer.from(decoder.decode());
}

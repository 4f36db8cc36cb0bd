/**
 * The body as UTF-8, without a byte order mark; UTF-16 is known by its mark. What is UTF-8 passes as it comes. Half a
 * character at the end, or where none can be, becomes U+FFFD.
 */
export async function* utf8(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
	let head: Uint8Array = Buffer.alloc(0);
	let decoder: TextDecoder | undefined;
	let known = false;
	for await (const chunk of body) {
		if (known) {
			yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
			continue;
		}
		head = head.length ? Buffer.concat([head, chunk]) : chunk;
		if (head.length < 3) continue;
		known = true;
		decoder = marked(head);
		yield decoder ? Buffer.from(decoder.decode(head, { stream: true })) : unmarked(head);
	}
	if (!known) decoder = marked(head);
	if (decoder) yield Buffer.from(decoder.decode(known ? undefined : head));
	else if (!known && head.length) yield head;
}

const marked = (head: Uint8Array): TextDecoder | undefined =>
	head[0] === 0xff && head[1] === 0xfe
		? new TextDecoder('utf-16le')
		: head[0] === 0xfe && head[1] === 0xff
			? new TextDecoder('utf-16be')
			: undefined;

const unmarked = (head: Uint8Array): Uint8Array =>
	head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head;

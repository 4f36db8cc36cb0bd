import { json, type RequestHandler } from '@sveltejs/kit';
import { createGunzip } from 'node:zlib';
import { Readable, pipeline } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { forbidden, Problem, unauthenticated } from '$lib/core/error';
import { problem } from '../../../problem';

/** Takes a delivery of the source that the token belongs to, and answers after its commit. */
export const POST: RequestHandler = async (event) => {
	const { request, locals, params, url } = event;
	try {
		if (!locals.grant) throw unauthenticated();
		if (locals.grant.kind !== 'source' || locals.grant.slug !== params.source)
			throw forbidden('This token may not deliver to this source.');
		const { WATCHFLOOR_MAX_BODY: most, WATCHFLOOR_MAX_DECODED: mostDecoded } = locals.app.config;
		if (Number(request.headers.get('content-length')) > most) throw tooLarge(most, 'WATCHFLOOR_MAX_BODY');
		const coding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
		if (!['identity', 'gzip', 'x-gzip'].includes(coding))
			throw new Problem(
				'unknown_coding',
				415,
				`The content coding "${coding.slice(0, 40)}" is not known; send it plain or with gzip.`
			);
		const sent = limited(request.body ?? new Response('').body!, most, 'WATCHFLOOR_MAX_BODY');
		const bytes = coding === 'identity' ? sent : limited(unzip(sent), mostDecoded, 'WATCHFLOOR_MAX_DECODED');
		const received = request.headers.get('x-exercise-received');
		const delivery = await locals.app.ingest.deliver(locals.grant.sourceId, {
			bytes,
			contentType: request.headers.get('content-type') ?? '',
			format: url.searchParams.get('format') || undefined,
			filename: url.searchParams.get('filename')?.slice(0, LONGEST) || undefined,
			received: received && !Number.isNaN(Date.parse(received)) ? new Date(received) : undefined
		});
		return json(delivery);
	} catch (e) {
		if (e instanceof Problem) locals.app.metrics.refused.inc({ code: e.code });
		return problem(e, event);
	}
};

/** Characters of a file's name at the most. */
const LONGEST = 255;

const tooLarge = (limit: number, setting: string) =>
	new Problem('too_large', 413, `The body has more than ${limit} bytes (${setting}); send it in parts.`, { limit });

/** Hands on at most `limit` bytes. */
async function* limited(
	body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | globalThis.ReadableStream<Uint8Array>,
	limit: number,
	setting: string
): AsyncIterable<Uint8Array> {
	let bytes = 0;
	for await (const chunk of body as AsyncIterable<Uint8Array>) {
		bytes += chunk.byteLength;
		if (bytes > limit) throw tooLarge(limit, setting);
		yield chunk;
	}
}

async function* unzip(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
	const gunzip = createGunzip();
	// What goes wrong before it is told by the iteration below, which ends with the same error.
	pipeline(Readable.from(body), gunzip, () => {});
	try {
		for await (const chunk of gunzip) yield chunk as Uint8Array;
	} catch (e) {
		if (e instanceof Error && 'code' in e && String(e.code).startsWith('Z_'))
			throw new Problem('broken_envelope', 400, `The body is not gzip as a whole: ${e.message}.`);
		throw e;
	}
}

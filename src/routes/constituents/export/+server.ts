import { Readable } from 'node:stream';
import * as constituent from '$lib/server/store/constituent';
import { enter } from '../../desk';
import type { RequestHandler } from './$types';

/** All constituents that the viewer may see, as a table to keep or to correct and import again. */
export const GET: RequestHandler = (event) => {
	const { app, viewer } = enter(event, 'constituent.read');
	const body = Readable.toWeb(Readable.from(constituent.exportCsv(app.client, viewer))) as ReadableStream<string>;
	const name = `${app.mode === 'exercise' ? 'EXERCISE-' : ''}constituents.csv`;
	return new Response(body.pipeThrough(new TextEncoderStream()), {
		headers: {
			'content-type': 'text/csv; charset=utf-8; header=present',
			'content-disposition': `attachment; filename="${name}"`
		}
	});
};

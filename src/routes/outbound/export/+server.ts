import { Readable } from 'node:stream';
import { csv } from '$lib/server/share/outbound';
import { enter } from '../../desk';
import { filter, rule } from '../filter';
import type { RequestHandler } from './$types';

/** What the page shows with its filters, all pages of it, as a table to keep. */
export const GET: RequestHandler = (event) => {
	const { app, viewer } = enter(event, 'outbound.read');
	const exercise = app.mode === 'exercise';
	const rows = csv(app.client, viewer, exercise, rule(app), filter(event.url.searchParams, app).filter);
	const body = Readable.toWeb(Readable.from(rows)) as ReadableStream<string>;
	return new Response(body.pipeThrough(new TextEncoderStream()), {
		headers: {
			'content-type': 'text/csv; charset=utf-8; header=present',
			'content-disposition': `attachment; filename="${exercise ? 'EXERCISE-' : ''}outbound.csv"`
		}
	});
};

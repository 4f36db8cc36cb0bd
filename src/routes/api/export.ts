import { Readable } from 'node:stream';
import type { RequestEvent } from '@sveltejs/kit';
import * as exporting from '$lib/server/share/export';
import type { Slice } from '$lib/server/store/observation';
import { Exported } from '$lib/wire/query';
import { known, query, seconds, viewer } from './viewer';

/** The observations of a slice as a file, for a person or a program. @throws Problem */
export async function answer(event: RequestEvent): Promise<Response> {
	const who = viewer(event, 'observation.read');
	const { app } = event.locals;
	const { from, to, format, ...asked } = query(event.url, Exported);
	const made = await exporting.open(
		app.client,
		who,
		format,
		{ ...known(asked, app), from: from && seconds(from), to: to && seconds(to) } as Slice,
		{
			exercise: app.mode === 'exercise',
			most: app.config.WATCHFLOOR_MAX_EXPORT,
			patience: app.config.WATCHFLOOR_SEARCH_TIMEOUT,
			boundary: app.boundary,
			provinces: app.reference.provinces
		}
	);
	const body = Readable.toWeb(Readable.from(made.body)) as ReadableStream<string>;
	return new Response(body.pipeThrough(new TextEncoderStream()), {
		headers: {
			'content-type': made.type,
			'content-disposition': `attachment; filename="${made.name}"`,
			'cache-control': 'no-store'
		}
	});
}

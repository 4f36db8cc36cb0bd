import * as share from '$lib/server/share/brief';
import { enter, read } from '../../desk';
import { read as asked } from '../against';
import * as brief from '../brief';
import type { RequestHandler } from './$types';

/** The posture page on one page of A4, made by the server; `?against=` as on the page. */
export const GET: RequestHandler = async (event) => {
	const { app, viewer } = enter(event, 'picture.read');
	const made = await read(brief.read(app, viewer, asked(event.url)));
	return new Response(await share.pdf(made), {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `attachment; filename="${brief.file(made)}"`,
			'cache-control': 'private, no-store'
		}
	});
};

import type { RequestHandler } from '@sveltejs/kit';
import { invalid } from '$lib/core/error';
import * as share from '$lib/server/share/brief';
import { AGAINST, read as asked } from '../../../../posture/against';
import * as brief from '../../../../posture/brief';
import { problem } from '../../../problem';
import { viewer } from '../../../viewer';

/** The posture on one page of A4 as PDF, as the viewer may see it; `against` day (unless told otherwise), week or month. */
export const GET: RequestHandler = async (event) => {
	try {
		const who = viewer(event, 'picture.read');
		const against = event.url.searchParams.get('against');
		if (against !== null && !(AGAINST as readonly string[]).includes(against))
			throw invalid(`against: is none of ${AGAINST.join(', ')}.`, { path: 'against' });
		const made = await brief.read(event.locals.app, who, asked(event.url));
		return new Response(await share.pdf(made), {
			headers: {
				'content-type': 'application/pdf',
				'content-disposition': `attachment; filename="${brief.file(made)}"`,
				'cache-control': 'private, no-store'
			}
		});
	} catch (e) {
		return problem(e, event);
	}
};

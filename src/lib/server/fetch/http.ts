import { unpacked, limited } from './bytes';
import { filename, own, text, type Fetcher } from './fetcher';
import { show } from './words';

/** Any file over HTTPS: a list, a report, a bundle. It is asked for with what the server said of the last one. */
export const http: Fetcher = {
	name: 'http',
	options: ['user', 'header'],
	async *run({ url, web, cursor, size }) {
		const since = { etag: text(own(cursor, 'etag')), modified: text(own(cursor, 'modified')) };
		const answer = await web.get(url, { since });
		if (!answer) return;
		yield {
			body: {
				bytes: limited(unpacked(answer.bytes), size, show(answer.url), 'WATCHFLOOR_FETCH_SIZE'),
				contentType: answer.header('content-type') ?? '',
				filename: named(answer.header('content-disposition')) ?? filename(answer.url)?.replace(/\.gz$/i, '')
			},
			cursor: { ...answer.validators }
		};
	}
};

/** The name of the file that the server states; it tells a format something, and is never a path. */
function named(disposition: string | undefined): string | undefined {
	const [, quoted, plain] = /\bfilename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition ?? '') ?? [];
	return (quoted ?? plain)?.split(/[\\/]/).at(-1)?.slice(0, 255).replace(/\.gz$/i, '') || undefined;
}

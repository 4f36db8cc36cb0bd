import { one } from './bytes';
import { documents } from './csaf/listing';
import { filename, type Fetcher } from './fetcher';
import { isGone, isLarge, show } from './words';

/**
 * Advisories of a CSAF provider, by its provider-metadata.json, or by a ROLIE feed or a directory of it: those that are
 * new or have changed since they were delivered, the oldest change first. A listed document that is not there does not
 * stop the others, and is asked for again.
 */
export const csaf: Fetcher = {
	name: 'csaf',
	format: 'csaf',
	options: ['user', 'header'],
	async *run(visit) {
		const { web, stamps, note } = visit;
		for (const { url, stamp } of await documents(visit)) {
			const item = show(url);
			const done = stamps.get(item);
			if (done !== undefined && (done === stamp || Date.parse(done) >= Date.parse(stamp))) continue;
			try {
				const document = await web.json(url);
				yield {
					body: { bytes: one(document!.raw), contentType: 'application/json', filename: filename(url) },
					mark: { item, stamp }
				};
			} catch (e) {
				if (!isGone(e) && !isLarge(e)) throw e;
				note(e.message);
			}
		}
	}
};

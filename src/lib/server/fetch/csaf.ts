import { one } from './bytes';
import { documents } from './csaf/listing';
import { filename, key, own, text, type Fetcher } from './fetcher';
import type { Validators } from './web';
import { isGone, isLarge } from './words';

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
			const item = key(url.href);
			const done = stamps.get(item);
			if (done !== undefined && stamp && (done === stamp || Date.parse(done) >= Date.parse(stamp))) continue;
			const since = stamp || done === undefined ? {} : validators(done);
			// Where neither the listing nor the server tells of changes, what was delivered is done.
			if (done !== undefined && !stamp && !since.etag && !since.modified) continue;
			try {
				const document = await web.json(url, { since });
				if (document)
					yield {
						body: { bytes: one(document.raw), contentType: 'application/json', filename: filename(url) },
						mark: { item, stamp: stamp || JSON.stringify(document.validators) }
					};
			} catch (e) {
				if (!isGone(e) && !isLarge(e)) throw e;
				note(e.message);
				yield {};
			}
		}
	}
};

/** What the server said of a document whose listing tells no times, as it was remembered. */
function validators(stamp: string): Validators {
	try {
		const said: unknown = JSON.parse(stamp);
		return { etag: text(own(said, 'etag')), modified: text(own(said, 'modified')) };
	} catch {
		return {};
	}
}

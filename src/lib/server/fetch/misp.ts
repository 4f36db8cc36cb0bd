import { Problem } from '$lib/core/error';
import { one } from './bytes';
import { filename, own, text, type Fetcher, type Visit } from './fetcher';
import { isGone, isLarge, show } from './words';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A feed of MISP: its manifest lists events, and those that are new or have a later timestamp than what was delivered
 * are fetched, the oldest change first. Listed events that are not there do not stop the others, and are asked for
 * again. The address of a single event is fetched as that.
 */
export const misp: Fetcher = {
	name: 'misp',
	format: 'misp',
	options: ['user', 'header'],
	async *run(visit) {
		const { url, web, stamps, note } = visit;
		if (/\.json$/i.test(url.pathname) && !/\/manifest\.json$/i.test(url.pathname)) return yield* single(visit);
		const manifest = at(url, 'manifest.json');
		const since = { etag: text(own(visit.cursor, 'etag')), modified: text(own(visit.cursor, 'modified')) };
		const listed = await web.json(manifest, { since });
		if (!listed) return;
		let whole = true;
		for (const { uuid, name, stamp } of entries(listed.value, listed.url)) {
			const done = stamps.get(uuid);
			if (done !== undefined && Number(done) >= Number(stamp)) continue;
			try {
				const event = await web.json(at(url, `${name}.json`));
				yield {
					body: { bytes: one(event!.raw), contentType: 'application/json', filename: `${name}.json` },
					mark: { item: uuid, stamp }
				};
			} catch (e) {
				if (!isGone(e) && !isLarge(e)) throw e;
				note(e.message);
				whole = false;
				yield {};
			}
		}
		// Until every event was there, the manifest is read again although it is the same.
		yield { cursor: whole ? { ...listed.validators } : {} };
	}
};

async function* single({ url, web, cursor }: Visit): ReturnType<Fetcher['run']> {
	const since = { etag: text(own(cursor, 'etag')), modified: text(own(cursor, 'modified')) };
	const event = await web.json(url, { since });
	if (event)
		yield {
			body: { bytes: one(event.raw), contentType: 'application/json', filename: filename(url) },
			cursor: { ...event.validators }
		};
}

/** A file of the feed's folder, with the query of the feed's address. */
function at(url: URL, name: string): URL {
	const folder = url.pathname.replace(/[^/]*$/, (last) => (/\.json$/i.test(last) || !last ? '' : `${last}/`));
	return Object.assign(new URL(url), { pathname: `${folder}${name}` });
}

/** `name`: as the manifest writes it, which a server may be particular about. */
function entries(value: unknown, url: URL): { uuid: string; name: string; stamp: string }[] {
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		throw new Problem('fetch', 502, `What ${show(url)} answers is no manifest of MISP.`);
	return Object.entries(value)
		.filter(([name]) => UUID.test(name))
		.map(([name, entry]) => ({ uuid: name.toLowerCase(), name, stamp: String(Number(own(entry, 'timestamp')) || 0) }))
		.sort((a, b) => Number(a.stamp) - Number(b.stamp));
}

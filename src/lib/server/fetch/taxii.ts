import { createHash } from 'node:crypto';
import { isProblem, Problem } from '$lib/core/error';
import { one } from './bytes';
import { list, own, text, type Fetcher, type Step } from './fetcher';
import { find } from './taxii/collection';
import { show } from './words';

const ACCEPT = 'application/taxii+json;version=2.1';
/** Objects of a page that are asked for, and at the most when a server leaves no other way on. */
const PAGE = 1000;
const LARGEST = 64_000;
/** Characters of a server's word for its next page. */
const LONGEST = 4000;
/** Milliseconds by which a sweep of a server that tells no times overlaps the one before it. */
const OVERLAP = 300_000;

/**
 * Where a sweep through a collection is.
 * - `objects`: the address of the collection's objects
 * - `added`: what is asked for was added after this
 * - `next`: the server's own word for the next page of this sweep
 * - `last`: when the last object of the pages so far was added
 * - `began`: when the sweep began, by the server's clock
 * - `digest`: of the answer, when the last sweep was a single page
 */
type Place = { objects: string; added?: string; next?: string; last?: string; began?: string; digest?: string };

/**
 * A collection of TAXII 2.1, page by page. Many objects may have been added in one and the same moment, and more may
 * follow in that moment: so pages are turned by `next`, and the next sweep begins a millisecond before the last
 * object of this one. What comes twice counts once.
 */
export const taxii: Fetcher = {
	name: 'taxii',
	format: 'stix',
	options: ['collection', 'user', 'header'],
	async *run(visit) {
		const { web, note } = visit;
		let place = read(visit.cursor) ?? { objects: (await find(visit)).href };
		const before = place.next ? undefined : place.digest;
		const turned = new Set<string>();
		let limit = PAGE;
		let alone = place.next === undefined && place.last === undefined;
		for (;;) {
			const url = page(place, limit, visit.url);
			const answer = await web.json(url, { accept: ACCEPT }).catch((e: unknown) => {
				// A server forgets its pages: then the sweep goes on from the last moment that it told.
				if (place.next && !turned.size && isProblem(e) && refused.has(Number(e.detail.status))) return null;
				throw e;
			});
			if (answer === null) {
				place = { objects: place.objects, added: place.last ? just(place.last) : place.added };
				continue;
			}
			if (!answer) return;
			const objects = own(answer.value, 'objects');
			if (
				typeof answer.value !== 'object' ||
				answer.value === null ||
				(objects !== undefined && !Array.isArray(objects))
			)
				throw new Problem('fetch', 502, `What ${show(answer.url)} answers is no envelope of TAXII 2.1.`);
			const count = list(objects).length;
			const last = later(place.last, time(answer.header('x-taxii-date-added-last')));
			const began = place.began ?? time(answer.header('date')) ?? new Date().toISOString();
			const body: Step['body'] = count ? { bytes: one(answer.raw), contentType: ACCEPT } : undefined;
			if (own(answer.value, 'more') !== true) {
				const digest = alone ? createHash('sha256').update(answer.raw).digest('hex') : undefined;
				const from = last ?? (count ? new Date(Date.parse(began) - OVERLAP).toISOString() : undefined);
				place = { objects: place.objects, added: from ? just(from) : place.added, digest };
				yield { body: digest !== undefined && digest === before ? undefined : body, cursor: written(place) };
				return;
			}
			alone = false;
			const next = text(own(answer.value, 'next'));
			if (next !== undefined) {
				// It is kept and goes into an address: one that does not fit there would be asked for again and again.
				if (next.length > LONGEST)
					throw new Problem('fetch', 502, `${show(url)} names its next page with more than ${LONGEST} characters.`);
				if (turned.has(next)) throw new Problem('fetch', 502, `The pages of ${show(url)} go round in a circle.`);
				turned.add(next);
				place = { ...place, next, last, began };
			} else {
				if (!last) throw new Problem('fetch', 502, `${show(url)} has more and does not say how to ask for it.`);
				const on = just(last);
				if (!place.added || Date.parse(on) > Date.parse(place.added)) {
					place = { objects: place.objects, added: on, last, began };
					limit = PAGE;
				} else if (count >= limit && limit < LARGEST) limit *= 2;
				else {
					note(`More objects were added at ${last} than the server gives at once; some may be missing.`);
					place = { objects: place.objects, added: last, last, began };
					limit = PAGE;
				}
			}
			yield { body, cursor: written(place) };
		}
	}
};

/** Statuses by which a page that was there before is refused. */
const refused = new Set([400, 404, 410, 422]);

function page({ objects, added, next }: Place, limit: number, from: URL): URL {
	const url = new URL(objects);
	if (url.origin === from.origin) for (const [name, value] of from.searchParams) url.searchParams.set(name, value);
	if (added) url.searchParams.set('added_after', added);
	url.searchParams.set('limit', String(limit));
	if (next) url.searchParams.set('next', next);
	return url;
}

/** What was committed, if it is a place at all. */
function read(cursor: unknown): Place | undefined {
	const of = (name: keyof Place) => text(own(cursor, name));
	const objects = of('objects');
	return objects
		? { objects, added: of('added'), next: of('next'), last: of('last'), began: of('began'), digest: of('digest') }
		: undefined;
}

const written = (place: Place): Record<string, string> =>
	Object.fromEntries(Object.entries(place).filter(([, v]) => v !== undefined));

/** The time as it is, if it is one: it may have six digits of a second, so it is kept as text. */
const time = (header: string | undefined): string | undefined => {
	const at = header?.trim();
	if (!at || Number.isNaN(Date.parse(at))) return undefined;
	return /^\d{4}-/.test(at) ? at : new Date(at).toISOString();
};

const later = (a: string | undefined, b: string | undefined) => (a && (!b || Date.parse(a) > Date.parse(b)) ? a : b);

/** Just before a time, so that "after it" takes it in. */
const just = (at: string): string => new Date(Date.parse(at) - 1).toISOString();

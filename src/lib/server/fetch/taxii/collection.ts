import { invalid, Problem } from '$lib/core/error';
import { list, own, text, type Visit } from '../fetcher';
import { show } from '../words';

const ACCEPT = 'application/taxii+json;version=2.1';
type Collection = { id: string; title: string; alias?: string; readable: boolean; root: URL };

/**
 * The address of the objects of the collection that is meant. The address of the source may be that of the server
 * (discovery), of an API root, of a collection, or of its objects.
 * @throws Problem that names the collections there are, when it is not clear which
 */
export async function find({ url, web, settings }: Visit): Promise<URL> {
	const [, collection] = /^(.*\/collections\/[^/]+\/)(?:objects\/?)?$/.exec(slashed(url).pathname) ?? [];
	if (collection) return Object.assign(new URL(url), { pathname: `${collection}objects/`, search: '' });
	const top = await web.json(slashed(url), { accept: ACCEPT });
	const roots = list(own(top?.value, 'api_roots')).flatMap((r) => text(r) ?? []);
	const first = text(own(top?.value, 'default'));
	const all = [...new Set([...(first ? [first] : []), ...roots])].filter((r) => URL.canParse(r, url));
	const collections: Collection[] = [];
	let problem: unknown;
	for (const root of all.length ? all.map((r) => slashed(new URL(r, url))) : [slashed(url)])
		try {
			const answer = await web.json(new URL('collections/', root), { accept: ACCEPT });
			for (const c of list(own(answer?.value, 'collections'))) {
				const id = text(own(c, 'id'));
				if (id)
					collections.push({
						id,
						title: text(own(c, 'title')) ?? '',
						alias: text(own(c, 'alias')),
						readable: own(c, 'can_read') !== false,
						root
					});
			}
		} catch (e) {
			problem ??= e; // one API root that is closed to us says nothing of the others
		}
	if (!collections.length)
		throw problem ?? new Problem('fetch', 502, `${show(url)} lists no collections of TAXII 2.1.`);
	const { collection: wanted } = settings;
	const fit = collections.filter((c) => (wanted ? [c.id, c.alias, c.title].includes(wanted) : c.readable));
	if (!fit.length || (fit.length > 1 && !wanted))
		throw invalid(
			`${wanted ? `There is no collection "${wanted.slice(0, 100)}"` : fit.length ? 'There are several collections' : 'No collection may be read'} at ${show(url)}. Choose with --collection: ${named(collections)}.`
		);
	const [chosen] = fit;
	if (!chosen!.readable) throw invalid(`The collection ${chosen!.id} may be written and not be read.`);
	return new URL(`collections/${encodeURIComponent(chosen!.id)}/objects/`, chosen!.root);
}

const slashed = (url: URL): URL =>
	url.pathname.endsWith('/') ? url : Object.assign(new URL(url), { pathname: `${url.pathname}/` });

const named = (collections: Collection[]): string =>
	collections
		.filter((c) => c.readable)
		.slice(0, 10)
		.map((c) => `${c.id.slice(0, 100)} (${c.title.slice(0, 60)})`)
		.join(', ') || 'none';

import { parse } from 'csv-parse/sync';
import { invalid, Problem } from '$lib/core/error';
import { limited, whole } from '../bytes';
import { list, own, text, type Visit } from '../fetcher';
import type { Web } from '../web';
import { isGone, show } from '../words';

/** An advisory that a provider lists; `stamp` is when it was changed, or empty where a listing does not tell. */
export type Listed = { url: URL; stamp: string };

/** Labels of what everybody may have. */
const OPEN = new Set(['WHITE', 'CLEAR']);
const CLOSED = /\/(green|amber(\+strict)?|red)\//i;

/**
 * The documents that a provider lists, the oldest change first; of those that are not for everybody only if we ask as
 * somebody.
 * @throws Problem when the address is of nothing that lists advisories
 */
export async function documents({ url, web, known, note }: Visit): Promise<Listed[]> {
	const out = new Map<string, Listed>();
	const take = (found: Listed[]) => {
		for (const d of found) if (!out.has(d.url.href) || out.get(d.url.href)!.stamp < d.stamp) out.set(d.url.href, d);
	};
	if (url.pathname.endsWith('/')) take(await directory(url, web, known, note));
	else {
		const top = (await web.json(url))!;
		if (own(top.value, 'feed')) take(feed(top.value, top.url, known));
		else {
			const { feeds, folders } = distributions(top.value, top.url, known);
			if (!feeds.length && !folders.length)
				throw invalid(
					`${show(url)} names no feed and no directory of CSAF${known ? '' : ' for everybody (TLP:WHITE); others need a user or a token'}.`
				);
			const read = async (from: URL) => {
				if (!feeds.length) return directory(from, web, known, note);
				const answer = (await web.json(from))!;
				return feed(answer.value, answer.url, known);
			};
			// Both lead to the same documents; a feed tells more.
			const parts = feeds.length ? feeds : folders;
			const gone: Problem[] = [];
			for (const part of parts)
				try {
					take(await read(part));
				} catch (e) {
					if (!isGone(e)) throw e;
					gone.push(e);
				}
			if (gone.length === parts.length) throw gone[0]!;
			for (const e of gone) note(e.message);
		}
	}
	return [...out.values()].sort((a, b) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0));
}

function distributions(metadata: unknown, base: URL, known: boolean): { feeds: URL[]; folders: URL[] } {
	const all = list(own(metadata, 'distributions'));
	const feeds = all
		.flatMap((d) => list(own(own(d, 'rolie'), 'feeds')))
		.filter((f) => known || OPEN.has(String(own(f, 'tlp_label')).toUpperCase()))
		.flatMap((f) => address(own(f, 'url'), base));
	const folders = all
		.flatMap((d) => address(own(d, 'directory_url'), base))
		.map((u) => (u.pathname.endsWith('/') ? u : Object.assign(u, { pathname: `${u.pathname}/` })))
		.filter((u) => known || !CLOSED.test(u.pathname));
	return { feeds, folders };
}

/** The entries of a ROLIE feed. */
function feed(value: unknown, base: URL, known: boolean): Listed[] {
	return list(own(own(value, 'feed'), 'entry')).flatMap((entry) => {
		const self = list(own(entry, 'link')).find((l) => own(l, 'rel') === 'self');
		const [url] = address(own(own(entry, 'content'), 'src') ?? own(self, 'href'), base);
		if (!url || (!known && CLOSED.test(url.pathname))) return [];
		return [{ url, stamp: time(own(entry, 'updated') ?? own(entry, 'published')) }];
	});
}

/** What a directory lists in changes.csv, with times, or in index.txt, without. */
async function directory(folder: URL, web: Web, known: boolean, note: (text: string) => void): Promise<Listed[]> {
	const read = async (name: string) => {
		const answer = (await web.get(new URL(name, folder)))!;
		return (
			await whole(limited(answer.bytes, web.limits.document, show(answer.url), 'WATCHFLOOR_MAX_DOCUMENT'))
		).toString('utf8');
	};
	const rows = await read('changes.csv').then(
		(csv) => {
			try {
				return parse(csv, { bom: true, relax_column_count: true, skip_empty_lines: true, trim: true }) as string[][];
			} catch {
				throw new Problem('fetch', 502, `${show(new URL('changes.csv', folder))} is no CSV.`);
			}
		},
		async (e: unknown) => {
			if (!isGone(e)) throw e;
			return (await read('index.txt')).split(/\r?\n/).map((line) => [line.trim()]);
		}
	);
	return rows.flatMap(([path, at]) => {
		if (!path || !/\.json$/i.test(path)) return [];
		const url = within(folder, path);
		if (!url) note(`${show(folder)} lists what lies outside of it.`);
		return url && (known || !CLOSED.test(url.pathname)) ? [{ url, stamp: time(at) }] : [];
	});
}

/** A listed path below its folder. Some providers repeat the end of the folder's own path in it. */
function within(folder: URL, path: string): URL | undefined {
	const own = folder.pathname.split('/').filter(Boolean);
	const parts = path.split('/');
	for (let n = Math.min(own.length, parts.length - 1); n >= 2; n--)
		if (own.slice(-n).join('/') === parts.slice(0, n).join('/')) {
			parts.splice(0, n);
			break;
		}
	const relative = parts.join('/');
	if (/^[a-z][a-z0-9+.-]*:|^\/|\\/i.test(relative) || !URL.canParse(relative, folder)) return undefined;
	const url = new URL(relative, folder);
	return url.origin === folder.origin && url.pathname.startsWith(folder.pathname) ? url : undefined;
}

const address = (value: unknown, base: URL): URL[] => {
	const href = text(value);
	return href && URL.canParse(href, base) ? [new URL(href, base)] : [];
};

/** A time in one form, so that two of them compare as text; what is none is empty. */
function time(value: unknown): string {
	const at = Date.parse(String(value));
	return Number.isNaN(at) ? '' : new Date(at).toISOString();
}

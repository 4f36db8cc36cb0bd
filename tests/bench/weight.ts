import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { whole, type Figure } from './figure';

/** The route with a budget, and its bytes. */
const LIMITED = '/wall';
const LIMIT = 180_000;
const BUILD = dirname(process.argv[1]!);
const CLIENT = join(BUILD, 'client');

type Manifest = {
	_: {
		client: { imports: string[] };
		routes: { id: string; page: { layouts: (number | undefined)[]; leaf: number } | null }[];
	};
};
type Size = { gzip: number; brotli: number; count: number };

/**
 * The JavaScript of each route: what its page names in its header Link (SvelteKit's own list, from its manifest), and
 * whatever those files import, at once or later. What the entry could load for other pages does not count.
 */
export async function run(): Promise<Figure[]> {
	const chunks = join(BUILD, 'server', 'chunks');
	const file = readdirSync(chunks).find((name) => /^manifest\.js-[\w-]+\.js$/.test(name));
	if (!file) throw new Error('The build has no manifest.');
	const { m } = (await import(pathToFileURL(join(chunks, file)).href)) as { m: Manifest };
	// A node is read, not run: with its imports would come the server's code.
	const nodes = [...readFileSync(join(chunks, file), 'utf8').matchAll(/import\('(\.\/nodes\/[^']+)'\)/g)].map(
		([, path]) => {
			const list = /const imports = (\[[^\]]*\])/.exec(readFileSync(join(chunks, path!), 'utf8'));
			if (!list) throw new Error(`${path} does not say what it imports.`);
			return JSON.parse(list[1]!) as string[];
		}
	);
	const figures: Figure[] = [];
	for (const { id, page } of m._.routes) {
		if (!page) continue;
		const first = [
			...m._.client.imports,
			...[...page.layouts, page.leaf].flatMap((n) => (n === undefined ? [] : nodes[n]!))
		];
		const [once, all] = [closure(first, false), closure(first, true)].map((files) => ({ files, ...size(files) }));
		const limited = id === LIMITED;
		figures.push({
			part: 'js',
			what: `JavaScript of ${id}${limited ? `, all ${all!.count} files` : ''}`,
			figure: `${kB(all!)}; at once ${whole(once!.gzip / 1000)} kB gzip`,
			budget: limited ? '≤ 180 kB' : undefined,
			met: limited ? all!.gzip <= LIMIT : undefined,
			numbers: { once: { ...once, files: [...once!.files] }, all: { ...all, files: [...all!.files] } }
		});
	}
	return figures.sort((a, b) => Number(b.met !== undefined) - Number(a.met !== undefined));
}

/** Files below the client's folder that are needed, beginning with `first`. */
function closure(first: string[], later: boolean): Set<string> {
	const files = new Set<string>();
	const visit = (path: string): void => {
		if (files.has(path)) return;
		files.add(path);
		const text = read(path).toString();
		const named = [...text.matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)];
		// The entries know all pages of the product.
		if (later && !path.includes('/entry/')) named.push(...text.matchAll(/import\(\s*["'`](\.[^"'`]+\.js)["'`]\s*\)/g));
		for (const [, to] of named) visit(posix.join(posix.dirname(path), to!));
	};
	first.forEach(visit);
	return files;
}

const read = (path: string): Buffer => readFileSync(join(CLIENT, path));
const kB = ({ gzip, brotli }: Size): string => `${whole(gzip / 1000)} kB gzip, ${whole(brotli / 1000)} kB brotli`;

const sizes = new Map<string, Omit<Size, 'count'>>();
function size(files: Set<string>): Size {
	const sum = { gzip: 0, brotli: 0, count: files.size };
	for (const path of files) {
		let one = sizes.get(path);
		if (!one) {
			const bytes = read(path);
			one = { gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
			sizes.set(path, one);
		}
		sum.gzip += one.gzip;
		sum.brotli += one.brotli;
	}
	return sum;
}

import { brotliCompressSync, gzipSync } from 'node:zlib';
import { whole, type Figure } from './figure';
import type { Options } from './main';
import * as machine from './machine';

const LIMIT = 180_000;

/**
 * The JavaScript of the wall: every file that its page names, and whatever those import, at once or later. What the
 * entry could load for other pages does not count.
 */
export async function run(options: Options): Promise<Figure[]> {
	const server = await machine.open({}, options.flags);
	try {
		const token = await server.token('wall', 'red', 'wall');
		const entered = await fetch(`${server.base}/login?/token`, {
			method: 'POST',
			body: new URLSearchParams({ token }),
			headers: { origin: server.base },
			redirect: 'manual'
		});
		const cookie = entered.headers
			.getSetCookie()
			.map((c) => c.split(';')[0])
			.join('; ');
		const page = await fetch(`${server.base}/wall`, { headers: { cookie }, redirect: 'manual' });
		const html = await page.text();
		if (page.status !== 200) throw new Error(`/wall is answered ${page.status}`);
		const files = new Map<string, Buffer>();
		const visit = async (path: string, later: boolean): Promise<void> => {
			if (files.has(path)) return;
			const res = await fetch(server.base + path);
			if (!res.ok) throw new Error(`${path} is answered ${res.status}`);
			const bytes = Buffer.from(await res.arrayBuffer());
			files.set(path, bytes);
			const text = bytes.toString();
			const named = [...text.matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)];
			// The entries know all pages of the product.
			if (later && !path.includes('/entry/'))
				named.push(...text.matchAll(/import\(\s*["'`](\.[^"'`]+\.js)["'`]\s*\)/g));
			for (const [, to] of named) await visit(new URL(to!, server.base + path).pathname, later);
		};
		// The page imports its entries; what they and the page need is named in the header Link.
		const entries = [...html.matchAll(/import\("([^"]+\.js)"\)/g)].map((m) => m[1]!);
		const linked = [...(page.headers.get('link') ?? '').matchAll(/<([^>]+\.js)>; *rel="modulepreload"/g)].map(
			(m) => m[1]!
		);
		const first = [...entries, ...linked].map((path) => new URL(path, `${server.base}/wall`).pathname);
		if (!linked.length) throw new Error('The page of the wall names no script.');
		for (const path of first) await visit(path, false);
		const early = size(files);
		const kept = [...files.keys()];
		files.clear();
		for (const path of kept) await visit(path, true);
		const all = size(files);
		const figure = (what: string, { gzip, brotli, count }: typeof all): Figure => ({
			part: 'js',
			what: `JavaScript of the wall, ${what}, ${count} files`,
			figure: `${whole(gzip / 1000)} kB gzip, ${whole(brotli / 1000)} kB brotli`,
			budget: '≤ 180 kB',
			met: gzip <= LIMIT,
			numbers: {
				gzip,
				brotli,
				files: [...files].map(([name, bytes]) => ({ name, bytes: bytes.length, gzip: gzipSync(bytes).length }))
			}
		});
		return [figure('at once', early), figure('with what it imports later', all)];
	} finally {
		await server.close();
	}
}

function size(files: Map<string, Buffer>): { gzip: number; brotli: number; count: number } {
	let [gzip, brotli] = [0, 0];
	for (const bytes of files.values()) {
		gzip += gzipSync(bytes, { level: 9 }).length;
		brotli += brotliCompressSync(bytes).length;
	}
	return { gzip, brotli, count: files.size };
}

import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { isProblem, Problem } from '$lib/core/error';
import { limited, unpacked, type Bytes } from './bytes';
import { key, type Fetcher, type Step, type Visit } from './fetcher';

/** Seconds that a file has not changed when it is taken as complete, unless the source says otherwise. */
const SETTLE = 10;
/** Folders within folders. */
const DEPTH = 8;
/** Names of files that somebody is still writing. */
const UNFINISHED = /^\.|~$|\.(part|partial|tmp|temp|filepart|crdownload|swp)$/i;

/**
 * Files of a folder, those of folders in it too: each once, by name, size and time of change, when it has not changed
 * for a while. They are only read. A link that leads out of the folder is not followed.
 */
export const folder: Fetcher = {
	name: 'folder',
	options: ['path', 'settle'],
	async *run(visit) {
		const { settings, note } = visit;
		const root = await realpath(settings.path!).catch(() => {
			throw new Problem('fetch', 502, `The folder ${settings.path!} cannot be read.`);
		});
		for (const path of (await files(root, root, visit)).sort()) {
			const item = relative(root, path).split(sep).join('/');
			const step = await take(root, path, item, visit).catch((e: unknown) => {
				if (!isProblem(e) && !(e instanceof Error && 'code' in e)) throw e;
				note(isProblem(e) ? e.message : `${item} cannot be read.`);
				return undefined;
			});
			try {
				if (step) yield step;
			} finally {
				await step?.done();
			}
		}
	}
};

async function files(root: string, dir: string, visit: Visit, depth = 0): Promise<string[]> {
	const entries = await readdir(dir, { withFileTypes: true }).catch(() => {
		if (!depth) throw new Problem('fetch', 502, `The folder ${visit.settings.path!} cannot be read.`);
		visit.note(`The folder ${relative(root, dir)} cannot be read.`);
		return [];
	});
	const out: string[] = [];
	for (const entry of entries) {
		const path = join(dir, entry.name);
		if (UNFINISHED.test(entry.name)) continue;
		if (entry.isDirectory() && depth < DEPTH) out.push(...(await files(root, path, visit, depth + 1)));
		else if (entry.isFile()) out.push(path);
		else if (entry.isSymbolicLink()) {
			const target = await realpath(path).catch(() => '');
			if (!target.startsWith(root + sep)) visit.note(`${relative(root, path)} leads out of the folder.`);
			// What a link inside leads to lies inside, and is taken there.
		}
	}
	return out;
}

/** One file, if it is complete and was not delivered as it is now. */
async function take(
	root: string,
	path: string,
	item: string,
	{ settings, stamps, size }: Visit
): Promise<(Step & { mark: { item: string; stamp: string }; done(): Promise<void> }) | undefined> {
	const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	const stat = () => file.stat({ bigint: true });
	const stamp = (s: Awaited<ReturnType<typeof stat>>) => `${s.size} ${s.mtimeNs}`;
	try {
		// Also a folder on the way may have become a link since it was listed.
		if (!(await realpath(path)).startsWith(root + sep))
			throw new Problem('fetch', 502, `${item} leads out of the folder.`);
		const before = await stat();
		// The time of change of the inode: a copy may set the other one back while it grows, or far ahead.
		const settled = Date.now() - Number(before.ctimeMs) >= (settings.settle ?? SETTLE) * 1000;
		if (!before.isFile() || !settled || stamps.get(key(item)) === stamp(before)) {
			await file.close();
			return undefined;
		}
		const read = async function* (): AsyncGenerator<Uint8Array> {
			yield* file.createReadStream({ autoClose: false }) as Bytes;
			if (stamp(await stat()) !== stamp(before))
				throw new Problem('changed', 502, `${item} changed while it was read; it is read again.`);
		};
		return {
			body: {
				bytes: limited(unpacked(read()), size, item, 'WATCHFLOOR_FETCH_SIZE'),
				contentType: /\.json(\.gz)?$/i.test(item) ? 'application/json' : '',
				filename: basename(path).replace(/\.gz$/i, '').slice(0, 255)
			},
			mark: { item: key(item), stamp: stamp(before) },
			done: () => file.close()
		};
	} catch (e) {
		await file.close().catch(() => {});
		throw e;
	}
}

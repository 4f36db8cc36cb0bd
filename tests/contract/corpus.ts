import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Fault, Format, Item } from '../../src/lib/server/ingest/format';

/** Real files of the formats, which stand beside the project and not in it. */
export const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
export const missing = existsSync(`${CORPUS}manifest.json`) ? undefined : `no corpus at ${CORPUS}`;

export type Entry = { file: string; stats?: Record<string, unknown> };

/** The manifest's entries of the data files in a directory. */
export function entries(directory: string, kind: RegExp): Entry[] {
	if (missing) return [];
	const all = JSON.parse(readFileSync(`${CORPUS}manifest.json`, 'utf8')) as Entry[];
	return all.filter((e) => e.file.startsWith(directory) && kind.test(e.file));
}

export const bytesOf = (file: string): Buffer => readFileSync(CORPUS + file);

/** A body in about `pieces` pieces. */
export async function* pieces(bytes: Uint8Array, count = 1): AsyncIterable<Uint8Array> {
	const size = Math.max(1, Math.ceil(bytes.length / count));
	for (let i = 0; i < bytes.length; i += size) yield Uint8Array.from(bytes.subarray(i, i + size));
}

export async function read(
	format: Format,
	bytes: Uint8Array,
	filename?: string,
	count = 1,
	record = 1024 * 1024
): Promise<Item[]> {
	const out: Item[] = [];
	for await (const items of format.read(pieces(bytes, count), '', { record, document: 64 * record }, filename))
		out.push(...items);
	return out;
}

export const faults = (items: Item[]): Fault[] => items.flatMap((i) => (i.kind === 'fault' ? [i.fault] : []));

/** A stream of numbers below 1 that is the same in every run (mulberry32). */
export function random(seed: number): () => number {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** A record with some of its bytes changed, cut out, doubled, or put in from elsewhere. */
export function mutate(record: Buffer, next: () => number, spice: readonly string[]): Buffer {
	let out = record;
	for (let n = 1 + Math.floor(next() * 3); n > 0; n--) {
		const at = Math.floor(next() * (out.length + 1));
		const to = Math.min(out.length, at + Math.floor(next() * 12));
		const choice = next();
		const middle =
			choice < 0.3
				? Buffer.from([Math.floor(next() * 256)])
				: choice < 0.5
					? Buffer.alloc(0)
					: choice < 0.6
						? Buffer.concat([out.subarray(at, to), out.subarray(at, to)])
						: Buffer.from(spice[Math.floor(next() * spice.length)]!);
		out = Buffer.concat([out.subarray(0, at), middle, out.subarray(choice < 0.3 ? Math.min(out.length, at + 1) : to)]);
	}
	return out;
}

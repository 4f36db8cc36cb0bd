import Papa from 'papaparse';
import { readFileSync, writeFileSync } from 'node:fs';
import { utf8 } from '../../src/lib/server/ingest/encoding';
import type { Item } from '../../src/lib/server/ingest/format';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import type { Sample } from './grow';
import { memory } from './process';
import { serve } from './worker';

type What = { path: string; format: string; filename: string };
/** Bytes of a piece, as they come from a socket; limits of a record and a document, as they are unless set. */
const PIECE = 65_536;
const LIMITS = { record: 1024 * 1024, document: 64 * 1024 * 1024 };

async function* pieces(bytes: Buffer): AsyncIterable<Uint8Array> {
	for (let i = 0; i < bytes.length; i += PIECE) {
		yield Uint8Array.from(bytes.subarray(i, i + PIECE));
		// Sockets let others have their turn.
		await new Promise((next) => setImmediate(next));
	}
}

const items = (bytes: Buffer, { format, filename }: Omit<What, 'path'>): AsyncIterable<Item[]> =>
	FORMATS.get(format)!.read(utf8(pieces(bytes)), '', LIMITS, filename);

/** Seconds of the processor that this process has used, all of its threads. */
function cpu(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}

const verbs = {
	/** Reads the body some times: records, seconds of each time, and the MiB that the process has grown by at the most. */
	read: async ({ path, rounds, ...how }: What & { rounds: number }) => {
		const bytes = readFileSync(path);
		const before = memory(process.pid).now;
		try {
			writeFileSync('/proc/self/clear_refs', '5'); // the peak counts from here (proc(5))
		} catch {
			// It counts from the start of the process then, which can only be more.
		}
		const seconds: number[] = [];
		let rows = 0;
		for (let round = 0; round < rounds; round++) {
			rows = 0;
			const from = cpu();
			for await (const some of items(bytes, how)) rows += some.length;
			seconds.push(cpu() - from);
		}
		return { rows, bytes: bytes.length, seconds, growth: memory(process.pid).peak - before };
	},

	/** What the records are, and how many are accepted by a database that has none of them but the markings, which all copies share. */
	count: async ({ path, ...how }: What) => {
		const kinds: Record<string, number> = {};
		const distinct = new Set<string>();
		for await (const some of items(readFileSync(path), how))
			for (const item of some) {
				const kind = item.kind === 'thing' ? item.thing.kind : item.kind;
				kinds[kind] = (kinds[kind] ?? 0) + 1;
				if (item.kind === 'report') distinct.add(`${item.report.observed} ${item.report.identity}`);
				else if (kind !== 'marking-definition' && item.kind === 'thing')
					distinct.add(`${item.thing.key} ${item.thing.revision}`);
			}
		return { kinds, distinct: distinct.size };
	},

	/** The floor: the same text is parsed, and nothing made of it; seconds of each time. */
	parse: ({ path, shape, rounds }: { path: string; shape: Sample['shape']; rounds: number }) => {
		const text = readFileSync(path, 'utf8');
		const csv = !/^\s*[[{]/.test(text);
		const parts = shape === 'one' ? [text] : text.split(shape === 'lines' ? '\n' : '\n\n').filter(Boolean);
		return Array.from({ length: rounds }, () => {
			const from = cpu();
			for (const part of parts)
				if (csv) Papa.parse(part);
				else JSON.parse(part);
			return cpu() - from;
		});
	}
};

export type Reader = typeof verbs;
export const run = (): void => serve(verbs);

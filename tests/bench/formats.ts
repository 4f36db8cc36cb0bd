import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fixed, median, whole, type Figure } from './figure';
import { SAMPLES, type Sample } from './grow';
import * as machine from './machine';
import type { Options } from './main';
import type { Reader } from './reader';
import * as worker from './worker';

/** Real files, which stand beside the project and not in it. */
const CORPUS = join(dirname(process.argv[1]!), '..', '..', 'shared', 'corpus');
/** As the product is started. */
const FLAGS = ['--max-semi-space-size=32'];

/**
 * How fast each format reads its largest file of the corpus, repeated to some 20 MB with other records each time, and
 * how much memory that takes; then the same through HTTP into a database that has none of it. Reading is in seconds of the processor,
 * so that others do not count; the floor is to parse the same text as JSON or CSV, and do nothing with it.
 */
export async function run(options: Options): Promise<Figure[]> {
	if (!existsSync(join(CORPUS, 'manifest.json')))
		return [{ part: 'formats', what: 'there is no corpus beside the project (../shared/corpus)', figure: 'skipped' }];
	const size = options.quick ? 2_000_000 : 20_000_000;
	const rounds = options.quick ? 1 : 3;
	const dir = mkdtempSync(join(tmpdir(), 'watchfloor-formats-'));
	const figures: Figure[] = [];
	const server = await machine.open({ WATCHFLOOR_KEEP_OBSERVATIONS: '200y' }, [...FLAGS, ...options.flags]);
	try {
		for (const [i, sample] of SAMPLES.entries()) {
			const name = `${sample.format}, ${basename(sample.file)}`;
			const text = readFileSync(join(CORPUS, sample.file), 'utf8');
			const copies = Math.ceil(size / Buffer.byteLength(text));
			const body = (round: number, n = copies) => Buffer.from(sample.grow(text, round * copies, n));
			const path = join(dir, 'body');
			writeFileSync(path, body(0));
			const found = await reading(sample, path, rounds);
			const [rate, floor] = [median(found.rates), median(found.floors)];
			const { rows, bytes, kinds, growth } = found;
			figures.push({
				part: 'formats',
				what: `${name}: read ${fixed(bytes / 1e6)} MB, ${whole(rows)} records`,
				figure: `${whole(rate)} rows/s, ${fixed((rate / rows) * (bytes / 1e6))} MB/s, ${whole(growth)} MiB`,
				floor: `${whole(floor)} rows/s`,
				ratio: fixed(rate / floor, 2),
				numbers: found
			});

			const slug = `bench-${i}`;
			const { token } = await server.cli('source', 'add', slug, '--format', sample.format, '--tlp', 'green');
			const to = { port: server.port, slug, token: String(token), filename: basename(sample.file) };
			await post(to, body(rounds + 1, Math.ceil(copies / 10))); // code that has not run often is not compiled
			const taken: number[] = [];
			for (let round = 0; round < rounds; round++) {
				const bytes = body(round);
				const begun = performance.now();
				const answer = await post(to, bytes);
				taken.push((rows * 1000) / (performance.now() - begun));
				const { accepted, duplicates, quarantined, ignored } = answer;
				if (accepted !== found.distinct || accepted + duplicates + quarantined + ignored !== rows)
					throw new Error(`${name}: of ${rows} records, ${found.distinct} to be accepted: ${JSON.stringify(answer)}`);
			}
			const share = found.distinct / rows;
			figures.push({
				part: 'formats',
				what: `${name}: over HTTP, ${whole(found.distinct)} accepted`,
				figure: `${whole(median(taken) * share)} accepted rows/s${share < 0.9 ? `, ${whole(median(taken))} with the others` : ''}`,
				numbers: { taken, kinds }
			});
			console.error(
				`  ${name}: read ${whole(rate)} rows/s, ${whole(growth)} MiB; over HTTP ${whole(median(taken))} rows/s`
			);
		}
		figures.push({
			part: 'formats',
			what: 'most memory of the server during all of this',
			figure: `${whole(server.memory().peak)} MiB`
		});
	} finally {
		await server.close();
		rmSync(dir, { recursive: true, force: true });
	}
	return figures;
}

/** Reads a body in a process of its own, so that its memory is nobody else's. */
async function reading({ format, file, shape }: Sample, path: string, rounds: number) {
	const reader = worker.open<Reader>('reader', FLAGS);
	try {
		const read = await reader.ask('read', { path, format, filename: basename(file), rounds });
		// Memory has been measured: what follows may use more.
		const floors = await reader.ask('parse', { path, shape, rounds });
		const { rows } = read;
		return {
			...read,
			...(await reader.ask('count', { path, format, filename: basename(file) })),
			rates: read.seconds.map((s) => rows / s),
			floors: floors.map((s) => rows / s)
		};
	} finally {
		await reader.close();
	}
}

type To = { port: number; slug: string; token: string; filename: string };
type Answer = { accepted: number; duplicates: number; quarantined: number; ignored: number };

function post({ port, slug, token, filename }: To, body: Buffer): Promise<Answer> {
	return new Promise((done, failed) => {
		const sent = request(
			{
				host: '127.0.0.1',
				port,
				method: 'POST',
				path: `/api/v1/ingest/${slug}?filename=${encodeURIComponent(filename)}`,
				headers: { authorization: `Bearer ${token}`, 'content-length': body.length }
			},
			(res) => {
				let text = '';
				res.setEncoding('utf8').on('data', (c: string) => (text += c));
				res.once('error', failed);
				res.once('end', () =>
					res.statusCode === 200
						? done(JSON.parse(text) as Answer)
						: failed(new Error(`answered ${res.statusCode}: ${text.slice(0, 300)}`))
				);
			}
		);
		sent.once('error', failed);
		sent.end(body);
	});
}

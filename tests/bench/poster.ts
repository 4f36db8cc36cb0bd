import { Agent, request } from 'node:http';
import { finished } from 'node:stream/promises';
import postgres from 'postgres';
import { make, slice, type Lines } from './lines';
import { clock } from './process';
import { serve } from './worker';

/** Where posts go. */
export type To = { port: number; source: string; token: string };
/** What the answers said, added up. `seconds` is from the first request to the last answer. */
export type Posted = {
	seconds: number;
	posts: number;
	accepted: number;
	duplicates: number;
	quarantined: number;
	/** answers that were not 200, by status */
	refused: Record<string, number>;
	/** milliseconds of each post */
	took: number[];
};
type Answer = { accepted: number; duplicates: number; quarantined: number; seq: number };
/** One post of a steady stream: when it was sent and answered (shared clock), and its number in the log. */
export type Stamp = { sent: number; answered: number; seq: number };

let lines: Lines = { bytes: Buffer.alloc(0), starts: new Uint32Array(1), rows: 0 };
let agent = new Agent({ keepAlive: true });

function post(to: To, body: Buffer): Promise<{ status: number; answer: Answer }> {
	return new Promise((done, failed) => {
		const sent = request(
			{
				host: '127.0.0.1',
				port: to.port,
				agent,
				method: 'POST',
				path: `/api/v1/ingest/${to.source}`,
				headers: {
					'content-type': 'application/x-ndjson',
					authorization: `Bearer ${to.token}`,
					'content-length': body.length
				}
			},
			(res) => {
				let text = '';
				res.setEncoding('utf8').on('data', (c: string) => (text += c));
				res.once('error', failed);
				res.once('end', () => done({ status: res.statusCode!, answer: JSON.parse(text) as Answer }));
			}
		);
		// A connection that was kept may have been closed by the other side a moment ago; sent again, nothing counts twice.
		sent.once('error', (e) => (sent.reusedSocket ? post(to, body).then(done, failed) : failed(e)));
		sent.end(body);
	});
}

const verbs = {
	/** Makes the lines that are posted and copied from now on. */
	prepare: (rows: number, how: { seed: number; until: number; span: number }) => {
		lines = make(rows, how);
		return { rows, bytes: lines.bytes.length };
	},

	/** Posts all lines in bodies of so many of them (taken in turn from `sizes`), `parallel` at once. */
	post: async (to: To, { sizes, parallel }: { sizes: number[]; parallel: number }): Promise<Posted> => {
		const out: Posted = { seconds: 0, posts: 0, accepted: 0, duplicates: 0, quarantined: 0, refused: {}, took: [] };
		let at = 0;
		const one = async () => {
			while (at < lines.rows) {
				const from = at;
				at = Math.min(lines.rows, at + sizes[out.posts++ % sizes.length]!);
				const body = slice(lines, from, at);
				const begun = performance.now();
				for (;;) {
					const { status, answer } = await post(to, body);
					if (status === 200) {
						out.accepted += answer.accepted;
						out.duplicates += answer.duplicates;
						out.quarantined += answer.quarantined;
						break;
					}
					out.refused[status] = (out.refused[status] ?? 0) + 1;
					if (status !== 429) throw new Error(`answered ${status}: ${JSON.stringify(answer)}`);
					await new Promise((wait) => setTimeout(wait, 200));
				}
				out.took.push(performance.now() - begun);
			}
		};
		const begun = performance.now();
		await Promise.all(Array.from({ length: parallel }, one));
		out.seconds = (performance.now() - begun) / 1000;
		return out;
	},

	/** Posts reports of the present moment: `rate` a second in bodies of `each`, for so many seconds. */
	steady: async (
		to: To,
		{ rate, each, seconds, seed }: { rate: number; each: number; seconds: number; seed: number }
	): Promise<Stamp[]> => {
		agent.destroy();
		agent = new Agent({ keepAlive: true });
		const gap = (1000 * each) / rate;
		const stamps: Stamp[] = [];
		const open: Promise<void>[] = [];
		const begun = clock();
		for (let i = 0; i * gap < seconds * 1000; i++) {
			const wait = begun + i * gap - clock();
			if (wait > 0) await new Promise((done) => setTimeout(done, wait));
			const body = make(each, { seed: seed * 1_000_003 + i, until: Date.now() / 1000, span: 2 }).bytes;
			const sent = clock();
			open.push(
				post(to, body).then(({ status, answer }) => {
					if (status !== 200 || answer.accepted + answer.duplicates !== each)
						throw new Error(`answered ${status}: ${JSON.stringify(answer)}`);
					stamps.push({ sent, answered: clock(), seq: answer.seq });
				})
			);
			open.at(-1)!.catch(() => {});
		}
		await Promise.all(open);
		return stamps;
	},

	/** The floor: the same bytes by COPY into a bare, logged table; seconds. */
	copy: async (url: string): Promise<number> => {
		const sql = postgres(url, { max: 1, onnotice: () => {} });
		try {
			await sql.unsafe('drop table if exists bare; create table bare (line text)');
			const begun = performance.now();
			const stream = await sql.unsafe('copy bare (line) from stdin').writable();
			const done = finished(stream);
			for (let i = 0; i < lines.bytes.length; i += 1 << 18)
				if (!stream.write(lines.bytes.subarray(i, i + (1 << 18))))
					await new Promise((drained) => stream.once('drain', drained));
			stream.end();
			await done;
			const seconds = (performance.now() - begun) / 1000;
			const [count] = await sql<{ n: number }[]>`select count(*)::int as n from bare`;
			if (count!.n !== lines.rows) throw new Error(`copied ${count!.n} of ${lines.rows} lines`);
			await sql.unsafe('drop table bare');
			return seconds;
		} finally {
			await sql.end({ timeout: 5 });
		}
	}
};

export type Poster = typeof verbs;
export const run = (): void => serve(verbs);

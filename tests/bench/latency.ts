import { fixed, whole, type Figure } from './figure';
import type { Options } from './main';
import * as machine from './machine';
import type { Poster } from './poster';
import type { Viewers } from './viewer';
import * as worker from './worker';

/** Reports a second; each post brings a few, as from a hundred sensors that each deliver every second. */
const RATE = 2000;
const EACH = 20;

/** From a report that is sent, and from its answer, to the frame with it at every client. All clocks are the same one. */
export async function run(options: Options): Promise<Figure[]> {
	const clients = options.clients ?? (options.quick ? 50 : 500);
	const seconds = options.quick ? 4 : 30;
	const server = await machine.open({}, options.flags);
	const [poster, viewers] = [worker.open<Poster>('poster'), worker.open<Viewers>('viewer')];
	try {
		const to = { port: server.port, source: 'bench', token: await server.source('bench') };
		const token = await server.token('wall', 'red', 'wall');
		const seed = Date.now() % 1_000_000;
		await poster.ask('steady', to, { rate: RATE, each: EACH, seconds: options.quick ? 2 : 10, seed });
		const came = await viewers.ask('come', server.port, [token], { clients, within: 2000, patience: 10_000 });
		if (came.live !== clients)
			throw new Error(`Only ${came.live} of ${clients} clients are live: ${JSON.stringify(came.ended)}`);
		await viewers.ask('count', { track: true });
		const stamps = await poster.ask('steady', to, { rate: RATE, each: EACH, seconds, seed: seed + 1 });
		await new Promise((done) => setTimeout(done, 3000));
		const answered = await viewers.ask('delay', stamps, 'answered');
		const sent = await viewers.ask('delay', stamps, 'sent');
		if (sent.missing) throw new Error(`${sent.missing} reports did not reach a client`);
		const rate =
			(stamps.length * EACH) /
			((Math.max(...stamps.map((s) => s.answered)) - Math.min(...stamps.map((s) => s.sent))) / 1000);
		const figure = (what: string, { p50, p95, p99, most }: typeof sent): Figure => ({
			part: 'latency',
			what: `${what} to its frame, ${whole(rate)} reports/s, ${whole(clients)} clients`,
			figure: `p50 ${fixed(p50, 0)}, p95 ${fixed(p95, 0)}, p99 ${fixed(p99, 0)}, most ${fixed(most, 0)} ms`,
			budget: 'p50 150 ms, p99 400 ms',
			met: p50 <= 150 && p99 <= 400,
			numbers: { p50, p95, p99, most, posts: stamps.length }
		});
		return [figure('a report accepted', answered), figure('a report sent', sent)];
	} finally {
		await Promise.all([poster.close(), viewers.close()]);
		await server.close();
	}
}

import { fixed, median, whole, type Figure } from './figure';
import type { Options } from './main';
import * as machine from './machine';
import type { Plain } from './plain';
import type { Poster } from './poster';
import * as proc from './process';
import type { Viewers } from './viewer';
import * as worker from './worker';

/** Reports a second, and in one post: twenty posts a second, so as many frames as there can be. */
const RATE = 500;
const EACH = 25;

/**
 * CPU of the server for each frame that a client has got: what it uses with the clients, less what the same reports
 * cost it with none. The floor sends the same texts at the same times to as many clients, from a plain `ws` server.
 */
export async function run(options: Options): Promise<Figure[]> {
	const clients = options.clients ?? (options.quick ? 50 : 1000);
	const seconds = options.quick ? 4 : 15;
	const server = await machine.open({}, options.flags);
	const [poster, viewers, others, plain] = [
		worker.open<Poster>('poster'),
		worker.open<Viewers>('viewer'),
		worker.open<Viewers>('viewer'),
		worker.open<Plain>('plain')
	];
	try {
		const to = { port: server.port, source: 'bench', token: await server.source('bench') };
		const token = await server.token('wall', 'red', 'wall');
		const steady = { rate: RATE, each: EACH, seconds };
		let seed = Date.now() % 1_000_000;
		await poster.ask('steady', to, { ...steady, seconds: options.quick ? 2 : 10, seed: ++seed });
		const port = await plain.ask('listen');
		const bare = await others.ask('come', port, [], { clients, within: 2000, patience: 10_000 });
		if (bare.live !== clients) throw new Error(`Only ${bare.live} of ${clients} clients came to the floor.`);

		const rounds = [];
		let memory = { now: 0, peak: 0 };
		for (let i = 0; i < (options.quick ? 1 : 3); i++) {
			const alone = await spent(server, () => poster.ask('steady', to, { ...steady, seed: ++seed }));
			const came = await viewers.ask('come', server.port, [token], { clients, within: 2000, patience: 10_000 });
			if (came.live !== clients)
				throw new Error(`Only ${came.live} of ${clients} clients are live: ${JSON.stringify(came.ended)}`);
			await viewers.ask('count', { text: true });
			const together = await spent(server, () => poster.ask('steady', to, { ...steady, seed: ++seed }));
			const got = await viewers.ask('counted');
			memory = server.memory();
			await viewers.ask('leave');
			const before = proc.cpu(plain.pid);
			const sent = await plain.ask('replay', got.first);
			const floor = (proc.cpu(plain.pid) - before) / sent;
			rounds.push({
				alone,
				together,
				frames: got.frames,
				bytes: got.bytes / got.frames,
				perSecond: got.first.length / seconds,
				figure: (together - alone) / got.frames,
				floor
			});
		}
		const figure = median(rounds.map((r) => r.figure));
		const floor = median(rounds.map((r) => r.floor));
		const ratio = median(rounds.map((r) => r.figure / r.floor));
		const last = rounds.at(-1)!;
		return [
			{
				part: 'broadcast',
				what: `CPU of the server a delivered frame, ${whole(clients)} clients, ${fixed(last.perSecond)} frames/s of ${whole(last.bytes)} bytes`,
				figure: `${fixed(figure * 1e6)} µs`,
				floor: `${fixed(floor * 1e6)} µs`,
				ratio: fixed(ratio, 2),
				budget: '≤ 1.3',
				met: ratio <= 1.3,
				numbers: { rounds }
			},
			{
				part: 'memory',
				what: `memory of the server with ${whole(clients)} clients, at ${RATE} reports/s`,
				figure: `${whole(memory.now)} MiB`,
				budget: '≤ 400 MB',
				met: memory.now * 1.048576 <= 400,
				numbers: memory
			}
		];
	} finally {
		await Promise.all([poster.close(), viewers.close(), others.close(), plain.close()]);
		await server.close();
	}
}

async function spent(server: machine.Machine, work: () => Promise<unknown>): Promise<number> {
	const before = server.cpu().server;
	await work();
	return server.cpu().server - before;
}

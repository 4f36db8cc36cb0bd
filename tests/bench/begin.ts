import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fixed, median, quantile, type Figure } from './figure';
import type { Options } from './main';
import * as machine from './machine';
import type { Poster } from './poster';
import * as worker from './worker';

/**
 * A later start: from the command to the first good answer of /readyz, on a data directory that holds a day of reports.
 * The floor is a Node.js that does nothing.
 */
export async function run(options: Options): Promise<Figure[]> {
	const server = await machine.open({}, options.flags);
	const poster = worker.open<Poster>('poster');
	try {
		const to = { port: server.port, source: 'bench', token: await server.source('bench') };
		await poster.ask('prepare', options.quick ? 5000 : 60_000, { seed: 3, until: Date.now() / 1000, span: 86_400 });
		await poster.ask('post', to, { sizes: [5000], parallel: 2 });
		const launcher = join(dirname(process.argv[1]!), '..', 'src', 'launch.cjs');
		await server.stop();
		await server.start(launcher); // it may have to build first
		const took: number[] = [];
		const floors: number[] = [];
		for (let i = 0; i < (options.quick ? 1 : 5); i++) {
			await server.stop();
			floors.push(await nothing());
			// As `npm start` does it: through the launcher, which also looks whether the build is fresh.
			took.push(await server.start(launcher));
		}
		const figure = median(took);
		return [
			{
				part: 'start',
				what: 'a later start, to the first good answer of /readyz',
				figure: `${fixed(figure / 1000, 2)} s, longest ${fixed(quantile(took, 1) / 1000, 2)} s`,
				floor: `${fixed(median(floors), 0)} ms`,
				budget: '≤ 5 s',
				met: figure <= 5000,
				numbers: { took, floors }
			}
		];
	} finally {
		await poster.close();
		await server.close();
	}
}

const nothing = (): Promise<number> =>
	new Promise((done, failed) => {
		const from = performance.now();
		spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' })
			.once('error', failed)
			.once('exit', () => done(performance.now() - from));
	});

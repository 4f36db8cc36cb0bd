import postgres from 'postgres';
import { fixed, median, quantile, whole, type Figure } from './figure';
import type { Options } from './main';
import * as machine from './machine';
import type { Posted, Poster } from './poster';
import * as worker from './worker';

/** How reports come in; `span` is the seconds before now that they are spread over. */
type Shape = { name: string; rows: number; span: number; sizes: number[]; parallel: number };

/**
 * Reports over HTTP, from the first byte to the last answer, beside COPY of the same bytes into a bare table of the
 * same PostgreSQL. Floor and figure take turns; the median counts.
 */
export async function run(options: Options): Promise<Figure[]> {
	const n = options.rows ?? (options.quick ? 10_000 : 200_000);
	const mixed = Array.from({ length: 97 }, (_, i) => 1 + ((i * 37) % 50));
	const shapes: Shape[] = [
		{
			name: 'bodies of 5,000 lines, 4 at once, of the last 10 minutes',
			rows: n,
			span: 600,
			sizes: [5000],
			parallel: 4
		},
		{ name: `one body of ${whole(n)} lines, of the last day`, rows: n, span: 86_400, sizes: [n], parallel: 1 },
		{ name: 'bodies of 5,000 lines, 4 at once, of the last day', rows: n, span: 86_400, sizes: [5000], parallel: 4 },
		{
			name: 'bodies of 1 to 50 lines, 32 at once, of the last 10 minutes',
			rows: Math.ceil(n / 4),
			span: 600,
			sizes: mixed,
			parallel: 32
		}
	];
	const rounds = options.quick ? 1 : 3;
	const server = await machine.open({}, options.flags);
	const poster = worker.open<Poster>('poster');
	const figures: Figure[] = [];
	try {
		const to = { port: server.port, source: 'bench', token: await server.source('bench') };
		const admin = postgres(server.url(), { max: 1, onnotice: () => {} });
		await admin.unsafe('create database bare');
		await admin.end();
		let seed = Date.now() % 1_000_000;
		// Code that has not run often is not compiled: one round that does not count.
		await poster.ask('prepare', Math.min(n, 60_000), { seed: ++seed, until: Date.now() / 1000, span: 600 });
		await poster.ask('post', to, { sizes: [5000], parallel: 4 });
		for (const shape of shapes) {
			const floors: number[] = [];
			const rates: number[] = [];
			const repeats: number[] = [];
			const used: { server: number; postgres: number }[] = [];
			let took: number[] = [];
			for (let i = 0; i < rounds; i++) {
				await poster.ask('prepare', shape.rows, { seed: ++seed, until: Date.now() / 1000, span: shape.span });
				floors.push(shape.rows / (await poster.ask('copy', server.url('bare'))));
				const before = server.cpu();
				const posted = await poster.ask('post', to, shape);
				const after = server.cpu();
				check(posted, shape.rows, 'accepted');
				rates.push(shape.rows / posted.seconds);
				took = took.concat(posted.took);
				const part = (was: number, is: number) => ((is - was) / shape.rows) * 1e6;
				used.push({ server: part(before.server, after.server), postgres: part(before.postgres, after.postgres) });
				if (shape !== shapes[0]) continue;
				const again = await poster.ask('post', to, shape);
				check(again, shape.rows, 'duplicates');
				repeats.push(shape.rows / again.seconds);
			}
			const [floor, rate] = [median(floors), median(rates)];
			const cost = `${fixed(median(used.map((u) => u.server)))} µs of the server and ${fixed(median(used.map((u) => u.postgres)))} µs of PostgreSQL a row`;
			const figure = (what: string, rows: number, more: Record<string, unknown>): Figure => ({
				part: 'ingest',
				what,
				figure: `${whole(rows)} rows/s`,
				floor: `${whole(floor)} rows/s`,
				ratio: fixed(rows / floor, 3),
				// A budget for what a machine can take; small posts cost a request each and show what a request costs.
				...(shape.sizes[0]! >= 1000 && {
					budget: '≥ 0.10 and ≥ 25,000 rows/s',
					met: rows / floor >= 0.1 && rows >= 25_000
				}),
				numbers: { floors, ...more }
			});
			figures.push(
				figure(shape.name, rate, { rates, used, cost, p50: quantile(took, 0.5), p95: quantile(took, 0.95) })
			);
			if (repeats.length) figures.push(figure('the same again: duplicates only', median(repeats), { rates: repeats }));
			console.error(
				`  ${shape.name}: ${cost}; a post ${fixed(quantile(took, 0.5))} ms (p50), ${fixed(quantile(took, 0.95))} ms (p95)`
			);
		}
		figures.push({
			part: 'ingest',
			what: 'most memory of the server during all of this',
			figure: `${whole(server.memory().peak)} MiB`
		});
	} finally {
		await poster.close();
		await server.close();
	}
	return figures;
}

function check(posted: Posted, rows: number, what: 'accepted' | 'duplicates'): void {
	if (posted[what] !== rows)
		throw new Error(
			`Of ${rows} reports ${posted[what]} were ${what}: ${JSON.stringify({ ...posted, took: undefined })}`
		);
}

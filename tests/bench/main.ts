import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as attribution from './attribution';
import * as begin from './begin';
import * as broadcast from './broadcast';
import * as detect from './detect';
import * as duck from './duck';
import { surroundings, table, type Figure } from './figure';
import * as formats from './formats';
import * as ingest from './ingest';
import * as latency from './latency';
import * as plain from './plain';
import * as poster from './poster';
import { busy } from './process';
import * as query from './query';
import * as reader from './reader';
import * as reconnect from './reconnect';
import * as usual from './usual';
import * as viewer from './viewer';
import * as wall from './wall';
import * as weight from './weight';

/**
 * `rows`, `clients` and `worlds` replace the sizes of the budgets; `quick` is a smoke test, whose figures mean little; `flags` are
 * for the server's Node.js.
 */
export type Options = {
	rows?: number;
	clients?: number;
	minutes?: number;
	worlds?: number;
	quick: boolean;
	flags: string[];
};

const PARTS: Record<string, (options: Options) => Promise<Figure[]>> = {
	ingest: ingest.run,
	broadcast: broadcast.run,
	latency: latency.run,
	reconnect: reconnect.run,
	queries: query.run,
	formats: formats.run,
	attribution: attribution.run,
	usual: usual.run,
	detect: detect.run,
	js: weight.run,
	wall: wall.run,
	start: begin.run
};
/** What runs in processes of its own. */
const WORKERS: Record<string, () => void> = {
	poster: poster.run,
	viewer: viewer.run,
	plain: plain.run,
	duck: duck.run,
	reader: reader.run
};

const FOLDER = join(dirname(process.argv[1]!), '..', 'bench-results');

async function bench(args: string[]): Promise<void> {
	const { values } = parseArgs({
		args,
		options: {
			only: { type: 'string' },
			rows: { type: 'string' },
			clients: { type: 'string' },
			minutes: { type: 'string' },
			worlds: { type: 'string' },
			quick: { type: 'boolean', default: false },
			profile: { type: 'boolean', default: false }
		}
	});
	const number = (text: string | undefined) => {
		if (text === undefined) return undefined;
		const n = Number(text.replace(/[_,]/g, ''));
		if (!(n > 0)) throw new Error(`${text} is not a number above 0.`);
		return n;
	};
	const options: Options = {
		rows: number(values.rows),
		clients: number(values.clients),
		// An hour only where nothing else is asked for.
		minutes: number(values.minutes) ?? (values.only === 'wall' && !values.quick ? 60 : undefined),
		worlds: number(values.worlds),
		quick: values.quick,
		flags: values.profile ? ['--cpu-prof', `--cpu-prof-dir=${FOLDER}`] : []
	};
	const names = values.only?.split(',') ?? Object.keys(PARTS);
	for (const name of names)
		if (!(name in PARTS)) throw new Error(`No such part: ${name}. There are ${Object.keys(PARTS).join(', ')}.`);

	const figures: Figure[] = [];
	const others: Record<string, number> = {};
	for (const name of names) {
		others[name] = await busy(1000);
		console.error(`${name} … (others use ${Math.round(others[name] * 100)} % of the machine)`);
		try {
			figures.push(...(await PARTS[name]!(options)));
		} catch (e) {
			figures.push({
				part: name,
				what: 'could not be measured',
				figure: e instanceof Error ? e.message.split('\n')[0]! : String(e),
				met: false
			});
			console.error(e);
		}
	}
	console.log(table(figures));
	mkdirSync(FOLDER, { recursive: true });
	const file = join(FOLDER, `${new Date().toISOString().replace(/[:.]/g, '-')}.json`);
	writeFileSync(file, JSON.stringify({ ...surroundings(), options, others, figures }, null, '\t'));
	console.error(`All numbers: ${file}`);
	if (figures.some((f) => f.met === false) && !options.quick) process.exitCode = 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
if (process.argv[2] === 'worker') WORKERS[process.argv[3]!]!();
else
	bench(process.argv.slice(2)).catch((e: unknown) => {
		console.error(e instanceof Error ? e.message : e);
		process.exitCode = 1;
	});

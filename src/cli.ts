import { Command, InvalidArgumentError, Option } from 'commander';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SingleBar } from 'cli-progress';
import ms from 'ms';
import { invalid, isProblem, missing } from '$lib/core/error';
import { parse as parseTlp, TLPS, type Tlp } from '$lib/core/tlp';
import { ROLES, type Viewer } from '$lib/core/viewer';
import * as token from '$lib/server/access/token';
import * as user from '$lib/server/access/user';
import * as app from '$lib/server/app';
import { Ingest } from '$lib/server/ingest/ingest';
import * as boundary from '$lib/server/ops/boundary';
import * as metrics from '$lib/server/ops/metrics';
import * as exporting from '$lib/server/share/export';
import { Facets } from '$lib/server/store/facet';
import * as reference from '$lib/server/store/reference';
import * as verify from '$lib/server/store/verify';
import * as backtest from './cli/backtest';
import * as constituent from './cli/constituent';
import * as detect from './cli/detect';
import * as source from './cli/source';
import * as warninglist from './cli/warninglist';
import * as demo from './exercise/demo';

/** Whoever may run commands on this machine may do everything; the audit calls them this. */
const CLI: Viewer = {
	id: 'cli',
	name: 'command line',
	role: 'admin',
	clearance: 'red',
	sectors: null,
	provinces: null
};

const program = new Command('watchfloor')
	.description(
		"The real-time picture of a nation's cyber threats. Settings are environment variables: docs/settings.md."
	)
	.showHelpAfterError('(add --help for what is possible)')
	.configureHelp({ sortSubcommands: false });

/** Runs a command on the database and prints its answer: one JSON object with --json, else lines for a person. */
async function answer<T>(
	work: (base: app.Base) => Promise<T>,
	json: boolean | undefined,
	text: (result: T) => string
): Promise<void> {
	const base = await app.open(process.env);
	try {
		const result = await work(base);
		console.log(json ? JSON.stringify(result) : text(result));
	} finally {
		await base.close();
	}
}

const duration = (text: string): number => {
	const value = ms(text as ms.StringValue);
	if (!(value >= 1000)) throw new InvalidArgumentError('It is a length of time such as 15m, 1h or 1d.');
	return Math.round(value / 1000);
};
const tlp = (text: string): Tlp => {
	const value = parseTlp(text);
	if (!value) throw new InvalidArgumentError(`It is one of ${TLPS.join(', ')}.`);
	return value;
};
const list = (text: string): string[] =>
	text
		.split(',')
		.map((s) => s.trim())
		.filter(Boolean);
const time = (text: string): number => {
	const at = Date.parse(text);
	if (Number.isNaN(at)) throw new InvalidArgumentError('It is a time such as 2026-11-01 or 2026-11-01T12:00:00Z.');
	return at / 1000;
};
/** A file as the caller named it: npm runs us in the project's folder, wherever the caller stood. */
const file = (name: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), name);

program
	.command('serve')
	.description('serve the picture (the same as npm start)')
	.action(async () => void (await import(new URL('./main.js', import.meta.url).href)));

program
	.command('migrate')
	.description('bring the database to the present schema')
	.option('--json', 'print one JSON object')
	.action((o: { json?: boolean }) =>
		answer(
			async ({ mode }) => ({ migrated: true, mode }),
			o.json,
			(r) => `The database is at the present schema (${r.mode}).`
		)
	);

source.register(program, { viewer: CLI, answer, file, tlp, duration, read: () => text(process.stdin) });

const tokens = program.command('token').description('tokens of programs and walls');
tokens
	.command('add <name>')
	.description('add a token for a program or a wall and print it, once')
	.requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
	.requiredOption('--clearance <label>', 'highest TLP that it may see', tlp)
	.option('--sectors <slugs>', 'only these sectors, joined by commas', list)
	.option('--provinces <codes>', 'only these provinces, joined by commas', list)
	.option('--expires <time>', 'how long it is good for, such as 90d (default: for ever)', duration)
	.option('--json', 'print one JSON object: { name, token }')
	.action(
		(
			name: string,
			o: { role: string; clearance: Tlp; sectors?: string[]; provinces?: string[]; expires?: number; json?: boolean }
		) =>
			answer(
				({ client }) =>
					token.add(client, CLI, {
						name,
						...o,
						expires: o.expires === undefined ? undefined : Date.now() / 1000 + o.expires
					} as Parameters<typeof token.add>[2]),
				o.json,
				(r) => `${r.name} has this token, shown only now. A wall signs in with it at /login.\n${r.token}`
			)
	);
tokens
	.command('revoke <name>')
	.description('end a token; its sockets end within a second')
	.option('--json', 'print one JSON object')
	.action((name: string, o: { json?: boolean }) =>
		answer(
			async ({ client }) => (await token.revoke(client, CLI, name), { name, revoked: true }),
			o.json,
			() => `${name} is revoked.`
		)
	);
tokens
	.command('list')
	.description('list all tokens, without their secrets')
	.option('--json', 'print one JSON object')
	.action((o: { json?: boolean }) =>
		answer(
			async ({ client }) => ({ tokens: await token.list(client, CLI) }),
			o.json,
			(r) =>
				r.tokens
					.map(
						(t) =>
							`${t.name}\t${t.source ? `delivers for ${t.source}` : `${t.role}, TLP:${t.clearance?.toUpperCase()}`}\t${t.revoked ? 'revoked' : 'live'}`
					)
					.join('\n') || 'No token yet.'
		)
	);

const users = program.command('user').description('people');
users
	.command('add <email>')
	.description('add a person; without --password-stdin a password is made and printed, once')
	.requiredOption('--name <name>', 'full name')
	.requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
	.requiredOption('--clearance <label>', 'highest TLP that the person may see', tlp)
	.option('--sectors <slugs>', 'only these sectors, joined by commas', list)
	.option('--provinces <codes>', 'only these provinces, joined by commas', list)
	.option('--password-stdin', 'read the password from standard input')
	.option('--json', 'print one JSON object: { email, password }')
	.action(
		async (
			email: string,
			o: {
				name: string;
				role: string;
				clearance: Tlp;
				sectors?: string[];
				provinces?: string[];
				passwordStdin?: boolean;
				json?: boolean;
			}
		) => {
			const password = o.passwordStdin ? (await text(process.stdin)).trim() : undefined;
			await answer(
				({ client }) => user.add(client, CLI, { email, ...o, password } as Parameters<typeof user.add>[2]),
				o.json,
				(r) => `${r.email} may sign in${password ? '' : ` with this password, shown only now:\n${r.password}`}`
			);
		}
	);
users
	.command('remove <email>')
	.description('remove a person; their sockets end within a second')
	.option('--json', 'print one JSON object')
	.action((email: string, o: { json?: boolean }) =>
		answer(
			async ({ client }) => (await user.remove(client, CLI, email), { email, removed: true }),
			o.json,
			() => `${email} is removed.`
		)
	);
users
	.command('list')
	.description('list the people')
	.option('--json', 'print one JSON object')
	.action((o: { json?: boolean }) =>
		answer(
			async ({ client }) => ({ users: await user.list(client, CLI) }),
			o.json,
			(r) =>
				r.users.map((u) => `${u.email}\t${u.name}\t${u.role}\tTLP:${u.clearance.toUpperCase()}`).join('\n') ||
				'Nobody yet.'
		)
	);

program
	.command('ingest <source> <files...>')
	.description('take reports of a source from files (plain or .gz)')
	.option('--format <format>', 'how they are written, if not as the source says')
	.option('--json', 'print one JSON object: { files: [ … ] }')
	.action(async (slug: string, files: string[], o: { format?: string; json?: boolean }) => {
		await answer(
			async (base) => {
				const { client, config, log } = base;
				const [row] = await client.sql<{ id: number }[]>`select id from sources where slug = ${slug}`;
				if (!row) throw missing(`The source ${slug}`);
				const words = await reference.load(client.db);
				const ingest = new Ingest(
					client,
					words,
					new Facets(client.sql),
					config,
					log,
					metrics.open(),
					base.mode,
					await app.located(config, words)
				);
				const done = [];
				try {
					for (const name of files) done.push({ file: name, ...(await take(ingest, row.id, name, o.format)) });
				} finally {
					await ingest.close();
				}
				return { files: done };
			},
			o.json,
			(r) =>
				r.files
					.map(
						(f) =>
							`${f.file}: ${f.accepted} accepted, ${f.duplicates} duplicates, ${f.quarantined} in quarantine, ${f.ignored} ignored`
					)
					.join('\n')
		);
	});

/** Delivers one file, with a bar of its bytes on a terminal. */
async function take(ingest: Ingest, source: number, name: string, format: string | undefined) {
	const path = file(name);
	const { size } = await stat(path).catch(() => {
		throw invalid(`${name} cannot be read.`);
	});
	const bar = process.stderr.isTTY
		? new SingleBar({
				format: `${basename(name)} {bar} {percentage} %, {records} reports`,
				stream: process.stderr,
				hideCursor: true
			})
		: null;
	let read = 0;
	let records = 0;
	// Read only as it is asked for: a stream that somebody listens to flows before anybody takes what comes.
	async function* counted(): AsyncGenerator<Buffer> {
		for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
			bar?.update((read += chunk.length), { records });
			yield chunk;
		}
	}
	const bytes = name.endsWith('.gz') ? pipeline(counted, createGunzip(), () => {}) : counted(); // what breaks it is told by whoever reads
	bar?.start(size, 0, { records });
	try {
		return await ingest.deliver(
			source,
			{ bytes, contentType: /\.json(\.gz)?$/.test(name) ? 'application/json' : '', format, filename: basename(name) },
			(n) => bar?.update(read, { records: (records += n) })
		);
	} catch (e) {
		const code = e instanceof Error && 'code' in e ? String(e.code) : '';
		if (code.startsWith('Z_')) throw invalid(`${name} is not gzip as a whole; what came before the break is taken.`);
		if (code === 'EISDIR') throw invalid(`${name} is a folder.`);
		throw e;
	} finally {
		bar?.stop();
	}
}

constituent.register(program, { viewer: CLI, answer, file, time });
warninglist.register(program, { viewer: CLI, answer, file });
backtest.register(program, { answer, file, time, duration });
detect.register(program, { file });

program
	.command('verify')
	.description('recount every cell from the observations and print what differs')
	.option('--json', 'print one JSON object: { checked, differences }')
	.action((o: { json?: boolean }) =>
		answer(
			async ({ client }) => {
				const result = await verify.run(client.sql);
				if (result.differences.length) process.exitCode = 1;
				return result;
			},
			o.json,
			(r) =>
				`${r.checked} cells checked, ${r.differences.length} differ.${r.differences.map((d) => `\n${d.table} ${d.at} ${d.province} ${d.sector} ${d.type} ${d.severity} ${d.direction}${d.source ? ` of ${d.source}` : ''}: ${d.cell}, counted ${d.counted}`).join('')}`
		)
	);

program
	.command('export')
	.description('print observations, the newest first, marked with their TLP')
	.addOption(
		new Option('--format <format>', 'how they are written; geojson: counts by province')
			.choices(exporting.FORMATS)
			.default('jsonl')
	)
	.option('--from <time>', 'first moment', time)
	.option('--to <time>', 'moment after the last', time)
	.option('--clearance <label>', 'highest TLP to export', tlp, 'red')
	.option('--sector <slug>', 'only this sector')
	.option('--province <code>', 'only this province')
	.option('--source <slug>', 'only this source')
	.action(
		async (o: {
			format: exporting.Format;
			from?: number;
			to?: number;
			clearance: Tlp;
			sector?: string;
			province?: string;
			source?: string;
		}) => {
			const base = await app.open(process.env);
			try {
				const { clearance, format, ...slice } = o;
				const made = await exporting.open(base.client, { ...CLI, clearance }, format, slice, {
					exercise: base.mode === 'exercise',
					most: base.config.WATCHFLOOR_MAX_EXPORT,
					patience: base.config.WATCHFLOOR_QUERY_TIMEOUT,
					boundary: () => boundary.load(base.config),
					provinces: (await reference.load(base.client.db)).provinces
				});
				for await (const part of made.body)
					if (!process.stdout.write(part)) await new Promise((drained) => process.stdout.once('drain', drained));
			} finally {
				await base.close();
			}
		}
	);

program
	.command('exercise')
	.description('play invented reports to a server that runs on an exercise database (WATCHFLOOR_EXERCISE=1)')
	.option('--seed <number>', 'the same seed and time give the same reports', Number, 1)
	.option('--days <number>', 'days of history', Number, 21)
	.option('--rate <number>', 'volume; 1 is about 33,000 reports a day', Number, 2)
	.option('--base <url>', 'address of the server (default: from ORIGIN, or HOST and PORT)')
	.action((o: { seed: number; days: number; rate: number; base?: string }) => demo.play(o));

program
	.command('demo')
	.description('show the whole product on an exercise, in a data directory of its own (the same as npm run demo)')
	.option('--seed <number>', 'the same seed and time give the same reports', Number, 1)
	.option('--days <number>', 'days of history', Number, 21)
	.option('--rate <number>', 'volume; 1 is about 33,000 reports a day', Number, 2)
	.action((o: { seed: number; days: number; rate: number }) => demo.run(o));

async function text(stream: AsyncIterable<Buffer | string>): Promise<string> {
	let all = '';
	for await (const chunk of stream) all += String(chunk);
	return all;
}

// Whoever reads our output may stop reading, as `head` does.
process.stdout.on('error', (e: NodeJS.ErrnoException) => process.exit(e.code === 'EPIPE' ? 0 : 1));

try {
	await program.parseAsync();
} catch (e) {
	console.error(isProblem(e) ? e.message : e);
	process.exitCode = 1;
}

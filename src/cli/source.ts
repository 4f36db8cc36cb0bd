import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { invalid, missing } from '$lib/core/error';
import type { Tlp } from '$lib/core/tlp';
import * as token from '$lib/server/access/token';
import * as app from '$lib/server/app';
import * as fetching from '$lib/server/fetch';
import { FORMATS } from '$lib/server/ingest/formats';
import { Ingest } from '$lib/server/ingest/ingest';
import * as metrics from '$lib/server/ops/metrics';
import { Facets } from '$lib/server/store/facet';
import * as fetches from '$lib/server/store/fetch';
import * as reference from '$lib/server/store/reference';
import * as source from '$lib/server/store/source';
import type { Desk } from './constituent';

type More = Pick<Desk, 'viewer' | 'answer' | 'file'> & {
	tlp(text: string): Tlp;
	duration(text: string): number;
	/** all of standard input */
	read(): Promise<string>;
};
type From = {
	fetch?: string;
	url?: string;
	path?: string;
	collection?: string;
	user?: string;
	header?: string;
	settle?: number;
	passwordFile?: string;
	secretStdin?: boolean;
};

/** `source add`, `source set`, `source fetch`, `source list`, `source token`. */
export function register(program: Command, { viewer, answer, file, tlp, duration, read }: More): void {
	const sources = program.command('source').description('sources: where reports come from');
	const formats = [...FORMATS.keys()].join(', ');

	/** The options of what is fetched, on a command that has them. */
	const fetched = (command: Command): Command =>
		command
			.option('--url <url>', 'where to fetch from')
			.option('--path <folder>', 'the folder to watch, for --fetch folder')
			.option('--collection <id>', 'of TAXII: id, alias or title of the collection')
			.option('--user <name>', 'who asks, with a password (HTTP Basic)')
			.option('--header <name>', 'the header that the secret goes in; without it and without --user, a bearer token')
			.option('--settle <time>', 'of a folder: how long a file has not changed when it is complete', duration)
			.option('--password-file <file>', 'read the secret from a file (or set WATCHFLOOR_FETCH_SECRET)')
			.option('--secret-stdin', 'read the secret from standard input');

	/** What a command line asks to be fetched; undefined when it asks nothing. */
	const wanted = async (o: From): Promise<fetching.setup.Input | undefined> => {
		const { fetch: kind, passwordFile, secretStdin, url, path, collection, user, header, settle } = o;
		if (!kind) {
			if ([url, path, collection, user, header, settle, passwordFile, secretStdin].some((v) => v !== undefined))
				throw invalid(`Say how it is fetched: --fetch ${[...fetching.KINDS.keys()].join('|')}.`);
			return undefined;
		}
		const secret = secretStdin
			? await read()
			: passwordFile
				? await readFile(file(passwordFile), 'utf8').catch(() => {
						throw invalid(`${passwordFile} cannot be read.`);
					})
				: kind === 'folder'
					? undefined
					: process.env.WATCHFLOOR_FETCH_SECRET;
		return {
			kind,
			url,
			path: path === undefined ? undefined : file(path),
			collection,
			user,
			header,
			settle,
			secret: secret?.trim() || undefined
		};
	};
	const real = ({ mode }: app.Base) => {
		if (mode === 'exercise') throw invalid('This is an exercise: nothing real is fetched into it.');
	};
	const sealed = ({ config }: app.Base) => fetching.seal(app.key(config));
	const find = async ({ client }: app.Base, slug: string) => {
		const [row] = await client.sql<
			{ id: number; format: string }[]
		>`select id, format from sources where slug = ${slug}`;
		if (!row) throw missing(`The source ${slug}`);
		return row;
	};

	fetched(
		sources
			.command('add <slug>')
			.description('add a source and print the token that it delivers with, once')
			.requiredOption('--format <format>', `how its reports are written: ${formats}`)
			.option('--name <name>', 'what people call it (default: the slug)')
			.option('--tlp <label>', 'TLP of a report that states none', tlp, 'amber')
			.option('--cadence <time>', 'how often it should deliver, and how often it is fetched', duration, 86_400)
			.option('--fetch <kind>', `fetch from it: ${[...fetching.KINDS.keys()].join(', ')}`)
	)
		.option('--json', 'print one JSON object: { slug, token }')
		.action(
			async (slug: string, o: From & { format: string; name?: string; tlp: Tlp; cadence: number; json?: boolean }) => {
				const input = await wanted(o);
				await answer(
					async (base) => {
						if (!FORMATS.has(o.format)) throw invalid(`The format "${o.format}" is not known; known are ${formats}.`);
						if (input) real(base);
						const plan = input && fetching.setup.plan(input, o.format);
						const { format, name, tlp, cadence } = o;
						const id = await source.add(base.client, viewer.id, { slug, format, name, tlp, cadence });
						if (plan) await fetching.setup.set(base.client, viewer.id, id, plan, sealed(base));
						return { slug, token: (await token.forSource(base.client, viewer, { source: slug })).token };
					},
					o.json,
					(r) =>
						`Source ${r.slug} is there. ${input ? 'It is fetched from while the server runs, and may also deliver' : 'It delivers'} with this token, shown only now:\n${r.token}`
				);
			}
		);

	fetched(
		sources
			.command('set <slug>')
			.description(
				'change where a source is fetched from, or that it is; it begins anew, and what it brings again counts once'
			)
			.requiredOption('--fetch <kind>', `${[...fetching.KINDS.keys()].join(', ')}; or none`)
	)
		.option('--json', 'print one JSON object: { slug, fetch }')
		.action(async (slug: string, o: From & { fetch: string; json?: boolean }) => {
			const none = o.fetch === 'none';
			const input = none ? undefined : await wanted(o);
			await answer(
				async (base) => {
					const { id, format } = await find(base, slug);
					if (!input) await fetches.unset(base.client.sql, viewer.id, id);
					else {
						real(base);
						await fetching.setup.set(base.client, viewer.id, id, fetching.setup.plan(input, format), sealed(base));
					}
					return { slug, fetch: none ? null : o.fetch };
				},
				o.json,
				() => (none ? `${slug} is not fetched from any more.` : `${slug} is fetched by ${o.fetch} from now on.`)
			);
		});

	sources
		.command('fetch <slug>')
		.description('fetch from a source now, and say what came of it')
		.option('--json', 'print one JSON object')
		.action((slug: string, o: { json?: boolean }) =>
			answer(
				async (base) => {
					real(base);
					const { id } = await find(base, slug);
					const outcome = await once(base, id);
					if (outcome.failed) process.exitCode = 1;
					return outcome;
				},
				o.json,
				(r) =>
					`${r.failed ? 'It failed' : 'Done'}: ${r.accepted} accepted, ${r.duplicates} duplicates, ${r.quarantined} in quarantine, ${r.ignored} ignored, in ${r.bodies} pieces.${r.error ? `\n${r.error}` : ''}`
			)
		);

	sources
		.command('list')
		.description('list the sources')
		.option('--json', 'print one JSON object')
		.action((o: { json?: boolean }) =>
			answer(
				async ({ client }) => ({ sources: await source.list(client, viewer) }),
				o.json,
				(r) => r.sources.map(line).join('\n') || 'No source yet: watchfloor source add SLUG --format intelmq'
			)
		);

	sources
		.command('token <slug>')
		.description('print another token for a source, once')
		.option('--json', 'print one JSON object: { name, token }')
		.action((slug: string, o: { json?: boolean }) =>
			answer(
				({ client }) => token.forSource(client, viewer, { source: slug }),
				o.json,
				(r) => `${r.name}, shown only now:\n${r.token}`
			)
		);
}

/** One run, which an interrupt stops after the piece that is under way. */
async function once(base: app.Base, id: number): Promise<fetching.Outcome> {
	const { client, config, log } = base;
	const words = await reference.load(client.db);
	const geo = await app.located(config, words);
	const ingest = new Ingest(client, words, new Facets(client.sql), config, log, metrics.open(), base.mode, geo);
	const stop = new AbortController();
	const interrupt = () => stop.abort(invalid('It was stopped; it goes on from here the next time.'));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
	try {
		return await fetching.now(app.ground(base, ingest), id, stop.signal);
	} finally {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
		await ingest.close();
	}
}

const line = (s: source.Detail): string =>
	[
		s.slug,
		s.format,
		`TLP:${s.tlp.toUpperCase()}`,
		s.last ? new Date(s.last * 1000).toISOString() : 'never',
		`${s.accepted} accepted, ${s.duplicates} duplicates, ${s.quarantined} in quarantine`,
		...(s.fetch ? [`${s.fetch.kind} ${s.fetch.from}`] : []),
		...(s.lastError ? [s.lastError] : [])
	].join('\t');

import type { Command } from 'commander';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { invalid } from '$lib/core/error';
import type { Viewer } from '$lib/core/viewer';
import * as app from '$lib/server/app';
import * as reattribute from '$lib/server/ingest/reattribute';
import * as constituent from '$lib/server/store/constituent';
import { Facets } from '$lib/server/store/facet';
import * as reference from '$lib/server/store/reference';

/** What the command line lends to its parts. */
export type Desk = {
	viewer: Viewer;
	answer<T>(
		work: (base: app.Base) => Promise<T>,
		json: boolean | undefined,
		text: (result: T) => string
	): Promise<void>;
	file(name: string): string;
	time(text: string): number;
};

/** `constituents import`, `constituents export`, `reattribute`. */
export function register(program: Command, { viewer, answer, file, time }: Desk): void {
	const constituents = program
		.command('constituents')
		.description('organisations that the CERT protects, and their networks, AS numbers and domains');
	constituents
		.command('import <file>')
		.description(
			'take a CSV table with the columns organisation, sector, province, team, assets; all of it, or with errors nothing'
		)
		.option(
			'--json',
			'print one JSON object: { imported, rows, added, changed, unchanged, assets, overlaps, wrong, errors }'
		)
		.action((name: string, o: { json?: boolean }) =>
			answer(
				async ({ client, config }) => {
					const path = file(name);
					await stat(path).catch(() => {
						throw invalid(`${name} cannot be read.`);
					});
					const limits = { size: config.WATCHFLOOR_MAX_IMPORT, rows: config.WATCHFLOOR_MAX_IMPORT_ROWS };
					const result = await constituent.importCsv(
						client,
						viewer,
						await reference.load(client.db),
						createReadStream(path),
						limits
					);
					if (!result.imported) process.exitCode = 1;
					return result;
				},
				o.json,
				imported
			)
		);
	constituents
		.command('export')
		.description('print all constituents as CSV, which import reads back')
		.action(async () => {
			const base = await app.open(process.env);
			try {
				for await (const text of constituent.exportCsv(base.client, viewer))
					if (!process.stdout.write(text)) await new Promise((drained) => process.stdout.once('drain', drained));
			} finally {
				await base.close();
			}
		});

	program
		.command('reattribute')
		.description('place past observations as the constituents are now, with their counts, while everything runs')
		.option('--from <time>', 'first moment (default: as far back as there are observations)', time)
		.option('--to <time>', 'moment after the last (default: now)', time)
		.option('--json', 'print one JSON object: { looked, moved, left, at, complete, changed }')
		.action((o: { from?: number; to?: number; json?: boolean }) =>
			answer(
				async (base) => {
					const done = await watched(base, o);
					if (!done.complete || done.changed) process.exitCode = 1;
					return { ...done, at: done.at === null ? null : new Date(done.at * 1000).toISOString() };
				},
				o.json,
				(r) =>
					`${r.looked} observations looked at, ${r.moved} moved, ${r.left} left as they were because their record cannot be read again.` +
					(r.complete ? '' : `\nStopped. Go on with --from ${r.at ?? 'the same time'}.`) +
					(r.changed ? '\nThe constituents changed meanwhile: run it again.' : '')
			)
		);
}

/** Runs with a bar on a terminal; an interrupt ends it after the step that runs. */
async function watched({ client, config }: app.Base, range: reattribute.Range): Promise<reattribute.Done> {
	const bar = process.stderr.isTTY
		? new SingleBar({
				format: 'reattribute {bar} {percentage} %, at {at}, {moved} moved',
				stream: process.stderr,
				hideCursor: true
			})
		: null;
	const stop = new AbortController();
	const interrupt = () => stop.abort();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
	try {
		const size = bar ? await reattribute.size(client, range) : 0;
		bar?.start(size, 0, { at: '–', moved: 0 });
		const words = await reference.load(client.db);
		return await reattribute.run(client, words, new Facets(client.sql), range, {
			geo: await app.located(config, words),
			signal: stop.signal,
			onProgress: ({ looked, moved, at }) => {
				bar?.setTotal(Math.max(size, looked));
				bar?.update(looked, { at: at === null ? '–' : new Date(at * 1000).toISOString(), moved });
			}
		});
	} finally {
		bar?.stop();
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
	}
}

function imported(r: constituent.Imported): string {
	if (!r.imported)
		return [
			`Nothing was imported: ${r.wrong} errors.`,
			...r.errors.map((e) => `line ${e.line}${e.column ? `, ${e.column}` : ''}: ${e.reason}`),
			...(r.wrong > r.errors.length ? [`… and ${r.wrong - r.errors.length} more`] : [])
		].join('\n');
	const { conflicts, nested, list } = r.overlaps;
	return [
		`${r.rows} rows: ${r.added} added, ${r.changed} changed, ${r.unchanged} as they were; ${r.assets} assets.`,
		...(conflicts || nested
			? [`${conflicts} assets are named by two organisations, ${nested} lie inside another's:`]
			: []),
		...list.map((o) =>
			o.same
				? `  conflict: ${o.outer.value} is named by ${o.outer.organisation}, which has it, and by ${o.inner.organisation}`
				: `  inside: ${o.inner.value} (${o.inner.organisation}) in ${o.outer.value} (${o.outer.organisation})`
		),
		...(conflicts + nested > list.length ? [`  … and ${conflicts + nested - list.length} more`] : []),
		...(r.added + r.changed
			? ['New reports are placed by this at once; earlier ones by: reattribute --from … --to …']
			: [])
	].join('\n');
}

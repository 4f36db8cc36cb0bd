import { InvalidArgumentError, type Command } from 'commander';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parse as split } from 'node:path';
import { invalid, isProblem } from '$lib/core/error';
import { read, TYPES, type Read, type Type } from '$lib/core/warninglist';
import { utf8 } from '$lib/server/ingest/encoding';
import * as warninglist from '$lib/server/store/warninglist';
import type { Desk } from './constituent';

/** Bytes of one file. */
const LARGEST = 256 * 1024 * 1024;

type Taken = Read & { file: string };
type Failed = { file: string; reason: string };

const type = (text: string): Type => {
	const found = TYPES.find((t) => t === text);
	if (!found) throw new InvalidArgumentError(`It is one of ${TYPES.join(', ')}.`);
	return found;
};

/** `warninglist load`, `warninglist list`, `warninglist remove`. */
export function register(program: Command, { viewer, answer, file }: Pick<Desk, 'viewer' | 'answer' | 'file'>): void {
	const lists = program
		.command('warninglist')
		.description('lists of values that are known to be good: what they hold never raises anything');
	lists
		.command('load <files...>')
		.description(
			'load lists of MISP (JSON) or texts with one value a line, each in the place of one with its name, and mark the indicators that they hold'
		)
		.option('--type <type>', `how the entries are meant, if not as a list says of itself: ${TYPES.join(', ')}`, type)
		.option('--json', 'print one JSON object: { lists, failed, indicators, changed }')
		.action((names: string[], o: { type?: Type; json?: boolean }) =>
			answer(
				async ({ client }) => {
					const taken: Taken[] = [];
					const failed: Failed[] = [];
					for (const name of names)
						try {
							const found = await open(file(name), name, o.type);
							const same = taken.find((t) => t.list.name === found.list.name);
							if (same) throw invalid(`It has the name "${found.list.name}", like ${same.file}.`);
							taken.push({ file: name, ...found });
						} catch (e) {
							if (!isProblem(e)) throw e;
							failed.push({ file: name, reason: e.message });
						}
					if (failed.length) process.exitCode = 1;
					const marked = taken.length
						? await warninglist.load(
								client,
								viewer,
								taken.map((t) => t.list)
							)
						: { indicators: 0, changed: 0 };
					return {
						lists: taken.map(({ file, list: { entries, description: _, ...list }, ...rest }) => ({
							file,
							...list,
							entries: entries.length,
							...rest
						})),
						failed,
						...marked
					};
				},
				o.json,
				(r) =>
					[
						...r.lists.flatMap((l) => [
							`${l.name} (${l.type}): ${some(l.entries)}${l.refused ? `, and ${l.refused} that cannot be taken:` : '.'}`,
							...l.faults.map((f) => `  ${l.file}, ${f.line}: ${f.reason}`),
							...(l.refused > l.faults.length ? [`  … and ${l.refused - l.faults.length} more`] : [])
						]),
						...r.failed.map((f) => `${f.file} was not loaded: ${f.reason}`),
						...(r.lists.length ? [changed(r)] : [])
					].join('\n')
			)
		);
	lists
		.command('list')
		.description('list them, and how many indicators each holds')
		.option('--json', 'print one JSON object: { lists: [ … ] }')
		.action((o: { json?: boolean }) =>
			answer(
				async ({ client }) => ({ lists: await warninglist.list(client, viewer) }),
				o.json,
				(r) =>
					r.lists
						.map((l) =>
							[
								l.name,
								l.version === null ? l.type : `${l.type}, version ${l.version}`,
								some(l.entries),
								`${l.indicators} indicators`,
								new Date(l.loaded * 1000).toISOString()
							].join('\t')
						)
						.join('\n') || 'No warning list yet: watchfloor warninglist load FILE'
			)
		);
	lists
		.command('remove <name>')
		.description('remove a list; what only it held is looked for again')
		.option('--json', 'print one JSON object: { name, removed, indicators, changed }')
		.action((name: string, o: { json?: boolean }) =>
			answer(
				async ({ client }) => ({ name, removed: true, ...(await warninglist.remove(client, viewer, name)) }),
				o.json,
				(r) => `${r.name} is removed. ${changed(r)}`
			)
		);
}

/** Reads a list, of UTF-8 or UTF-16; one that does not say its name has that of its file. */
async function open(path: string, name: string, type: Type | undefined): Promise<Read> {
	const { size } = await stat(path).catch(() => {
		throw invalid('It cannot be read.');
	});
	if (size > LARGEST) throw invalid(`It has ${size} bytes; ${LARGEST} are allowed.`);
	const pieces: Uint8Array[] = [];
	try {
		for await (const piece of utf8(createReadStream(path))) pieces.push(piece);
	} catch (e) {
		if (isProblem(e)) throw e;
		throw invalid(`It cannot be read: ${e instanceof Error ? e.message : String(e)}.`);
	}
	const found = read(
		Buffer.concat(pieces)
			.toString('utf8')
			.replace(/^\ufeff/, ''),
		{ name: split(name).name, type }
	);
	if (!found.list.entries.length)
		throw invalid(`It has no entry that can be taken.${found.faults[0] ? ` ${found.faults[0].reason}` : ''}`);
	return found;
}

const some = (entries: number): string => `${entries} ${entries === 1 ? 'entry' : 'entries'}`;

const changed = (r: warninglist.Marked): string =>
	`${r.indicators} indicators were looked at; ${r.changed} of them are held by other lists than before.`;

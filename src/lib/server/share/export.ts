import { forbidden } from '$lib/core/error';
import { params } from '$lib/core/slice';
import { label } from '$lib/core/tlp';
import { may, type Viewer } from '$lib/core/viewer';
import type { Province } from '$lib/core/province';
import type { Client } from '../store/client';
import * as observation from '../store/observation';
import * as slice from '../store/slice';
import type { About, Writer } from './export/about';
import { csv } from './export/csv';
import { geojson, type Boundary } from './export/geojson';
import { json, lines } from './export/json';
import { stix } from './export/stix';

export const FORMATS = ['csv', 'json', 'jsonl', 'stix', 'geojson'] as const;
export type Format = (typeof FORMATS)[number];
const WRITERS: Record<Exclude<Format, 'geojson'>, () => Writer> = { csv, json, jsonl: lines, stix };

export type Settings = {
	exercise: boolean;
	/** observations at the most */
	most: number;
	/** seconds that a search may take */
	patience: number;
	boundary: () => Boundary;
	provinces: Pick<Province, 'code' | 'name'>[];
	/** milliseconds since 1970 */
	now?: number;
};
export type Export = { type: string; name: string; body: AsyncIterable<string> };

/** Observations that are read at once. */
const PAGE = 1000;

/**
 * The observations of a slice that the viewer may see, the newest first, in a format that says its marking, whether it
 * is an exercise, and whether it was cut. It is written as it is read: no more than a page is held. That it begins, and
 * what became of it, stands in the audit.
 * @throws Problem 403; `too_slow` 503, before anything is written
 */
export async function open(
	client: Pick<Client, 'sql'>,
	viewer: Viewer,
	format: Format,
	asked: observation.Slice,
	settings: Settings
): Promise<Export> {
	if (!may(viewer, 'observation.read')) throw forbidden();
	const about: About = {
		marking: viewer.clearance,
		exercise: settings.exercise,
		made: settings.now ?? Date.now(),
		slice: asked,
		most: settings.most
	};
	const parts =
		format === 'geojson' ? places(client, viewer, about, settings) : rows(client, viewer, format, about, settings);
	// The first part is waited for: what is wrong is told instead of an answer, not in the middle of one.
	const first = await parts.next();
	const writer = format === 'geojson' ? null : WRITERS[format]();
	const time = new Date(about.made).toISOString().replace(/[-:]|\.\d+/g, '');
	return {
		type: writer?.type ?? 'application/geo+json',
		name: `${about.exercise ? 'EXERCISE-' : ''}watchfloor-observations-${label(about.marking).replace(':', '-')}-${time}.${writer?.extension ?? 'geojson'}`,
		body: (async function* () {
			try {
				if (!first.done) yield first.value;
				yield* parts;
			} finally {
				await parts.return(undefined);
			}
		})()
	};
}

async function* rows(
	client: Pick<Client, 'sql'>,
	viewer: Viewer,
	format: Exclude<Format, 'geojson'>,
	about: About,
	{ patience }: Settings
): AsyncGenerator<string, undefined> {
	const writer = WRITERS[format]();
	const read = (cursor: string | undefined, left: number) =>
		observation.list(client, viewer, { ...about.slice, cursor, limit: Math.min(PAGE, left) }, patience);
	let page = await read(undefined, about.most);
	await record(client, viewer, 'begin', format, about, {});
	const end = { rows: 0, cut: false };
	let whole = false;
	try {
		yield writer.begin(about) + writer.page(page.observations);
		for (;;) {
			end.rows += page.observations.length;
			if (!page.next) break;
			if ((end.cut = end.rows >= about.most)) break;
			page = await read(page.next, about.most - end.rows);
			yield writer.page(page.observations);
		}
		whole = true;
		yield writer.end(end);
	} finally {
		await record(client, viewer, 'end', format, about, { ...end, whole });
	}
}

async function* places(
	client: Pick<Client, 'sql'>,
	viewer: Viewer,
	about: About,
	{ patience, boundary, provinces }: Settings
): AsyncGenerator<string, undefined> {
	const drawn = await slice.draw(client, viewer, about.slice, about.made / 1000, patience);
	await record(client, viewer, 'begin', 'geojson', about, {});
	yield geojson(about, drawn, boundary(), provinces);
	await record(client, viewer, 'end', 'geojson', about, { rows: drawn.total, cut: false, whole: true });
}

/** `whole`: all of it was taken, to the end. */
async function record(
	{ sql }: Pick<Client, 'sql'>,
	viewer: Viewer,
	step: 'begin' | 'end',
	format: Format,
	{ slice, marking }: About,
	more: Record<string, unknown>
): Promise<void> {
	const detail = {
		format,
		slice: params(slice as Parameters<typeof params>[0]).toString(),
		marking: label(marking),
		...more
	};
	await sql`insert into audit (actor, action, subject, detail) values (${viewer.id}, ${step === 'begin' ? 'observation.export.begin' : 'observation.export'}, 'observations', ${sql.json(detail as never)})`;
}

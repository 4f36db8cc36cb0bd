import { label } from '$lib/core/tlp';
import type { Viewer } from '$lib/core/viewer';
import type { Client } from '../store/client';
import * as observation from '../store/observation';

/**
 * Observations that the viewer may see, the newest first, as JSON lines: each with its TLP, what it was classified as
 * and where it was placed, and the record as it came. The first line says what it is, for whom, and whether it is an
 * exercise.
 */
export async function* lines(
	client: Client,
	viewer: Viewer,
	exercise: boolean,
	query: observation.Query
): AsyncIterable<string> {
	yield (
		JSON.stringify({
			export: 'watchfloor observations',
			marking: label(viewer.clearance),
			exercise,
			made: new Date().toISOString()
		}) + '\n'
	);
	for (let cursor: string | undefined; ;) {
		const page = await observation.list(client, viewer, { ...query, cursor, limit: 1000 });
		for (const o of page.observations) {
			const { raw, observed, tlp, ...rest } = o;
			yield (
				JSON.stringify({
					tlp: label(tlp),
					...(exercise ? { exercise } : {}),
					observed: new Date(observed * 1000).toISOString(),
					...rest,
					record: record(raw)
				}) + '\n'
			);
		}
		if (!page.next) return;
		cursor = page.next;
	}
}

/** The record as JSON, or as text when it is none. */
function record(raw: string): unknown {
	try {
		return JSON.parse(raw);
	} catch {
		return raw;
	}
}

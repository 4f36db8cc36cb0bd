import type { RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import { DIRECTIONS } from '$lib/core/direction';
import { forbidden, invalid, Problem, unauthenticated } from '$lib/core/error';
import { UNLOCATED } from '$lib/core/province';
import { UNATTRIBUTED } from '$lib/core/sector';
import { SEVERITIES } from '$lib/core/severity';
import { may, type Right, type Viewer } from '$lib/core/viewer';
import type { Rules } from '$lib/server/store/incident';

/** The viewer of a request who has the right. @throws Problem 401 or 403 */
export function viewer({ locals }: RequestEvent, right: Right): Viewer {
	if (!locals.grant) throw unauthenticated();
	if (!locals.viewer || !may(locals.viewer, right))
		throw forbidden(locals.viewer ? undefined : 'A source may only deliver its reports.');
	return locals.viewer;
}

/** The version that a change was made from, as `If-Match` has it. @throws Problem 428 */
export function version({ request }: RequestEvent): number {
	const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(request.headers.get('if-match') ?? '')?.[1];
	if (!match)
		throw new Problem(
			'precondition_required',
			428,
			'A change needs If-Match with the version that you read, such as If-Match: "3".'
		);
	return Number(match);
}

/** The query of a request by its schema; an empty parameter counts as absent. @throws Problem 400 that names the parameter */
export function query<S extends z.ZodType>(url: URL, schema: S): z.output<S> {
	const given = Object.fromEntries([...url.searchParams].filter(([, value]) => value !== ''));
	const parsed = schema.safeParse(given);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0]!;
	const path = issue.path.join('.') || (issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : '');
	throw invalid(`${path}: ${issue.code === 'unrecognized_keys' ? 'is not a parameter of this path' : issue.message}`, {
		path
	});
}

type Facets = {
	sector?: string;
	province?: string;
	class?: string;
	type?: string;
	severity?: string;
	direction?: string;
};

/**
 * The same filter with every spelling replaced by the reference data's: a word that nothing has would otherwise count
 * nothing, and look like a fact.
 * @throws Problem 400 that names the parameter
 */
export function known<T extends Facets>(filter: T, { reference }: App.Locals['app']): T {
	const look = (path: keyof Facets, find: (word: string) => string | undefined): Facets => {
		const word = filter[path];
		if (word === undefined) return {};
		const found = find(word.trim().toLowerCase());
		if (found === undefined) throw invalid(`${path}: "${word}" is not known here.`, { path });
		return { [path]: found };
	};
	const among = (words: readonly string[]) => (word: string) => words.find((w) => w === word);
	return {
		...filter,
		...look('sector', (w) => (w === UNATTRIBUTED ? w : reference.sector.get(w))),
		...look('province', (w) => (w === UNLOCATED ? w : reference.province.get(w))),
		...look('class', among(reference.classes.map((c) => c.slug))),
		...look('type', (w) => reference.type.get(w)?.slug),
		...look('severity', among(SEVERITIES)),
		...look('direction', among(DIRECTIONS))
	};
}

/** Epoch seconds of an ISO 8601 time. */
export const seconds = (iso: string): number => Date.parse(iso) / 1000;
/** ISO 8601 of epoch seconds. */
export const iso = (s: number | null): string | null => (s === null ? null : new Date(s * 1000).toISOString());

/** Bytes of a JSON body at the most. */
const LONGEST = 1_048_576;

/** The JSON body of a request. @throws Problem 400, 413 */
export async function body(request: Request): Promise<unknown> {
	if (Number(request.headers.get('content-length')) > LONGEST)
		throw new Problem('too_large', 413, `The body has more than ${LONGEST} bytes.`);
	const parts: Uint8Array[] = [];
	let bytes = 0;
	// Counted as it comes: a body that does not say how long it is must not be held whole before it is refused.
	for await (const part of (request.body ?? []) as AsyncIterable<Uint8Array>) {
		if ((bytes += part.byteLength) > LONGEST)
			throw new Problem('too_large', 413, `The body has more than ${LONGEST} bytes.`);
		parts.push(part);
	}
	try {
		return JSON.parse(Buffer.concat(parts).toString());
	} catch {
		throw invalid('The body is not JSON.');
	}
}

/** What incidents are checked against. */
export const rules = ({ reference, config, mode }: App.Locals['app']): Rules => ({
	reference,
	prefix: config.WATCHFLOOR_INCIDENT_PREFIX,
	exercise: mode === 'exercise'
});

import { isAbsolute, normalize } from 'node:path';
import { z } from 'zod';
import { invalid } from '$lib/core/error';
import type { Client } from '../store/client';
import * as fetches from '../store/fetch';
import type { Settings } from './fetcher';
import { KINDS } from './kinds';
import type { Seal } from './seal';

/** Names of headers that say who asks; others mean something to the connection. */
const HEADER = /^(authorization|x-[a-z0-9-]+|[a-z0-9-]*(api|key|token|auth)[a-z0-9-]*)$/i;
const line = (most: number) =>
	z
		.string()
		.min(1, 'is empty')
		.max(most, `has ${most} characters at the most`)
		.refine((s) => [...s].every((c) => c >= ' ' && c !== '\u007f'), 'is one line of text');

const Input = z.object({
	kind: z.string().refine((k) => KINDS.has(k), `is one of ${[...KINDS.keys()].join(', ')}`),
	url: line(2000).optional(),
	collection: line(300).optional(),
	user: line(200)
		.refine((s) => !s.includes(':'), 'has no colon in it')
		.optional(),
	header: z.string().regex(HEADER, 'is a header that says who asks, such as Authorization or X-Api-Key').optional(),
	path: line(2000).optional(),
	settle: z.number().int().min(1).max(86_400).optional(),
	secret: line(8000).optional()
});
export type Input = z.input<typeof Input>;
/** What is to be fetched from, checked; `hidden` is what has to be sealed. */
export type Plan = { kind: string; settings: Settings; hidden: Hidden | null };
export type Hidden = { secret?: string; query?: string };

/**
 * Checks what a source is to be fetched from, before anything is written.
 * @throws Problem `invalid` that says what is wrong, and never what was entered as a secret
 */
export function plan(input: Input, format: string): Plan {
	const parsed = Input.safeParse(input);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw invalid(`${String(issue!.path[0] ?? 'It')} ${issue!.message}.`);
	}
	const { kind, secret, url: href, ...rest } = parsed.data;
	const fetcher = KINDS.get(kind)!;
	if (fetcher.format && fetcher.format !== format)
		throw invalid(`What comes by ${kind} is in the format ${fetcher.format}, not ${format}.`);
	for (const name of Object.keys(rest) as (keyof typeof rest)[])
		if (rest[name] !== undefined && !fetcher.options.includes(name)) throw invalid(`${kind} knows no ${name}.`);
	if (kind === 'folder') {
		if (!rest.path || !isAbsolute(rest.path)) throw invalid('A folder is named by its whole path, from / on.');
		if (href || secret) throw invalid('A folder has a path, and neither an address nor a secret.');
		return { kind, settings: { ...rest, path: normalize(rest.path) }, hidden: null };
	}
	if (!href || !URL.canParse(href) || !/^https?:$/.test(new URL(href).protocol))
		throw invalid('It needs an address to fetch from that begins with https://.');
	const url = new URL(href);
	if (url.username || url.password)
		throw invalid('The address holds a name or a password: say the name with --user, and keep the password out of it.');
	if (rest.user && rest.header) throw invalid('A secret goes with a user or in a header, not both.');
	if ((rest.user || rest.header) && !secret)
		throw invalid('A user or a header needs a secret: WATCHFLOOR_FETCH_SECRET, or --password-file.');
	if (secret && !rest.user && !/^[\x20-\x7e]+$/.test(secret))
		throw invalid('A secret that goes in a header as it is has no letters but those of ASCII.');
	const query = url.search || undefined;
	url.search = url.hash = '';
	const hidden = secret || query ? { ...(secret ? { secret } : {}), ...(query ? { query } : {}) } : null;
	return { kind, settings: { ...rest, url: url.href }, hidden };
}

/** Has a source fetched from now on by this plan, from the beginning. */
export const set = ({ sql }: Client, actor: string, source: number, plan: Plan, seal: Seal): Promise<void> =>
	fetches.set(sql, actor, source, {
		kind: plan.kind,
		settings: plan.settings,
		sealed: plan.hidden && seal.close(plan.hidden, source)
	});

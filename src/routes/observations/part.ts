import { error, redirect } from '@sveltejs/kit';
import { isProblem } from '$lib/core/error';
import { FACETS, params, type Slice } from '$lib/core/slice';
import type { Observation } from '$lib/server/store/observation';
import { Filter } from '$lib/wire/query';
import { known, query, seconds } from '../api/viewer';

/** A time of a form, which knows no offset: what a person enters is PKT. */
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/**
 * The slice of an address. A time without an offset is PKT.
 * @throws the page's error that names the parameter
 */
export function slice(url: URL, app: App.Locals['app']): Slice {
	const asked = new URL(url.pathname, url);
	for (const name of ['from', 'to', ...FACETS]) {
		const value = url.searchParams.get(name)?.trim();
		if (value) asked.searchParams.set(name, LOCAL.test(value) ? `${value}+05:00` : value);
	}
	try {
		const { from, to, ...rest } = query(asked, Filter);
		const part: Slice = { ...known(rest, app), from: from && seconds(from), to: to && seconds(to) } as Slice;
		return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Slice;
	} catch (e) {
		if (isProblem(e)) error(e.status, e.message);
		throw e;
	}
}

/** One address for one slice: what a form leaves empty is left out, times are in UTC. @throws the way there */
export function settle(url: URL, part: Slice, more: readonly string[]): void {
	const wanted = params(part);
	for (const name of more) {
		const value = url.searchParams.get(name);
		if (value) wanted.set(name, value);
	}
	// `/save` is the name of an action, and no parameter.
	const given = [...url.searchParams]
		.filter(([name]) => !name.startsWith('/'))
		.map((p) => p.join('='))
		.sort();
	if (
		given.join('&') !==
		[...wanted]
			.map((p) => p.join('='))
			.sort()
			.join('&')
	)
		redirect(307, `${url.pathname}${wanted.size ? `?${wanted}` : ''}`);
}

/** Characters of a text in a row; all of it stands on the page of the observation. */
const LONGEST = 300;
const cut = (text: string | null): string | null =>
	text !== null && text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;

/** An observation as a row of the table: without the record, and with texts as long as a row can show. */
export type Line = Omit<Observation, 'raw' | 'rule' | 'batch' | 'sourceAsn'>;
export const line = ({ raw: _, rule: __, batch: ___, sourceAsn: ____, ...o }: Observation): Line => ({
	...o,
	fqdn: cut(o.fqdn),
	url: cut(o.url),
	malware: cut(o.malware),
	summary: cut(o.summary)
});

import { invalid } from '$lib/core/error';

/** A keyset cursor: the sort key of the last row of a page, opaque to clients. */
export const encode = (key: (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** What a part of a key must be, so that the database can compare with it. */
const KINDS = {
	text: (v: unknown) => typeof v === 'string' && !v.includes('\0'),
	uuid: (v: unknown) => typeof v === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(v),
	/** as PostgreSQL writes it */
	instant: (v: unknown) =>
		typeof v === 'string' &&
		/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00$/.test(v) &&
		!Number.isNaN(Date.parse(v.replace('+00', 'Z'))),
	/** epoch seconds */
	seconds: (v: unknown) => typeof v === 'number' && Math.abs(v) < 1e11,
	whole: (v: unknown) => Number.isSafeInteger(v)
};

/** @throws Problem `invalid` when it is no cursor of ours with parts of these kinds */
export function decode(cursor: string, ...kinds: (keyof typeof KINDS)[]): (string | number)[] {
	try {
		const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
		if (Array.isArray(key) && key.length === kinds.length && kinds.every((kind, i) => KINDS[kind](key[i])))
			return key as (string | number)[];
	} catch {
		// answered below
	}
	throw invalid('The cursor is not one that this server gave; start again without it.');
}

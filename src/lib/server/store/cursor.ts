import { invalid } from '$lib/core/error';

/** A keyset cursor: the sort key of the last row of a page, opaque to clients. */
export const encode = (key: (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** @throws Problem `invalid` when it is no cursor of ours with `length` parts */
export function decode(cursor: string, length: number): (string | number)[] {
	try {
		const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
		if (Array.isArray(key) && key.length === length && key.every((k) => typeof k === 'string' || typeof k === 'number')) return key;
	} catch {
		// answered below
	}
	throw invalid('The cursor is not one that this server gave; start again without it.');
}

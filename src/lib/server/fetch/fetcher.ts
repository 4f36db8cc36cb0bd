import { createHash } from 'node:crypto';
import type { JSONValue } from 'postgres';
import type { Bytes } from './bytes';
import type { Web } from './web';

/** Where a source is fetched from and as whom; nothing in it is secret. */
export type Settings = {
	/** without its query, which may hold a key; absent for a folder */
	url?: string;
	/** of TAXII: id, alias or title; without it, the only one that may be read */
	collection?: string;
	/** for a password */
	user?: string;
	/** in which the secret goes as it is; without user and header it goes as a bearer token */
	header?: string;
	/** of a folder: absolute */
	path?: string;
	/** of a folder: seconds that a file has not changed when it is taken as complete */
	settle?: number;
};

/** One run as a fetcher sees it. */
export type Visit = {
	settings: Settings;
	/** with its query; of a folder, there is none */
	url: URL;
	web: Web;
	/** whether it asks as somebody */
	known: boolean;
	/** what was committed last; null in the first run */
	cursor: JSONValue;
	/** of a source that lists its parts: which of them have been delivered, and in which state */
	stamps: ReadonlyMap<string, string>;
	/** bytes of one file */
	size: number;
	/** Says of one part that it could not be had; the others are. */
	note(text: string): void;
};

/**
 * One body, and what holds after its commit: where to go on, or that this part is done in this state. A step without a
 * body only says so.
 */
export type Step = {
	body?: { bytes: Bytes; contentType: string; filename?: string };
	cursor?: JSONValue;
	mark?: { item: string; stamp: string };
};

/** The shape of every kind of source that is fetched from: it asks, and whoever runs it delivers and remembers. */
export type Fetcher = {
	name: string;
	/** the only format that comes this way; absent: any */
	format?: string;
	/** the settings that it knows, beside the address or the folder */
	options: readonly (keyof Settings)[];
	run(visit: Visit): AsyncGenerator<Step>;
};

/** An own member of what may be an object: a text of a feed may be called `constructor`. */
export const own = (value: unknown, name: string): unknown =>
	typeof value === 'object' && value !== null && Object.hasOwn(value, name)
		? (value as Record<string, unknown>)[name]
		: undefined;
export const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What a part of a source is remembered by: a text as it is, unless it is too long for that. */
export const key = (text: string): string =>
	text.length <= 500 ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The last part of a path, as the name of the file that it is. */
export const filename = (url: URL): string | undefined => {
	const last = url.pathname.split('/').at(-1)!;
	try {
		return decodeURIComponent(last).slice(0, 255) || undefined;
	} catch {
		return last.slice(0, 255) || undefined;
	}
};

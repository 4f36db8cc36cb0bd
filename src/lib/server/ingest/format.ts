/**
 * The shape that every format has: bytes in, records or problems out, a piece at a time, never the whole body in
 * memory. A format reads; it knows nothing of sources, of the database or of what is counted.
 */

import type { Observable } from '$lib/core/observable';

/** One end of what was seen. */
export type End = { ip?: string; port?: number; asn?: number; country?: string; fqdn?: string; url?: string };

/** One report as its format states it, in neutral words. What is absent was not stated. */
export type Report = {
	/** when it was observed, milliseconds since 1970 */
	observed: number;
	type?: string;
	severity?: string | number;
	tlp?: string;
	province?: string;
	sector?: string;
	source: End;
	destination: End;
	malware?: string;
	summary?: string;
	/** values that it carries beside the ends: hashes, mail addresses */
	values?: Observable[];
	/** what makes this report the same as another one of its source, apart from `observed` */
	identity: string;
};

/** What a thing says about a value: look for it, or (not `actionable`) know it as context. */
export type Claim = Observable & {
	actionable: boolean;
	/** the value alone is not what was meant: it is one part of a pattern that asks for several at once */
	partial?: boolean;
	/** 0 to 100 (STIX confidence) */
	confidence?: number;
	/** milliseconds since 1970 */
	from?: number;
	until?: number;
};

/** That somebody else saw something: a thing by its key, or values. */
export type Seen = {
	key?: string;
	values?: Observable[];
	/** `false-positive`: it was seen and is harmless; `expired`: it is not to be looked for any more */
	verdict: 'seen' | 'false-positive' | 'expired';
	count: number;
	/** milliseconds since 1970 */
	first?: number;
	last?: number;
};

/** One object of an exchange format that is no report of its own: an indicator, a sighting, a vulnerability, an advisory. */
export type Thing = {
	/** STIX object type, or `advisory` */
	kind: string;
	/** what it is within its source, for ever: a STIX id, a MISP UUID, a CVE number */
	key: string;
	/** what makes two versions of it the same one */
	revision: string;
	/** when this version was made, ISO 8601 with up to six digits of a second; absent: versions are in the order of their arrival */
	modified?: string;
	name?: string;
	/** the strictest TLP that it states, as it states it */
	tlp?: string;
	/** keys of markings that it refers to and its delivery has not explained */
	markings?: string[];
	revoked?: boolean;
	/** key of the report or event that it came in */
	group?: string;
	/** sectors that it names, in its own words */
	sectors?: string[];
	claims?: Claim[];
	seen?: Seen;
	/** what a list or a screen needs beside the name: small, flat, JSON */
	facts?: Record<string, string | number | boolean | string[]>;
};

/** Why a record cannot be taken: `path` names the place in the record, `reason` is for a person. */
export type Fault = { path: string; code: string; reason: string; tlp?: string };

export type Item =
	| { kind: 'report'; line: number; raw: string; report: Report }
	| { kind: 'thing'; line: number; raw: string; thing: Thing }
	| { kind: 'fault'; line: number; raw: Buffer; fault: Fault }
	| { kind: 'ignored'; line: number };

/** Bytes: of one record; of one document that has to be read as a whole. */
export type Limits = { record: number; document: number };

export type Format = {
	name: string;
	/**
	 * Reads a body. Pieces of the answer follow the pieces of the body, so that a slow consumer slows the sender.
	 * @param filename the name of the file that the body was, if one was stated: text that may tell a format something, never a path
	 * @throws Problem `broken_envelope` (400) when the body as a whole cannot be read on.
	 */
	read(body: AsyncIterable<Uint8Array>, contentType: string, limits: Limits, filename?: string): AsyncIterable<Item[]>;
	/** Reads one record that was in quarantine. */
	one(raw: Buffer): Item;
	/** Reads what was in quarantine where that may be a document of several records. */
	all?(raw: Buffer): Item[] | Promise<Item[]>;
};

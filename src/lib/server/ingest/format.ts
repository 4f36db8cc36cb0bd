/**
 * The shape that every format has: bytes in, records or problems out, a piece at a time, never the whole body in
 * memory. A format reads; it knows nothing of sources, of the database or of what is counted.
 */

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
	/** what makes this report the same as another one of its source, apart from `observed` */
	identity: string;
};

/** Why a record cannot be taken: `path` names the place in the record, `reason` is for a person. */
export type Fault = { path: string; code: string; reason: string; tlp?: string };

export type Item =
	| { kind: 'report'; line: number; raw: string; report: Report }
	| { kind: 'fault'; line: number; raw: Buffer; fault: Fault }
	| { kind: 'ignored'; line: number };

export type Limits = { record: number };

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
};

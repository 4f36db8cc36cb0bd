import type { Format, Item, Limits } from '../format';
import { members, type Part } from '../members';
import { parse, unread, type Cut } from '../record';
import { OBSERVABLES } from './stix/catalogue';
import { check } from './stix/check';
import { Markings, references } from './stix/marking';
import { thing } from './stix/object';
import type { Version } from './stix/property';
import { isObject, own, word, type Json } from './stix/value';

/**
 * STIX 2.1 and 2.0: bundles, envelopes of TAXII, lists of objects and single objects, one or many. Each object is a
 * record of its own: what the specification says that it MUST be is checked, and an object that is not that is held back
 * by itself. References may lead nowhere.
 */
export const stix: Format = {
	name: 'stix',
	async *read(body, _contentType, limits) {
		const reader = new Reader(limits);
		try {
			for await (const parts of members(body, 'objects', limits)) yield parts.flatMap((p) => reader.take(p));
		} catch (e) {
			// A body that breaks off has brought what came before it.
			yield reader.rest();
			throw e;
		}
		yield reader.rest();
	},
	one(raw) {
		const all = every(raw);
		return all.length === 1
			? all[0]!
			: unread(
					{ bytes: raw, size: raw.length, line: 1 },
					'several',
					'',
					`The record holds ${all.length} objects of STIX, and not one.`
				);
	},
	all: every
};

function every(raw: Buffer): Item[] {
	const reader = new Reader({ record: Infinity, document: Infinity });
	return [...reader.take({ bytes: raw, size: raw.length, line: 1, of: 'value' }), ...reader.rest()];
}

/** Bundles inside each other. */
const DEEPEST = 3;
/** Members of a page of TAXII. */
const ENVELOPE = ['more', 'next'];
/** Bytes of objects that wait for a marking which is defined later in the same body. */
const WAITING = 8 * 1024 * 1024;

class Reader {
	readonly #markings = new Markings();
	#waiting: { cut: Cut; raw: string; object: Json; version: Version }[] = [];
	#bytes = 0;

	constructor(readonly limits: Limits) {}

	take(part: Part): Item[] {
		// An envelope has been read element by element; one without any still has to be JSON.
		const parsed = parse(part, part.of === 'envelope' ? this.limits.document : this.limits.record);
		if ('kind' in parsed) return [parsed];
		if (part.of === 'envelope') return [];
		return this.#object(parsed.value, parsed.raw, part);
	}

	/** What has waited to the end. */
	rest(): Item[] {
		const out = this.#waiting.map((w): Item => ({
			kind: 'thing',
			line: w.cut.line,
			raw: w.raw,
			thing: thing(w.object, w.version, this.#markings)
		}));
		this.#waiting = [];
		this.#bytes = 0;
		return out;
	}

	#object(value: unknown, raw: string, cut: Cut, depth = 0): Item[] {
		if (depth > DEEPEST)
			return [unread(cut, 'too_deep', 'objects', `Bundles stand in bundles, more than ${DEEPEST} deep.`)];
		if (!isObject(value))
			return [unread(cut, 'not_object', '', 'The record is no object of STIX: a JSON object with a type and an id.')];
		const boxed = own(value, 'bundle');
		if (isObject(boxed) && own(value, 'type') === undefined) return this.#object(boxed, raw, cut, depth + 1);
		const inner = own(value, 'type') === 'bundle' ? own(value, 'objects') : undefined;
		if (own(value, 'type') === 'bundle')
			return Array.isArray(inner)
				? inner.flatMap((o) => {
						const text = JSON.stringify(o);
						return this.#object(o, text, { bytes: Buffer.from(text), size: text.length, line: cut.line }, depth + 1);
					})
				: inner === undefined
					? [{ kind: 'ignored', line: cut.line }] // a bundle may hold nothing
					: [unread(cut, 'wrong_value', 'objects', 'The objects of the bundle are no list.')];
		if (
			own(value, 'type') === undefined &&
			ENVELOPE.some((n) => Object.hasOwn(value, n)) &&
			own(value, 'id') === undefined
		)
			return [{ kind: 'ignored', line: cut.line }]; // a page that holds nothing
		if (own(value, 'type') === 'marking-definition') this.#markings.define(value); // what it means counts even if it is not valid
		const version = versionOf(value);
		const bad = check(value, version);
		if (bad) return [unread(cut, 'not_valid', bad.path, bad.reason)];
		const unknown = references(value).some((id) => !this.#markings.knows(id));
		if (unknown && this.#bytes < WAITING) {
			this.#waiting.push({ cut: { ...cut, bytes: Buffer.alloc(0) }, raw, object: value, version });
			this.#bytes += raw.length;
			return [];
		}
		return [{ kind: 'thing', line: cut.line, raw, thing: thing(value, version, this.#markings) }];
	}
}

/** Objects of 2.1 say so; observables of their own are of 2.1 whether they say so or not. */
function versionOf(o: Json): Version {
	const said = own(o, 'spec_version');
	if (said !== undefined) return said === '2.0' ? '2.0' : '2.1';
	const type = word(own(o, 'type'));
	return OBSERVABLES.has(type) || type === 'extension-definition' ? '2.1' : '2.0';
}

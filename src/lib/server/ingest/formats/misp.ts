import type { Format, Item } from '../format';
import { parse, unread } from '../record';
import * as split from '../split';
import { find } from './misp/envelope';
import { attribute, context, event, object, sighting } from './misp/event';

/**
 * MISP: events, one or many, in the envelopes in which its interface, its exports and its feeds have them; collections of
 * attributes and of objects; single attributes; and the manifest of a feed, which only lists events. An event is one
 * document: it becomes a report, an indicator for each attribute, its objects' included, and a sighting for each
 * sighting. One attribute that cannot be read does not hold back the others.
 */
export const misp: Format = {
	name: 'misp',
	async *read(body, _contentType, limits) {
		for await (const pieces of split.values(body, { ...limits, record: limits.document }))
			for (const piece of pieces) yield* turns(piece, limits.document);
	},
	one(raw) {
		const all = every(raw);
		return all.length === 1
			? all[0]!
			: unread(cut(raw), 'several', '', `The record holds ${all.length} records of MISP, and not one.`);
	},
	all: every
};

const cut = (raw: Buffer) => ({ bytes: raw, size: raw.length, line: 1 });

function every(raw: Buffer): Item[] {
	return [...turns(cut(raw), Infinity)].flat();
}

/** Records, and characters of them, that are handed on at a time: an event may have a hundred thousand. */
const TURN = { records: 500, size: 1024 * 1024 };

function* turns(piece: split.Piece, most: number): Iterable<Item[]> {
	let turn: Item[] = [];
	let size = 0;
	try {
		for (const item of items(piece, most)) {
			turn.push(item);
			size += item.kind === 'ignored' ? 0 : item.raw.length;
			if (turn.length < TURN.records && size < TURN.size) continue;
			yield turn;
			turn = [];
			size = 0;
		}
	} catch (e) {
		if (!(e instanceof RangeError)) throw e;
		// What is nested too deep can be read, and not be written again.
		turn.push(unread(piece, 'too_deep', '', 'The record is nested too deep.'));
	}
	if (turn.length) yield turn;
}

function* items(piece: split.Piece, most: number): Iterable<Item> {
	const parsed = parse(piece, most, 'WATCHFLOOR_MAX_DOCUMENT');
	if ('kind' in parsed) return yield parsed;
	const found = find(parsed.value);
	if (!found.length)
		return yield unread(
			piece,
			'not_misp',
			'',
			'The record is nothing that MISP exchanges: no event, no attribute, no object, no sighting and no manifest.'
		);
	for (const part of found)
		switch (part.is) {
			case 'nothing':
				yield { kind: 'ignored', line: piece.line };
				break;
			case 'manifest':
				for (let i = 0; i < part.entries; i++) yield { kind: 'ignored', line: piece.line };
				break;
			case 'event':
				yield* event(part.event, piece.line);
				break;
			case 'object':
				yield* object(part.object, context(part.event), piece.line, 'Object');
				break;
			case 'sighting':
				yield sighting(part.sighting, undefined, context(part.event), piece.line);
				break;
			case 'attribute':
				yield* attribute(part.attribute, context(part.event), piece.line, 'Attribute');
		}
}

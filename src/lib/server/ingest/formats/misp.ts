import type { Format, Item } from '../format';
import { parse, unread } from '../record';
import * as split from '../split';
import { find } from './misp/envelope';
import { attribute, event, object, sighting } from './misp/event';

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
			for (const piece of pieces) yield items(piece, limits.document);
	},
	one(raw) {
		const all = this.all!(raw);
		return all.length === 1
			? all[0]!
			: unread(cut(raw), 'several', '', `The record holds ${all.length} records of MISP, and not one.`);
	},
	all: (raw) => items(cut(raw), Infinity)
};

const cut = (raw: Buffer) => ({ bytes: raw, size: raw.length, line: 1 });

function items(piece: split.Piece, most: number): Item[] {
	const parsed = parse(piece, most, 'WATCHFLOOR_MAX_DOCUMENT');
	if ('kind' in parsed) return [parsed];
	const found = find(parsed.value);
	if (!found.length)
		return [
			unread(
				piece,
				'not_misp',
				'',
				'The record is nothing that MISP exchanges: no event, no attribute, no object, no sighting and no manifest.'
			)
		];
	return found.flatMap((part) => {
		switch (part.is) {
			case 'manifest':
				return Array.from({ length: part.entries }, () => ({ kind: 'ignored' as const, line: piece.line }));
			case 'event':
				return event(part.event, piece.line);
			case 'object':
				return object(part.object, part.event, piece.line, 'Object');
			case 'sighting':
				return [sighting(part.sighting, undefined, part.event, piece.line)];
			case 'attribute':
				return attribute(part.attribute, part.event, piece.line, 'Attribute');
		}
	});
}

import { hash } from 'node:crypto';
import { parse, rank } from '$lib/core/tlp';
import type { Kind } from '$lib/core/observable';
import type { Claim, Item, Thing } from '../../format';
import { unread } from '../../record';
import { instant } from '../intelmq';
import { isObject, own, type Json } from './envelope';
import { TYPES } from './types';

/** An event, its attributes and those of its objects, and what was seen of them. */
export function* event(e: Json, line: number): Iterable<Item> {
	const context = around(e);
	const rest = Object.fromEntries(Object.entries(e).filter(([name]) => !LISTS.has(name)));
	const attributes = list(e, 'Attribute');
	const objects = list(e, 'Object');
	const tags = names(e);
	const tlp = marking([...tags, ...distribution(e)]);
	const thing: Thing = {
		kind: 'report',
		key: key(e, 'uuid' in rest ? rest : e),
		...version(e, rest, tlp),
		name: text(e, 'info'),
		tlp,
		revoked: flag(e, 'deleted'),
		sectors: sectors(e, tags),
		facts: {
			date: text(e, 'date') ?? '',
			organisation: isObject(own(e, 'Orgc')) ? (text(own(e, 'Orgc') as Json, 'name') ?? '') : '',
			threat: text(e, 'threat_level_id') ?? '',
			analysis: text(e, 'analysis') ?? '',
			published: flag(e, 'published'),
			tags: tags.slice(0, 50).map((t) => t.slice(0, 200)),
			attributes: attributes.length
		}
	};
	// Objects without their attributes, reports and proposals stand with the event, so that they can be shared on.
	const shells = objects.map((o) => (isObject(o) ? { ...o, Attribute: undefined } : o));
	yield {
		kind: 'thing',
		line,
		raw: JSON.stringify({ Event: { ...rest, Object: shells.length ? shells : undefined } }),
		thing
	};
	for (const name of ['Attribute', 'Object'])
		if (own(e, name) !== undefined && own(e, name) !== null && typeof own(e, name) !== 'object')
			yield fault(own(e, name), context, line, `Event.${name}`, `The ${name} of the event is no list.`);
	for (const [i, a] of attributes.entries()) yield* attribute(a, context, line, `Event.Attribute[${i}]`);
	for (const [i, o] of objects.entries()) yield* object(o, context, line, `Event.Object[${i}]`);
}

/** The attributes of an object. */
export function* object(o: unknown, context: Json, line: number, path: string): Iterable<Item> {
	if (!isObject(o)) return yield fault(o, context, line, path, 'The object of the event is no JSON object.');
	const own_ = { gone: flag(o, 'deleted'), tags: [...names(o), ...distribution(o)], name: text(o, 'name') };
	for (const [i, a] of list(o, 'Attribute').entries())
		yield* attribute(a, context, line, `${path}.Attribute[${i}]`, own_);
}

/** What an attribute has from the object that it stands in. */
type Within = { gone: boolean; tags: string[]; name?: string };
const NOWHERE: Within = { gone: false, tags: [] };

/** One attribute and its sightings. */
export function* attribute(a: unknown, context: Json, line: number, path: string, within = NOWHERE): Iterable<Item> {
	if (!isObject(a)) return yield fault(a, context, line, path, 'The attribute is no JSON object.');
	const type = own(a, 'type');
	const value = own(a, 'value');
	if (typeof type !== 'string' || !type)
		return yield fault(a, context, line, `${path}.type`, 'The attribute has no type.');
	if (value === undefined || value === null || value === '' || typeof value === 'object')
		return yield fault(a, context, line, `${path}.value`, `The attribute of type "${type.slice(0, 80)}" has no value.`);
	const { Sighting: _, Event: __, ...said } = a;
	const facts: Record<string, unknown> = said;
	if (within.gone) facts.deleted = true;
	const id = key(a, { type, value }, own(context, 'uuid'));
	const marks = [...within.tags, ...names(a), ...distribution(a), ...names(context), ...distribution(context)];
	const tlp = marking(marks);
	const thing: Thing = {
		kind: 'indicator',
		key: id,
		...version(a, facts, tlp),
		group: group(context),
		name: text(a, 'comment') || within.name || text(context, 'info'),
		tlp,
		revoked: flag(facts, 'deleted'),
		claims: claims(a, type, String(value)),
		facts: {
			type,
			category: text(a, 'category') ?? '',
			relation: text(a, 'object_relation') ?? '',
			tags: names(a)
				.slice(0, 50)
				.map((t) => t.slice(0, 200))
		}
	};
	const kept = within.tags.length
		? { ...facts, Tag: [...list(a, 'Tag'), ...within.tags.map((name) => ({ name }))] }
		: facts;
	yield { kind: 'thing', line, raw: JSON.stringify({ Attribute: kept, Event: small(context) }), thing };
	for (const s of list(a, 'Sighting')) yield sighting(s, id, context, marks, line);
}

const group = (context: Json): string | undefined =>
	typeof own(context, 'uuid') === 'string' ? String(own(context, 'uuid')).toLowerCase() : undefined;

const VERDICTS = new Map([
	['0', 'seen'],
	['1', 'false-positive'],
	['2', 'expired']
] as const);

/** One sighting of an attribute. */
export function sighting(s: unknown, of: string | undefined, context: Json, marks: string[], line: number): Item {
	const broken = (reason: string): Item =>
		unread(
			{
				bytes: Buffer.from(
					JSON.stringify({ Sighting: isObject(s) ? { ...s, attribute_uuid: of } : s, Event: context })
				),
				size: 0,
				line
			},
			'wrong_value',
			'Sighting',
			reason
		);
	if (!isObject(s)) return broken('The sighting is no JSON object.');
	const beside = own(s, 'Attribute');
	const about =
		of ?? (text(s, 'attribute_uuid') ?? (isObject(beside) ? text(beside, 'uuid') : undefined))?.toLowerCase();
	const verdict = VERDICTS.get((text(s, 'type') ?? '0') as '0');
	if (!about) return broken('The sighting does not say of which attribute it is (attribute_uuid).');
	if (!verdict) return broken(`"${text(s, 'type')?.slice(0, 80)}" is no type of a sighting: 0, 1 or 2.`);
	const at = seconds(own(s, 'date_sighting'));
	const tlp = marking([...marks, ...names(s), ...names(context), ...distribution(context)]);
	const facts = { ...s, attribute_uuid: about, ...(tlp ? { Tag: [{ name: tlp }] } : {}) };
	const thing: Thing = {
		kind: 'sighting',
		key: key(s, facts, about),
		revision: text(s, 'date_sighting') ?? digest(facts),
		modified: at === undefined ? undefined : iso(at),
		tlp,
		group: group(context),
		seen: { key: about, verdict, count: 1, first: at && at * 1000, last: at && at * 1000 }
	};
	return { kind: 'thing', line, raw: JSON.stringify({ Sighting: facts, Event: small(context) }), thing };
}

/** What the value says to look for, part by part. Known as context when the attribute is not for detection. */
function claims(a: Json, type: string, value: string): Claim[] {
	const kinds = TYPES.get(type);
	if (!kinds) return [];
	// Some write an address and its port with a colon.
	const bare = type.endsWith('|port') && !value.includes('|') ? value.replace(/:\d{1,5}$/, '') : value;
	const whole = kinds.length > 1 && !bare.includes('|') && type.startsWith('filename|');
	const parts = whole ? [undefined, bare] : kinds.length > 1 ? bare.split('|') : [bare];
	const actionable = flag(a, 'to_ids');
	const from = first(text(a, 'first_seen'));
	return kinds.flatMap((kind, i) => {
		const part = parts[i]?.trim();
		if (!kind || !part) return [];
		return [{ kind: kind.replace('?', '') as Kind, value: part, actionable, partial: kind.endsWith('?'), from }];
	});
}

const LISTS = new Set(['Attribute', 'Object', 'RelatedEvent']);

/** What is kept of an event beside each of its attributes. */
function around(e: Json): Json {
	const kept: Record<string, unknown> = {};
	for (const name of ['uuid', 'info', 'date', 'timestamp', 'distribution', 'Orgc', 'Tag'])
		if (Object.hasOwn(e, name)) kept[name] = e[name];
	return kept;
}

/** Bytes of an event that are kept beside each of its attributes. */
const BESIDE = 2000;

/** An event as it is kept beside each of its attributes: cut, or a large one would be kept a thousand times. */
function small(context: Json): Json {
	const info = text(context, 'info')?.slice(0, 300);
	const tags = names(context).filter((t) => /^(tlp|rsit):/i.test(t.trim()));
	const kept = {
		...context,
		info,
		Tag: tags.length ? tags.slice(0, 20).map((name) => ({ name: name.slice(0, 100) })) : undefined
	};
	return JSON.stringify(context).length <= BESIDE ? context : { ...kept, Orgc: undefined };
}

function fault(a: unknown, context: Json, line: number, path: string, reason: string): Item {
	const bytes = Buffer.from(JSON.stringify({ Attribute: a ?? null, Event: small(context) }));
	const own_ = isObject(a) ? [...names(a), ...distribution(a)] : [];
	const tlp = marking([...own_, ...names(context), ...distribution(context)]);
	return unread({ bytes, size: bytes.length, line }, 'wrong_value', path, reason, tlp);
}

function list(o: Json, name: string): unknown[] {
	const v = own(o, name);
	return Array.isArray(v) ? v : isObject(v) ? [v] : [];
}

function text(o: Json, name: string): string | undefined {
	const v = own(o, name);
	return typeof v === 'string' ? v : typeof v === 'number' || typeof v === 'boolean' ? String(v) : undefined;
}

const flag = (o: Json, name: string): boolean => /^(true|1)$/i.test(text(o, name) ?? '');

/** Names of tags, of an event or attribute, or as lists of events have them. */
const names = (o: Json): string[] =>
	[...list(o, 'Tag'), ...list(o, 'EventTag').map((t) => (isObject(t) ? own(t, 'Tag') : undefined))].flatMap((t) =>
		typeof t === 'string' ? [t] : isObject(t) ? (text(t, 'name') ?? []) : []
	);

/** The strictest TLP among tags, as it is written; what begins with `tlp:` and is none that we know may be the strictest. */
function marking(tags: string[]): string | undefined {
	const found = tags.map((t) => t.trim()).filter((t) => /^tlp:/i.test(t));
	const order = (t: string): number => {
		const label = parse(t);
		return label ? rank(label) : 99;
	};
	return found.sort((a, b) => order(b) - order(a))[0];
}

/** "Your organisation only", where nothing else is said: our reading is TLP:AMBER+STRICT. */
const distribution = (o: Json): string[] =>
	text(o, 'distribution') === '0' && !names(o).some((t) => /^tlp:/i.test(t.trim())) ? ['tlp:amber+strict'] : [];

/** Sectors that galaxies name: of the event itself, or as tags. */
function sectors(e: Json, tags: string[]): string[] {
	const tagged = tags.flatMap((t) => /^misp-galaxy:sector="(.+)"$/i.exec(t.trim())?.[1] ?? []);
	const clusters = list(e, 'Galaxy')
		.filter((g): g is Json => isObject(g) && text(g, 'type') === 'sector')
		.flatMap((g) => list(g, 'GalaxyCluster').flatMap((c) => (isObject(c) ? (text(c, 'value') ?? []) : [])));
	return [...new Set([...tagged, ...clusters])];
}

/** Its UUID; without one, what it says is what it is. */
function key(o: Json, facts: unknown, within?: unknown): string {
	const uuid = text(o, 'uuid')?.trim().toLowerCase();
	return uuid && uuid.length <= 100
		? uuid
		: `${typeof within === 'string' ? `${within.slice(0, 100)}/` : ''}${digest(facts)}`;
}

/**
 * Its timestamp; without one, what it says. The TLP belongs to it: an event that is marked anew marks its attributes,
 * whose own time stays.
 */
function version(o: Json, facts: unknown, tlp: string | undefined): Pick<Thing, 'revision' | 'modified'> {
	const at = seconds(own(o, 'timestamp'));
	const label = tlp ? parse(tlp) : undefined;
	return at === undefined
		? { revision: digest([facts, tlp]) }
		: { revision: `${at}${label ? ` ${label}` : ''}`, modified: iso(at) };
}

const digest = (facts: unknown): string => hash('sha256', JSON.stringify(facts), 'hex').slice(0, 32);

/** Epoch seconds, as text or number; none when it is no moment that can be meant. */
function seconds(v: unknown): number | undefined {
	const n = typeof v === 'number' ? v : typeof v === 'string' && /^\d{1,12}$/.test(v.trim()) ? Number(v) : NaN;
	return n > 0 && n < 253_402_300_800 ? Math.floor(n) : undefined;
}

const iso = (s: number): string => new Date(s * 1000).toISOString();

const first = (s: string | undefined): number | undefined => (s === undefined ? undefined : instant(s));

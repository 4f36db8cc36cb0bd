import { hash } from 'node:crypto';
import { parse, rank } from '$lib/core/tlp';
import type { Kind } from '$lib/core/observable';
import type { Claim, Item, Thing } from '../../format';
import { unread } from '../../record';
import { instant } from '../intelmq';
import { isObject, own, type Json } from './envelope';
import { TYPES } from './types';

/** What an event says of each of its attributes, found once; texts are cut, or a large one would be kept a thousand times. */
export type Context = { kept: Json; tlp?: string; group?: string; info?: string };

/** Characters of a text that is kept beside each attribute. */
const BESIDE = 300;

/** @param id the key of the event, if it has no UUID of its own */
export function context(e: Json, id?: string): Context {
	const tlp = marking([...names(e), ...distribution(e)]);
	const uuid = id ?? text(e, 'uuid')?.trim().toLowerCase().slice(0, 100);
	const info = text(e, 'info')?.slice(0, BESIDE);
	const kept: Record<string, unknown> = {};
	if (uuid) kept.uuid = uuid;
	if (info) kept.info = info;
	for (const name of ['date', 'timestamp']) {
		const said = text(e, name)?.slice(0, 40);
		if (said) kept[name] = said;
	}
	if (tlp) kept.Tag = [{ name: tlp }];
	return { kept, tlp, group: uuid, info };
}

/** An event, its attributes and those of its objects, and what was seen of them. */
export function* event(e: Json, line: number): Iterable<Item> {
	const rest = Object.fromEntries(Object.entries(e).filter(([name]) => !LISTS.has(name)));
	const id = key(e, e);
	if (!text(rest, 'uuid')) rest.uuid = id; // read again alone, it is the same event
	const around = context(e, id);
	const attributes = list(e, 'Attribute');
	const objects = list(e, 'Object');
	const tags = names(e);
	const thing: Thing = {
		kind: 'report',
		key: id,
		...version(e, rest, around.tlp),
		name: around.info,
		tlp: around.tlp,
		revoked: flag(e, 'deleted'),
		sectors: sectors(e, tags),
		facts: {
			date: text(e, 'date')?.slice(0, 40) ?? '',
			organisation: isObject(own(e, 'Orgc')) ? (text(own(e, 'Orgc') as Json, 'name')?.slice(0, 200) ?? '') : '',
			threat: text(e, 'threat_level_id')?.slice(0, 40) ?? '',
			analysis: text(e, 'analysis')?.slice(0, 40) ?? '',
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
			yield fault(own(e, name), around, line, `Event.${name}`, `The ${name} of the event is no list.`);
	for (const [i, a] of attributes.entries()) yield* attribute(a, around, line, `Event.Attribute[${i}]`);
	for (const [i, o] of objects.entries()) yield* object(o, around, line, `Event.Object[${i}]`);
}

/** The attributes of an object. */
export function* object(o: unknown, around: Context, line: number, path: string): Iterable<Item> {
	if (!isObject(o)) return yield fault(o, around, line, path, 'The object of the event is no JSON object.');
	const tlp = marking([around.tlp ?? '', ...names(o), ...distribution(o)]);
	const within = { ...around, tlp, kept: tlp === around.tlp ? around.kept : { ...around.kept, Tag: [{ name: tlp }] } };
	const name = text(o, 'name')?.slice(0, BESIDE);
	for (const [i, a] of list(o, 'Attribute').entries())
		yield* attribute(a, within, line, `${path}.Attribute[${i}]`, { gone: flag(o, 'deleted'), name });
}

/** What an attribute has from the object that it stands in. */
type Within = { gone?: boolean; name?: string };

/** One attribute and its sightings. */
export function* attribute(
	a: unknown,
	around: Context,
	line: number,
	path: string,
	within: Within = {}
): Iterable<Item> {
	if (!isObject(a)) return yield fault(a, around, line, path, 'The attribute is no JSON object.');
	const type = own(a, 'type');
	const value = own(a, 'value');
	if (typeof type !== 'string' || !type)
		return yield fault(a, around, line, `${path}.type`, 'The attribute has no type.');
	if (value === undefined || value === null || value === '' || typeof value === 'object')
		return yield fault(a, around, line, `${path}.value`, `The attribute of type "${type.slice(0, 80)}" has no value.`);
	const { Sighting: _, Event: __, ...said } = a;
	const facts: Record<string, unknown> = said;
	if (within.gone) facts.deleted = true;
	const id = key(a, { type, value }, around.group);
	const tags = names(a);
	const tlp = marking([around.tlp ?? '', ...tags, ...distribution(a)]);
	const thing: Thing = {
		kind: 'indicator',
		key: id,
		...version(a, facts, tlp),
		group: around.group,
		name: text(a, 'comment')?.slice(0, BESIDE) || within.name || around.info,
		tlp,
		revoked: flag(facts, 'deleted'),
		claims: claims(a, type, String(value)),
		facts: {
			type: type.slice(0, 100),
			category: text(a, 'category')?.slice(0, 100) ?? '',
			relation: text(a, 'object_relation')?.slice(0, 100) ?? '',
			tags: tags.slice(0, 50).map((t) => t.slice(0, 200))
		}
	};
	const kept = text(a, 'uuid') ? facts : { ...facts, uuid: id };
	yield { kind: 'thing', line, raw: JSON.stringify({ Attribute: kept, Event: around.kept }), thing };
	for (const s of list(a, 'Sighting')) yield sighting(s, id, { ...around, tlp }, line);
}

const VERDICTS = new Map([
	['0', 'seen'],
	['1', 'false-positive'],
	['2', 'expired']
] as const);

/** One sighting of an attribute, which is as strict as that. */
export function sighting(s: unknown, of: string | undefined, around: Context, line: number): Item {
	const broken = (reason: string): Item => {
		const facts = isObject(s) ? { ...s, attribute_uuid: of ?? own(s, 'attribute_uuid') } : s;
		const bytes = Buffer.from(JSON.stringify({ Sighting: facts, Event: around.kept }));
		return unread({ bytes, size: bytes.length, line }, 'wrong_value', 'Sighting', reason, around.tlp);
	};
	if (!isObject(s)) return broken('The sighting is no JSON object.');
	const beside = own(s, 'Attribute');
	const about =
		of ?? (text(s, 'attribute_uuid') ?? (isObject(beside) ? text(beside, 'uuid') : undefined))?.toLowerCase();
	const type = text(s, 'type') ?? '0';
	const verdict = VERDICTS.get(type as '0');
	if (!about) return broken('The sighting does not say of which attribute it is (attribute_uuid).');
	if (!verdict) return broken(`"${type.slice(0, 80)}" is no type of a sighting: 0, 1 or 2.`);
	const at = seconds(own(s, 'date_sighting'));
	const tlp = marking([around.tlp ?? '', ...names(s)]);
	const { Tag: _, Event: __, Attribute: ___, ...said } = s;
	const facts = { ...said, attribute_uuid: about };
	const id = key(s, [type, at, text(s, 'source')], about);
	const label = tlp ? parse(tlp) : undefined;
	const thing: Thing = {
		kind: 'sighting',
		key: id,
		revision: [at ?? digest(facts), type, label ?? ''].join(' ').trim(),
		modified: at === undefined ? undefined : iso(at),
		tlp,
		group: around.group,
		seen: { key: about, verdict, count: 1, first: at && at * 1000, last: at && at * 1000 }
	};
	const kept = { ...facts, uuid: text(s, 'uuid') ?? id, Tag: tlp ? [{ name: tlp }] : undefined };
	return { kind: 'thing', line, raw: JSON.stringify({ Sighting: kept, Event: around.kept }), thing };
}

/** What the value says to look for, part by part. Known as context when the attribute is not for detection. */
function claims(a: Json, type: string, value: string): Claim[] {
	const kinds = TYPES.get(type);
	if (!kinds) return [];
	const parts = kinds.length > 1 ? split(type, value) : [value];
	const actionable = flag(a, 'to_ids');
	const from = first(text(a, 'first_seen'));
	return kinds.flatMap((kind, i) => {
		const part = parts[i]?.trim();
		if (!kind || !part) return [];
		return [{ kind: kind.replace('?', '') as Kind, value: part, actionable, partial: kind.endsWith('?'), from }];
	});
}

/** The parts of a composite value. A name of a file may hold the mark itself; some write an address and its port with a colon. */
function split(type: string, value: string): (string | undefined)[] {
	const at = type.startsWith('filename|') || type === 'malware-sample' ? value.lastIndexOf('|') : value.indexOf('|');
	if (at >= 0) return [value.slice(0, at), value.slice(at + 1)];
	if (type.endsWith('|port')) return [/^[^:]+:\d{1,5}$/.test(value) ? value.replace(/:\d+$/, '') : value];
	return /^[0-9a-f]{32,}$/i.test(value.trim()) && at < 0 ? [undefined, value] : [value];
}

const LISTS = new Set(['Attribute', 'Object', 'RelatedEvent']);

function fault(a: unknown, around: Context, line: number, path: string, reason: string): Item {
	const bytes = Buffer.from(JSON.stringify({ Attribute: a ?? null, Event: around.kept }));
	const tlp = marking([around.tlp ?? '', ...(isObject(a) ? [...names(a), ...distribution(a)] : [])]);
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

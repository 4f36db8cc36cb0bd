import { TYPES } from './types';

/** A JSON object whose members are looked at by names of ours only. */
export type Json = Readonly<Record<string, unknown>>;
export const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
/** An own member: a text from a feed may be called `constructor`. */
export const own = (o: Json, name: string): unknown => (Object.hasOwn(o, name) ? o[name] : undefined);

/** What a document holds; `event` is the event that an attribute or an object came in, as far as it is told. */
export type Part =
	| { is: 'event'; event: Json }
	| { is: 'object'; object: unknown; event: Json }
	| { is: 'attribute'; attribute: unknown; event: Json }
	| { is: 'sighting'; sighting: unknown; event: Json }
	| { is: 'manifest'; entries: number }
	/** an answer that holds nothing */
	| { is: 'nothing' };

const NONE: Json = {};
/** Members of which an event has at least one. */
const EVENT = ['info', 'threat_level_id', 'analysis', 'published', 'Orgc', 'EventReport'];
/** Members of which an attribute that stands alone has at least one. */
const ATTRIBUTE = ['category', 'to_ids', 'uuid', 'event_id', 'object_relation'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Takes a document out of its envelopes: `response`, lists, `Event`, `Attribute`, `Object`. Nothing when it is nothing of MISP. */
export function find(value: unknown, depth = 0): Part[] {
	if (depth > 6) return [];
	if (Array.isArray(value)) return value.flatMap((v) => find(v, depth + 1));
	if (!isObject(value)) return [];
	if (Object.hasOwn(value, 'response')) return answered(value.response, depth);
	if (isObject(own(value, 'event'))) return find(value.event, depth + 1);
	const around = own(value, 'Event');
	const context = isObject(around) ? around : NONE;
	if (Object.hasOwn(value, 'Sighting') && !Object.hasOwn(value, 'type')) {
		const list = own(value, 'Sighting');
		return (Array.isArray(list) ? list : [list]).map((sighting) => ({ is: 'sighting', sighting, event: context }));
	}
	const eventful = EVENT.some((n) => Object.hasOwn(value, n));
	const attribute = own(value, 'Attribute');
	if (isObject(attribute) && !eventful) return [{ is: 'attribute', attribute, event: context }];
	const object = own(value, 'Object');
	if (isObject(object) && !eventful) return [{ is: 'object', object, event: context }];
	if (typeof own(value, 'type') === 'string' && own(value, 'value') !== undefined && !eventful)
		return ATTRIBUTE.some((n) => Object.hasOwn(value, n)) || TYPES.has(String(value.type)) ? [alone(value)] : [];
	if (isObject(around)) return [{ is: 'event', event: around }];
	if (Array.isArray(attribute) && Object.keys(value).length === 1) return attribute.map(alone);
	if (eventful || Array.isArray(attribute) || Array.isArray(object)) return [{ is: 'event', event: value }];
	if (Object.hasOwn(value, 'Attribute')) return [{ is: 'attribute', attribute, event: context }];
	const keys = Object.keys(value);
	if (keys.length && keys.every((k) => UUID.test(k) && isObject(value[k])))
		return [{ is: 'manifest', entries: keys.length }];
	return [];
}

/** What a search of MISP answers: events, or attributes or objects under their name. */
function answered(value: unknown, depth: number): Part[] {
	if (Array.isArray(value) && !value.length) return [{ is: 'nothing' }];
	if (isObject(value) && !Object.keys(value).length) return [{ is: 'nothing' }];
	if (!isObject(value)) return find(value, depth + 1);
	for (const [name, one] of [
		['Attribute', alone],
		['Object', (object: unknown): Part => ({ is: 'object', object: inner(object), event: contextOf(object) })]
	] as const) {
		const list = own(value, name);
		if (!Array.isArray(list) || EVENT.some((n) => Object.hasOwn(value, n))) continue;
		return list.length ? list.map((v) => one(v)) : [{ is: 'nothing' }];
	}
	return find(value, depth + 1);
}

const inner = (v: unknown): unknown => (isObject(v) && isObject(own(v, 'Object')) ? own(v, 'Object') : v);
const contextOf = (v: unknown): Json => {
	const event = isObject(v) ? own(v, 'Event') : undefined;
	return isObject(event) ? event : NONE;
};

/** An attribute with the event that it came in beside it, or inside it. */
const alone = (v: unknown): Part => ({ is: 'attribute', attribute: v, event: contextOf(v) });

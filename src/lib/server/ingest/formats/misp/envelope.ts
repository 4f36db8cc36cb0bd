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
	| { is: 'manifest'; entries: number };

const NONE: Json = {};
/** Members of which an event has at least one. */
const EVENT = ['info', 'threat_level_id', 'analysis', 'published', 'Orgc', 'Attribute', 'Object', 'EventReport', 'Tag'];
/** Members of which an attribute that stands alone has at least one. */
const ATTRIBUTE = ['category', 'to_ids', 'uuid', 'event_id', 'object_relation'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Takes a document out of its envelopes: `response`, lists, `Event`, `Attribute`, `Object`. Nothing when it is nothing of MISP. */
export function find(value: unknown, depth = 0): Part[] {
	if (depth > 6) return [];
	if (Array.isArray(value)) return value.flatMap((v) => find(v, depth + 1));
	if (!isObject(value)) return [];
	if (Object.hasOwn(value, 'response')) return find(value.response, depth + 1);
	if (isObject(own(value, 'event'))) return find(value.event, depth + 1);
	const around = own(value, 'Event');
	const context = isObject(around) ? around : NONE;
	if (Object.hasOwn(value, 'Sighting') && !Object.hasOwn(value, 'type')) {
		const list = own(value, 'Sighting');
		return (Array.isArray(list) ? list : [list]).map((sighting) => ({ is: 'sighting', sighting, event: context }));
	}
	const attribute = own(value, 'Attribute');
	if (attribute !== undefined && !Array.isArray(attribute)) return [{ is: 'attribute', attribute, event: context }];
	const object = own(value, 'Object');
	if (object !== undefined && !Array.isArray(object)) return [{ is: 'object', object, event: context }];
	if (typeof own(value, 'type') === 'string' && own(value, 'value') !== undefined)
		return ATTRIBUTE.some((n) => Object.hasOwn(value, n))
			? [{ is: 'attribute', attribute: value, event: context }]
			: [];
	if (isObject(around)) return [{ is: 'event', event: around }];
	if (
		Array.isArray(object) &&
		own(value, 'info') === undefined &&
		object.every((o) => isObject(o) && isObject(own(o, 'Object')))
	)
		return object.flatMap((o) => find(o, depth + 1));
	if (Array.isArray(attribute) && Object.keys(value).length === 1)
		return attribute.map((a) => ({ is: 'attribute', attribute: a, event: NONE }));
	if (EVENT.some((n) => Object.hasOwn(value, n))) return [{ is: 'event', event: value }];
	const keys = Object.keys(value);
	if (keys.length && keys.every((k) => UUID.test(k) && isObject(value[k])))
		return [{ is: 'manifest', entries: keys.length }];
	return [];
}

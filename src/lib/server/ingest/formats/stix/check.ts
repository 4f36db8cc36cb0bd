import * as binding from './binding';
import { COMMON, OBSERVABLES, OBSERVED, RESERVED, TYPES, type Property } from './catalogue';
import { missing, properties, type Version, type Wrong } from './property';
import { selects } from './selector';
import { instant, isObject, own, word, type Json } from './value';

const TYPE = { '2.0': /^[a-z0-9]+(-[a-z0-9]+)*-?$/, '2.1': /^[a-z][a-z0-9]*(-[a-z0-9]+)*-?$/ };
/** Names of properties. Of 2.1 the beginning counts: so OASIS's schemas have it, and so feeds that pass them come. */
const NAME = { '2.0': /^[a-z0-9_]{3,250}$/, '2.1': /^([a-z][a-z0-9_]{2}|id$)/ };
/** Pairs of times, the first before the second; "after": not at the same time. STIX 2.0 demands the first pair only. */
const TIMES: [string, string, string?][] = [
	['created', 'modified'],
	['first_seen', 'last_seen'],
	['first_observed', 'last_observed'],
	['valid_from', 'valid_until', 'after'],
	['start_time', 'stop_time', 'after'],
	['analysis_started', 'analysis_ended']
];

/**
 * Whether an object is what the specification of its version says that it MUST be.
 * @returns the first thing that is wrong
 */
export function check(object: Json, version: Version): Wrong | undefined {
	const type = own(object, 'type');
	if (typeof type !== 'string') return { path: 'type', reason: 'The object has no type.' };
	if (type.length < 3 || type.length > 250 || !TYPE[version].test(type) || type === 'action')
		return { path: 'type', reason: `"${type.slice(0, 80)}" cannot be a type of STIX ${version}.` };
	if (type === 'marking-definition')
		return names(object, version) ?? properties(object, MARKING, version) ?? marking(object, version);
	if (version === '2.0' && (type === 'incident' || type === 'infrastructure'))
		return { path: 'type', reason: `"${type}" is a type that STIX 2.0 keeps for later.` };
	const observable = version === '2.1' && !TYPES['2.1'].has(type) && isObservable(object, type);
	const own_ = (observable ? OBSERVABLES : TYPES[version]).get(type) ?? [];
	return (
		names(object, version) ??
		properties(object, observable ? OBSERVED : COMMON[version], version) ??
		(TYPES[version].has(type) || observable ? identifier(object, type) : undefined) ??
		properties(object, own_, version) ??
		order(object, version) ??
		(observable ? binding.observable(object, type, '') : binding.domain(object, type, version)) ??
		selects(object)
	);
}

/** One of the kinds of observables, or an object of another kind that has what those have, and not what domain objects have. */
const isObservable = (object: Json, type: string): boolean =>
	OBSERVABLES.has(type) ||
	(own(object, 'created') === undefined && own(object, 'modified') === undefined && isNew(object, 'new-sco'));

const isNew = (object: Json, kind: string): boolean => {
	const all = own(object, 'extensions');
	return isObject(all) && Object.values(all).some((e) => isObject(e) && own(e, 'extension_type') === kind);
};

const MARKING: Property[] = [
	...COMMON['2.0'].filter((p) => ['type', 'id', 'external_references', 'granular_markings'].includes(p.name)),
	{ name: 'created', required: true, list: false, type: 't', of: [] },
	{ name: 'created_by_ref', required: false, list: false, type: 'r', of: [] },
	{ name: 'object_marking_refs', required: false, list: true, type: 'r', of: ['marking-definition'] }
];

function marking(object: Json, version: Version): Wrong | undefined {
	const bad = identifier(object, 'marking-definition');
	if (bad) return bad;
	if (version === '2.1' && own(object, 'spec_version') === undefined) return missing('spec_version');
	const type = own(object, 'definition_type');
	const definition = own(object, 'definition');
	const extended = isObject(own(object, 'extensions'));
	if (extended && type === undefined && definition === undefined) return undefined;
	if (typeof type !== 'string' || !isObject(definition))
		return {
			path: 'definition',
			reason: 'The marking has neither a definition with its type nor an extension that defines it.'
		};
	if (type === 'statement' && typeof own(definition, 'statement') !== 'string')
		return { path: 'definition.statement', reason: 'The marking is a statement and does not say it.' };
	if (type === 'tlp') return binding.tlp(object, definition, version);
	return undefined;
}

function identifier(object: Json, type: string): Wrong | undefined {
	const id = word(own(object, 'id'));
	return id.startsWith(`${type}--`)
		? undefined
		: { path: 'id', reason: `The id "${id.slice(0, 100)}" does not start with "${type}--".` };
}

function names(object: Json, version: Version): Wrong | undefined {
	for (const name of Object.keys(object)) {
		const value = object[name];
		if (name !== 'id' && !NAME[version].test(name))
			return { path: name.slice(0, 100), reason: `"${name.slice(0, 80)}" cannot be a property of STIX ${version}.` };
		if (Array.isArray(value) && value.length === 0)
			return { path: name, reason: `"${name}" is an empty list, which must be left out.` };
		if (value === null) return { path: name, reason: `"${name}" is null, which must be left out.` };
		if (RESERVED[version].includes(name))
			return { path: name, reason: `"${name}" is a name that STIX ${version} keeps for later.` };
	}
	return undefined;
}

function order(object: Json, version: Version): Wrong | undefined {
	for (const [first, last, strictly] of version === '2.0' ? TIMES.slice(0, 1) : TIMES) {
		const [a, b] = [own(object, first), own(object, last)].map((v) => (typeof v === 'string' ? instant(v) : undefined));
		if (a === undefined || b === undefined) continue;
		if (b < a || (strictly && b === a))
			return {
				path: last,
				reason: `"${last}" (${word(own(object, last))}) is before "${first}" (${word(own(object, first))})${strictly ? ' or the same' : ''}.`
			};
	}
	return undefined;
}

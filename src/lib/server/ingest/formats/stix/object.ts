import type { Claim, Seen, Thing } from '../../format';
import { OBSERVABLES } from './catalogue';
import type { Version } from './property';
import * as claims from './claims';
import { meaning, references, type Markings } from './marking';
import { instant, isObject, own, type Json } from './value';

const { text } = claims;
/** Characters of a description that a screen needs. */
const CUT = 300;
/** References that are kept beside an object. */
const MOST = 100;

/** An object that has been checked, as a thing. */
export function thing(o: Json, version: Version, markings: Markings): Thing {
	const type = text(o, 'type')!;
	const marked = markings.read(references(o));
	const modified = text(o, 'modified') ?? text(o, 'created');
	const at = modified === undefined ? undefined : instant(modified);
	const sectors = own(o, 'sectors');
	return {
		kind: type,
		key: text(o, 'id')!,
		revision: at ?? '',
		modified: at,
		name: text(o, 'name') ?? text(o, 'value') ?? text(o, 'product'),
		tlp: type === 'marking-definition' ? meaning(o) : marked.tlp,
		markings: marked.unknown.length ? marked.unknown : undefined,
		revoked: own(o, 'revoked') === true,
		sectors: Array.isArray(sectors) ? sectors.filter((s) => typeof s === 'string') : undefined,
		claims: claimed(o, type, version),
		seen: seen(o, type),
		facts: facts(o, type)
	};
}

function claimed(o: Json, type: string, version: Version): Claim[] | undefined {
	if (type === 'indicator') {
		const kind = text(o, 'pattern_type');
		const pattern = text(o, 'pattern') ?? '';
		const from = ms(text(o, 'valid_from'));
		const until = ms(text(o, 'valid_until'));
		const confidence = own(o, 'confidence');
		const actionable = !list(o, version === '2.0' ? 'labels' : 'indicator_types').includes('benign');
		const found =
			version === '2.0' || kind === undefined || /^stix2?$/i.test(kind)
				? claims.ofPattern(pattern, version)
				: [{ kind: 'pattern' as const, value: pattern, partial: false }];
		return found.map((f) => ({
			...f,
			actionable,
			from,
			until,
			confidence: typeof confidence === 'number' ? confidence : undefined
		}));
	}
	if (type === 'vulnerability')
		return [...new Set([...claims.cves(o), ...(/^CVE-\d{4}-\d{4,}$/i.exec(text(o, 'name') ?? '') ?? [])])].map(
			(value) => ({
				kind: 'vulnerability',
				value,
				actionable: false
			})
		);
	return OBSERVABLES.has(type) ? claims.ofObservable(o).map((c) => ({ ...c, actionable: false })) : undefined;
}

function seen(o: Json, type: string): Seen | undefined {
	if (type === 'sighting')
		return {
			key: text(o, 'sighting_of_ref'),
			verdict: 'seen',
			count: number(o, 'count') ?? 1,
			first: ms(text(o, 'first_seen')),
			last: ms(text(o, 'last_seen') ?? text(o, 'first_seen') ?? text(o, 'modified'))
		};
	const inside = type === 'observed-data' ? own(o, 'objects') : undefined;
	if (!isObject(inside)) return undefined;
	return {
		values: Object.values(inside).filter(isObject).flatMap(claims.ofObservable),
		verdict: 'seen',
		count: number(o, 'number_observed') ?? 1,
		first: ms(text(o, 'first_observed')),
		last: ms(text(o, 'last_observed'))
	};
}

/** What screens need beside the name; what is not there is left out. */
function facts(o: Json, type: string): Thing['facts'] {
	const out: Record<string, string | number | boolean | string[]> = {};
	const put = (name: string, v: string | string[] | undefined) => {
		if (v !== undefined && v.length !== 0) out[name] = v;
	};
	put('description', text(o, 'description')?.slice(0, CUT));
	put(
		'types',
		Object.keys(o)
			.filter((name) => name === 'labels' || name === `${type.replaceAll('-', '_')}_types`)
			.flatMap((name) => list(o, name))
			.slice(0, MOST)
	);
	put(
		'external',
		claims
			.references(o)
			.flatMap((r) => text(r, 'external_id') ?? [])
			.slice(0, MOST)
	);
	put(
		'phases',
		objects(o, 'kill_chain_phases')
			.map((p) => `${text(p, 'kill_chain_name') ?? ''}: ${text(p, 'phase_name') ?? ''}`)
			.slice(0, MOST)
	);
	put('created_by', text(o, 'created_by_ref'));
	if (type === 'relationship') {
		put('relationship', text(o, 'relationship_type'));
		put('source', text(o, 'source_ref'));
		put('target', text(o, 'target_ref'));
	}
	if (type === 'sighting') put('where', list(o, 'where_sighted_refs').slice(0, MOST));
	put('refs', list(o, 'object_refs').slice(0, MOST));
	put('published', text(o, 'published'));
	put('pattern_type', text(o, 'pattern_type'));
	put('identity_class', text(o, 'identity_class'));
	return out;
}

function list(o: Json, name: string): string[] {
	const v = own(o, name);
	return Array.isArray(v) ? v.filter((x) => typeof x === 'string') : [];
}

function objects(o: Json, name: string): Json[] {
	const v = own(o, name);
	return Array.isArray(v) ? v.filter(isObject) : [];
}

function number(o: Json, name: string): number | undefined {
	const v = own(o, name);
	return typeof v === 'number' ? v : undefined;
}

function ms(time: string | undefined): number | undefined {
	const at = time === undefined ? NaN : Date.parse(instant(time) ?? '');
	return Number.isNaN(at) ? undefined : at;
}

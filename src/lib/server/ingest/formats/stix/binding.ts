import { OBSERVABLES, TLP } from './catalogue';
import { properties, type Version, type Wrong } from './property';
import * as pattern from './pattern';
import { instant, isObject, own, word, type Json } from './value';

/** What the specification demands of particular objects, beyond the types of their properties. */

const has = (o: Json, name: string): boolean => own(o, name) !== undefined;
const wrong = (path: string, reason: string): Wrong => ({ path, reason });

export function domain(o: Json, type: string, version: Version): Wrong | undefined {
	switch (type) {
		case 'indicator':
			return version === '2.1' && own(o, 'pattern_type') !== 'stix'
				? undefined
				: patterned(word(own(o, 'pattern')), version);
		case 'observed-data': {
			if (version === '2.1' && has(o, 'objects') === has(o, 'object_refs'))
				return wrong('objects', 'An observed-data has either "objects" or "object_refs".');
			const inside = own(o, 'objects');
			if (inside === undefined) return undefined;
			const bad = objects(inside);
			return bad ? wrong('objects', `objects: it ${bad}.`) : referring(inside as Json);
		}
		case 'malware':
			return version === '2.1' && own(o, 'is_family') === true && !has(o, 'name')
				? wrong('name', 'A family of malware must have a name.')
				: undefined;
		case 'malware-analysis':
			return has(o, 'result') || has(o, 'analysis_sco_refs')
				? undefined
				: wrong('result', 'An analysis has a result or what it captured (analysis_sco_refs).');
		case 'location': {
			const place = has(o, 'latitude') === has(o, 'longitude');
			if (!place || (has(o, 'precision') && !has(o, 'latitude')))
				return wrong(
					'latitude',
					'A location has both latitude and longitude, or neither, and no precision without them.'
				);
			return has(o, 'region') || has(o, 'country') || has(o, 'latitude')
				? undefined
				: wrong('region', 'A location has a region, a country, or latitude and longitude.');
		}
		case 'relationship':
			return ['source_ref', 'target_ref'].flatMap((name) =>
				/^(bundle|marking-definition|language-content|relationship|sighting)--/.test(word(own(o, name)))
					? [wrong(name, `A relationship cannot be with "${word(own(o, name)).slice(0, 100)}".`)]
					: []
			)[0];
		case 'sighting':
			return /^(bundle|marking-definition|language-content|relationship|sighting)--/.test(
				word(own(o, 'sighting_of_ref'))
			)
				? wrong('sighting_of_ref', 'A sighting is of a domain object.')
				: undefined;
		case 'language-content':
			return /^(bundle|language-content)--/.test(word(own(o, 'object_ref')))
				? wrong('object_ref', 'What is translated is neither a bundle nor a translation.')
				: undefined;
		default:
			return undefined;
	}
}

const TYPE = /^[a-z0-9]+(-[a-z0-9]+)*-?$/;
const PROPERTY = /^[a-z0-9_]{3,250}$/;
const LENGTHS: Record<string, number> = {
	MD5: 32,
	SHA1: 40,
	SHA224: 56,
	SHA256: 64,
	SHA384: 96,
	SHA512: 128,
	SHA3256: 64,
	SHA3512: 128
};

/** A pattern of STIX must follow its grammar, and name what can be named. */
function patterned(text: string, version: Version): Wrong | undefined {
	let tests: ReturnType<typeof pattern.tests>;
	try {
		tests = pattern.tests(pattern.parse(text, version));
	} catch (e) {
		if (!(e instanceof pattern.Unreadable)) throw e;
		if (e.beyond) return undefined; // it is kept whole
		return wrong('pattern', `The pattern does not follow the grammar of STIX: ${e.message}, at character ${e.at + 1}.`);
	}
	for (const { test } of tests) {
		if (test.type.length < 3 || !TYPE.test(test.type))
			return wrong(
				'pattern',
				`The pattern asks for "${test.type.slice(0, 80)}", which cannot be a type of an observable.`
			);
		const first = test.steps[0]!;
		if (!PROPERTY.test(first))
			return wrong(
				'pattern',
				`The pattern asks for "${first.slice(0, 80)}", which cannot be a property of an observable.`
			);
		const at = test.steps.indexOf('hashes');
		const algorithm = at < 0 ? undefined : test.steps[at + 1]?.replaceAll('-', '').toUpperCase();
		const length = algorithm && Object.hasOwn(LENGTHS, algorithm) ? LENGTHS[algorithm] : undefined;
		if (length && ['=', '!=', 'IN'].includes(test.operator))
			for (const v of test.values)
				if (v.is === 'text' && !(v.text.length === length && /^[0-9a-f]+$/i.test(v.text)))
					return wrong('pattern', `The pattern asks for "${v.text.slice(0, 80)}", which is no ${test.steps[at + 1]}.`);
	}
	return undefined;
}

/** Each observable of an observed-data, by itself. */
function objects(v: unknown): string | undefined {
	if (!isObject(v) || !Object.keys(v).length) return 'is no dictionary of observables';
	for (const [key, o] of Object.entries(v)) {
		const bad = inner(o);
		if (bad) return `holds under "${key.slice(0, 40)}" what is no observable (${bad.path}): ${bad.reason}`;
	}
	return undefined;
}

function inner(o: unknown): Wrong | undefined {
	if (!isObject(o)) return wrong('', 'it is no object');
	const type = own(o, 'type');
	if (typeof type !== 'string' || type.length < 3 || type.length > 250 || !TYPE.test(type) || type === 'action')
		return wrong('type', 'it has no type that an observable can have');
	for (const [name, value] of Object.entries(o)) {
		if (!/^[a-z0-9_]{1,250}$/.test(name)) return wrong(name.slice(0, 80), 'it cannot have this property');
		if (Array.isArray(value) && !value.length) return wrong(name, 'it has an empty list');
	}
	const all = own(o, 'extensions');
	if (
		all !== undefined &&
		(!isObject(all) ||
			!Object.keys(all).length ||
			!Object.values(all).every((e) => isObject(e) && Object.keys(e).length))
	)
		return wrong('extensions', 'its extensions are no dictionary of extensions');
	return properties(o, OBSERVABLES.get(type) ?? [], '2.0') ?? observable(o, type, '') ?? timed(o);
}

/** What observables demand, inside an observed-data or of their own. */
export function observable(o: Json, type: string, path: string): Wrong | undefined {
	const any = (names: string[]) =>
		names.some((n) => has(o, n))
			? undefined
			: wrong(`${path}${names[0]!}`, `A ${type} has at least one of ${names.join(', ')}.`);
	switch (type) {
		case 'artifact':
			if (has(o, 'payload_bin') === has(o, 'url'))
				return wrong(`${path}payload_bin`, 'An artifact has either payload_bin or url.');
			if (has(o, 'url') && !has(o, 'hashes')) return wrong(`${path}hashes`, 'An artifact with a url has its hashes.');
			return has(o, 'decryption_key') && !has(o, 'encryption_algorithm')
				? wrong(`${path}encryption_algorithm`, 'An artifact with a decryption_key says its encryption_algorithm.')
				: undefined;
		case 'email-message':
			return own(o, 'is_multipart') === true
				? has(o, 'body')
					? wrong(`${path}body`, 'A message of several parts has a body_multipart and no body.')
					: undefined
				: has(o, 'body_multipart')
					? wrong(`${path}body_multipart`, 'A message that has not several parts has no body_multipart.')
					: undefined;
		case 'file':
			if (own(o, 'is_encrypted') !== true && (has(o, 'encryption_algorithm') || has(o, 'decryption_key')))
				return wrong(
					`${path}is_encrypted`,
					'Only a file that is_encrypted has an encryption_algorithm or a decryption_key.'
				);
			return any(['hashes', 'name']);
		case 'network-traffic':
			if (own(o, 'is_active') === true && has(o, 'end'))
				return wrong(`${path}end`, 'Traffic that is active has no end.');
			if (instantOf(o, 'end')! < instantOf(o, 'start')!)
				return wrong(`${path}end`, 'The traffic ends before it starts.');
			return any(['src_ref', 'dst_ref']) ?? http(o, path);
		case 'process':
			return any(
				'extensions is_hidden pid name created created_time cwd arguments command_line environment_variables opened_connection_refs creator_user_ref image_ref binary_ref parent_ref child_refs'.split(
					' '
				)
			);
		case 'software':
			return (own(o, 'languages') as unknown[] | undefined)?.some((l) => typeof l !== 'string' || !isLanguage(l))
				? wrong(`${path}languages`, 'The languages of a software are codes of ISO 639-2.')
				: undefined;
		case 'user-account':
			return any(['extensions', ...OBSERVABLES.get(type)!.map((p) => p.name)]);
		case 'windows-registry-key':
			return /^(HKLM|HKCC|HKCR|HKCU|HKU)/i.test(word(own(o, 'key')))
				? wrong(`${path}key`, 'The hive of a registry key is not abbreviated.')
				: any(['key', 'values', 'modified', 'modified_time', 'creator_user_ref', 'number_of_subkeys']);
		case 'x509-certificate':
			return any([...OBSERVABLES.get(type)!.map((p) => p.name), 'x509_v3_extensions']);
		default:
			return undefined;
	}
}

const instantOf = (o: Json, name: string): string | undefined => {
	const v = own(o, name);
	return typeof v === 'string' ? instant(v) : undefined;
};

/** Headers of an HTTP request are lists in 2.1 and texts in 2.0; the reference tool takes neither message bodies nor odd headers. */
function http(o: Json, path: string): Wrong | undefined {
	const all = own(o, 'extensions');
	const request = isObject(all) ? own(all, 'http-request-ext') : undefined;
	if (!isObject(request)) return undefined;
	if (!has(request, 'request_method') || !has(request, 'request_value'))
		return wrong(`${path}extensions.http-request-ext`, 'A request has its method and its value.');
	const headers = own(request, 'request_header');
	if (headers === undefined) return undefined;
	const list = typeof own(o, 'id') === 'string' && word(own(o, 'id')).startsWith('network-traffic--');
	return isObject(headers) && Object.values(headers).every((h) => (list ? Array.isArray(h) : typeof h === 'string'))
		? undefined
		: wrong(
				`${path}extensions.http-request-ext.request_header`,
				`The headers of a request are ${list ? 'lists' : 'texts'}.`
			);
}

/** Timestamps wherever they stand in an observable: a day that there is not is none. */
function timed(v: unknown, name = '', depth = 0): Wrong | undefined {
	if (depth > 20) return undefined;
	if (typeof v === 'string')
		return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(v) && instant(v) === undefined
			? wrong(name, `"${v}" is no day that there is`)
			: undefined;
	if (Array.isArray(v)) return first(v, (x) => timed(x, name, depth + 1));
	return isObject(v) ? first(Object.entries(v), ([k, x]) => timed(x, k.slice(0, 80), depth + 1)) : undefined;
}

function first<T>(list: T[], find: (item: T) => Wrong | undefined): Wrong | undefined {
	for (const item of list) {
		const found = find(item);
		if (found) return found;
	}
	return undefined;
}

/** What references of some properties lead to. */
const TARGETS: Record<string, string[]> = {
	contains_refs: ['file', 'directory'],
	parent_directory_ref: ['directory'],
	from_ref: ['email-addr'],
	sender_ref: ['email-addr'],
	to_refs: ['email-addr'],
	cc_refs: ['email-addr'],
	bcc_refs: ['email-addr'],
	raw_email_ref: ['artifact'],
	body_raw_ref: ['artifact', 'file'],
	belongs_to_ref: ['user-account'],
	creator_user_ref: ['user-account'],
	binary_ref: ['file'],
	image_ref: ['file'],
	parent_ref: ['process'],
	child_refs: ['process'],
	opened_connection_refs: ['network-traffic'],
	encapsulates_refs: ['network-traffic'],
	encapsulated_by_ref: ['network-traffic'],
	src_payload_ref: ['artifact'],
	dst_payload_ref: ['artifact']
};

/** Observables of an observed-data refer to each other by their keys. */
function referring(all: Json): Wrong | undefined {
	const look = (v: unknown, key: string, depth: number): Wrong | undefined => {
		if (depth > 20) return undefined;
		if (Array.isArray(v)) return first(v, (x) => look(x, key, depth + 1));
		if (!isObject(v)) return undefined;
		for (const [name, value] of Object.entries(v)) {
			if (/_refs?$/.test(name))
				for (const ref of Array.isArray(value) ? value : [value]) {
					const target = typeof ref === 'string' ? own(all, ref) : undefined;
					if (!isObject(target))
						return wrong(`objects.${key}`, `${name} refers to "${String(ref).slice(0, 40)}", which is not there.`);
					const wanted =
						depth > 1 && name === 'contains_refs' ? ['file'] : Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
					if (wanted && !wanted.includes(word(own(target, 'type'))))
						return wrong(`objects.${key}`, `${name} refers to what is no ${wanted.join(' or ')}.`);
				}
			const deeper = look(value, key, depth + 1);
			if (deeper) return deeper;
		}
		return undefined;
	};
	return first(Object.entries(all), ([key, o]) => look(o, key.slice(0, 40), 0));
}

/** A marking of TLP 1 is one of the four that the specification defines. */
export function tlp(o: Json, definition: Json, version: Version): Wrong | undefined {
	const id = word(own(o, 'id'));
	const label = word(own(definition, 'tlp'));
	const meant = TLP.get(id);
	const good =
		meant === (label === 'white' ? 'clear' : label) &&
		instantOf(o, 'created') === '2017-01-20T00:00:00.000000Z' &&
		Object.keys(o).every((k) =>
			['type', 'spec_version', 'id', 'created', 'definition_type', 'definition', 'name'].includes(k)
		) &&
		(version === '2.0' || own(o, 'name') === `TLP:${label.toUpperCase()}`);
	return good
		? undefined
		: wrong(
				'definition.tlp',
				'A marking of TLP must be one of those that the specification defines, as it defines it.'
			);
}

const LANGUAGES = new Set(
	'aar abk afr aka amh ara arg arm asm ava aze bak bal ban baq bel ben ber bho bih bos bre bul bur cat ceb cha che chi chv cop cor cos cre crp cze dan div dut dzo egy eng epo est ewe fao fas fij fil fin fra fre fry ful geo ger deu gla gle glg glv gre grn guj hat hau heb her hin hmo hrv hun ibo ice ido iii ile ina ind ipk ita jav jpn kal kan kas kat kau kaz khm kik kin kir kom kon kor kua kur lao lat lav lim lin lit ltz lub lug mac mah mal mao mar may mis mlg mlt mon mul nau nav nbl nde ndo nep nld nno nob nor nya oci oji ori orm oss pan per pli pol por pus que roh ron rum run rus sag san sin slk slo slv sme smo sna snd som sot spa srd srp ssw sun swa swe tah tam tat tel tgk tgl tha tib tir ton tsn tso tuk tur twi uig ukr und urd uzb ven vie vol wel wln wol xho yid yor zha zho zul zxx'.split(
		' '
	)
);
const isLanguage = (code: string): boolean => LANGUAGES.has(code) || /^[a-z]{2}(-[A-Za-z0-9]{2,8})*$/.test(code);

import { guess, normalise, type Kind, type Observable } from '$lib/core/observable';

import * as pattern from './pattern';
import { isObject, own, type Json } from './value';

/** Properties of observables whose values can be looked for, by type and path (an index is `[*]`). */
const PATHS = new Map<string, Kind | 'guess'>([
	['ipv4-addr:value', 'ipv4-addr'],
	['ipv6-addr:value', 'ipv6-addr'],
	['domain-name:value', 'domain-name'],
	['hostname:value', 'domain-name'],
	['url:value', 'url'],
	['email-addr:value', 'email-addr'],
	['mac-addr:value', 'mac-addr'],
	['mutex:name', 'mutex'],
	['autonomous-system:number', 'autonomous-system'],
	['file:name', 'file-name'],
	['windows-registry-key:key', 'registry-key'],
	['user-account:account_login', 'user-account'],
	['user-account:user_id', 'user-account'],
	['process:command_line', 'process'],
	['process:name', 'process'],
	['network-traffic:src_ref.value', 'guess'],
	['network-traffic:dst_ref.value', 'guess'],
	['domain-name:resolves_to_refs[*].value', 'guess'],
	['email-message:from_ref.value', 'email-addr'],
	['email-message:sender_ref.value', 'email-addr'],
	['email-message:to_refs[*].value', 'email-addr'],
	['network-traffic:extensions.http-request-ext.request_header.User-Agent', 'user-agent'],
	['x509-certificate:serial_number', 'certificate'],
	['vulnerability:name', 'vulnerability']
]);

const ALGORITHMS = new Map<string, Kind>([
	['MD5', 'md5'],
	['SHA1', 'sha-1'],
	['SHA224', 'sha-224'],
	['SHA256', 'sha-256'],
	['SHA384', 'sha-384'],
	['SHA512', 'sha-512'],
	['SSDEEP', 'ssdeep'],
	['TLSH', 'tlsh'],
	['IMPHASH', 'imphash']
]);
/** A hash algorithm in any of its spellings. */
const algorithm = (name: string): Kind | undefined => ALGORITHMS.get(name.replace(/[-_ ]/g, '').toUpperCase());

/** A value at a path that can be looked for; one that is no value of its kind is kept as it is. */
function value(path: string, type: string, steps: string[], text: string): Observable | undefined {
	const at = steps.indexOf('hashes');
	const kind =
		at >= 0
			? type === 'x509-certificate'
				? 'certificate'
				: (algorithm(steps[at + 1] ?? '') ?? 'other')
			: PATHS.get(path);
	if (!kind) return undefined;
	return (kind === 'guess' ? guess(text) : normalise(kind, text)) ?? normalise('other', text);
}

/**
 * What a pattern says to look for: the values that it compares something with, by `=` or `IN`. Those that it asks for
 * together with others are partial. A pattern that gives no value, or only partial ones, is looked for as a whole too.
 */
export function ofPattern(text: string, version: '2.0' | '2.1'): (Observable & { partial: boolean })[] {
	let tests: ReturnType<typeof pattern.tests> = [];
	try {
		tests = pattern.tests(pattern.parse(text, version));
	} catch (e) {
		if (!(e instanceof pattern.Unreadable)) throw e;
	}
	const found = tests.flatMap(({ test, partial }) =>
		test.negated || !['=', 'IN'].includes(test.operator)
			? []
			: test.values.flatMap((literal) => {
					if (literal.is !== 'text' && literal.is !== 'number') return [];
					const one = value(test.path, test.type, test.steps, literal.text);
					return one ? [{ ...one, partial }] : [];
				})
	);
	return found.some((f) => !f.partial) ? found : [...found, { kind: 'pattern', value: text, partial: false }];
}

/** Values that an observable itself is, or has. */
export function ofObservable(o: Json): Observable[] {
	const type = own(o, 'type');
	if (typeof type !== 'string') return [];
	const out: Observable[] = [];
	for (const [name, v] of Object.entries(o)) {
		if (name === 'hashes' && isObject(v))
			for (const [hash, sum] of Object.entries(v)) {
				const one = typeof sum === 'string' ? value('', type, ['hashes', hash], sum) : undefined;
				if (one) out.push(one);
			}
		else if (typeof v === 'string' || typeof v === 'number') {
			const one = value(`${type}:${name}`, type, [name], String(v));
			if (one) out.push(one);
		}
	}
	return out;
}

/** CVE numbers among external references. */
export const cves = (o: Json): string[] =>
	references(o).flatMap((r) => (own(r, 'source_name') === 'cve' ? (text(r, 'external_id') ?? []) : []));

export function references(o: Json): Json[] {
	const all = own(o, 'external_references');
	return Array.isArray(all) ? all.filter(isObject) : [];
}

export function text(o: Json, name: string): string | undefined {
	const v = own(o, name);
	return typeof v === 'string' ? v : undefined;
}

import { RE2JS } from 're2js';
import { invalid } from './error';
import { guess, normalise, type Kind, type Observable } from './observable';
import { kindsOf } from './warning/attribute';
import { Networks } from './warning/networks';
import { Substrings } from './warning/substrings';

/**
 * How a list means its entries. Five are MISP's: `cidr` networks that contain an address; `hostname` a name and all
 * below it; `string` the very value; `substring` a part of it; `regex` a pattern that is found in it. `any` is a plain
 * text: each entry is an address or a network, a name, or else the very value.
 */
export const TYPES = ['cidr', 'hostname', 'string', 'substring', 'regex', 'any'] as const;
export type Type = (typeof TYPES)[number];

/** A list of values that are known to be good, or at least no news. */
export type WarningList = {
	name: string;
	type: Type;
	version: string | null;
	description: string | null;
	/** kinds of values that it speaks of; null: all */
	kinds: Kind[] | null;
	/** in the form in which they are looked up */
	entries: string[];
};

/** An entry that cannot be taken: its line in a text, its number in a list of MISP, from 1. */
export type Fault = { line: number; reason: string };

/** What is read of a list; `faults` tells the first of the `refused` entries. */
export type Read = { list: WarningList; refused: number; faults: Fault[] };

/** Faults that are told, and characters of an entry. */
const TOLD = 100;
const LONGEST = 4000;
/** A shorter part is in nearly every value. */
const SHORTEST = 3;

/**
 * Reads a list: JSON as MISP has it (an object with a `list`), or a text with one value a line and comments after `#`.
 * An entry that cannot be taken is told by its line, and the others are taken.
 * @param as what a text does not say of itself: its name, and how its entries are meant
 * @throws Problem `invalid` when it is no list at all
 */
export function read(text: string, as: { name: string; type?: Type }): Read {
	const head = text.trimStart();
	const { lines, ...list } = head.startsWith('{') ? misp(head, as) : plain(text, as);
	const entries = new Set<string>();
	const faults: Fault[] = [];
	let refused = 0;
	for (const [line, value] of lines) {
		const found = typeof value === 'string' ? entry(list.type, value.trim()) : { reason: 'It is no text.' };
		if (typeof found === 'string') entries.add(found);
		else if (found && refused++ < TOLD) faults.push({ line, reason: found.reason });
	}
	return { list: { ...list, entries: [...entries] }, refused, faults };
}

type Draft = Omit<WarningList, 'entries'> & { lines: Iterable<[number, unknown]> };

function misp(text: string, as: { name: string; type?: Type }): Draft {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (e) {
		throw invalid(`The list is not JSON: ${e instanceof Error ? e.message.slice(0, 200) : 'it cannot be parsed'}`);
	}
	const own = (name: string): unknown =>
		Object.hasOwn(value as object, name) ? (value as Record<string, unknown>)[name] : undefined;
	const list = own('list');
	if (!Array.isArray(list))
		throw invalid(
			'The list of MISP has no "list": it is an object with "name", "type" and "list", an array of values.'
		);
	const type = as.type ?? own('type') ?? 'string';
	if (!TYPES.some((t) => t === type))
		throw invalid(`The type of the list is ${JSON.stringify(type).slice(0, 60)}; known are ${TYPES.join(', ')}.`);
	const word = (name: string): string | null => {
		const v = own(name);
		return typeof v === 'string' || typeof v === 'number' ? String(v).slice(0, 500).trim() || null : null;
	};
	return {
		name: word('name') ?? as.name,
		type: type as Type,
		version: word('version'),
		description: word('description'),
		kinds: kindsOf(own('matching_attributes')),
		lines: list.map((v, i): [number, unknown] => [i + 1, v])
	};
}

function plain(text: string, as: { name: string; type?: Type }): Draft {
	const bare = text.replace(/^\ufeff/, '');
	if (/\0/.test(bare)) throw invalid('The list is no text: there are NUL bytes in it.');
	return {
		name: as.name,
		type: as.type ?? 'any',
		version: null,
		description: null,
		kinds: null,
		lines: bare
			.split(/\r\n|\r|\n/)
			.map((line, i): [number, string] => [i + 1, line.replace(as.type === 'regex' ? /^\s*#.*/ : /(^|\s)#.*/, '')])
			.filter(([, line]) => line.trim())
	};
}

/** An entry in the form in which it is looked up, or why it is none. */
function entry(type: Type, value: string): string | { reason: string } {
	if (!value) return { reason: 'It is empty.' };
	const shown = JSON.stringify(value.slice(0, 80));
	if (value.length > LONGEST) return { reason: `It has ${value.length} characters; ${LONGEST} are allowed.` };
	switch (type) {
		case 'cidr':
			return network(value) ?? { reason: `${shown} is no address and no network, such as 192.0.2.0/24.` };
		case 'hostname':
			return host(value) ?? { reason: `${shown} is no name of a host or a domain.` };
		case 'any':
			return network(value) ?? guess(value)?.value ?? value.normalize('NFC');
		case 'string':
			return value.normalize('NFC');
		case 'substring':
			return value.length < SHORTEST
				? { reason: `${shown} is too short: a part of fewer than ${SHORTEST} characters is in nearly every value.` }
				: value.normalize('NFC').toLowerCase();
		case 'regex': {
			const made = pattern(value);
			return typeof made === 'string' ? { reason: `${shown} is no pattern that can be used: ${made}.` } : value;
		}
	}
}

const network = (value: string): string | undefined => {
	const found = normalise('ipv4-addr', value);
	return found?.kind === 'ipv4-addr' || found?.kind === 'ipv6-addr' ? found.value : undefined;
};

/** A name, a whole top-level domain, or an address that stands among names. */
const host = (value: string): string | undefined => {
	const label = value.toLowerCase().replace(/^\*?\.|\.$/g, '');
	return /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label) && !/^\d+$/.test(label)
		? label
		: normalise('domain-name', value)?.value;
};

/**
 * A pattern, bare or as PHP writes it (`/…/i`), for an engine whose time grows with the text only (RE2): a list must not
 * be able to hold everything up. It knows no look-around and no references back; why not, when it cannot be made.
 */
function pattern(text: string): RE2JS | string {
	const [, body = text, letters = ''] = /^\/(.*)\/([a-z]*)$/is.exec(text) ?? [];
	let flags = 0;
	for (const letter of letters)
		if (letter === 'i') flags |= RE2JS.CASE_INSENSITIVE;
		else if (letter === 's') flags |= RE2JS.DOTALL;
		else if (letter === 'm') flags |= RE2JS.MULTILINE;
		else if (letter !== 'g' && letter !== 'u') return `the flag ${letter} is not known`;
	if (body.length > 1000) return 'it has more than 1000 characters';
	try {
		return RE2JS.compile(body, flags);
	} catch (e) {
		return e instanceof Error ? e.message.slice(0, 200) : 'it cannot be read';
	}
}

/** The host of a URL in its form, and the domain of an e-mail address. */
const HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(?:\[([^\]]*)\]|([^/?#:]*))/;

/** Values that have no other form; what may be an address; a name of two labels or more. */
const PLAIN = /^(?!cve|asn?\d)[a-z0-9][a-z0-9.-]*$/;
const NUMBERS = /^[\d.]+(?:\/\d+)?$|:/;
const NAME = /^(?:[a-z0-9_-]+\.)+(?!\d+$)[a-z0-9_-]+$/;

/** Lists, to be asked which of them a value is in. Times do not grow with the number of entries, but for patterns. */
export class Warnings {
	readonly #lists: Pick<WarningList, 'name' | 'kinds'>[] = [];
	/** numbers of lists by value: one number, or several */
	readonly #exact = new Map<string, number | number[]>();
	readonly #names = new Map<string, number | number[]>();
	readonly #networks = new Networks();
	readonly #parts = new Substrings();
	readonly #patterns: [RE2JS, number][] = [];

	constructor(lists: Iterable<Pick<WarningList, 'name' | 'type' | 'kinds' | 'entries'>>) {
		for (const { name, type, kinds, entries } of lists) {
			const n = this.#lists.push({ name, kinds }) - 1;
			for (const value of entries) this.#add(type, value, n);
		}
	}

	/** How many lists there are. */
	get size(): number {
		return this.#lists.length;
	}

	/** Names of the lists that hold a value in its one form, in their order. */
	match({ kind, value }: Observable): string[] {
		const found = new Set<number>();
		const take = (n: number) => {
			const { kinds } = this.#lists[n]!;
			if (!kinds || kinds.includes(kind)) found.add(n);
		};
		each(this.#exact.get(value), take);
		if (kind === 'ipv4-addr' || kind === 'ipv6-addr') this.#networks.find(value, take);
		else if (kind === 'domain-name') this.#below(value, take);
		else if (kind === 'email-addr') this.#below(value.slice(value.lastIndexOf('@') + 1), take);
		else if (kind === 'url') {
			const [, long, short] = HOST.exec(value) ?? [];
			if (long || short) this.#networks.find(long ?? short!, take);
			if (short) this.#below(short, take);
		}
		this.#parts.find(value.toLowerCase(), take);
		for (const [regex, n] of this.#patterns) if (!found.has(n) && regex.test(value)) take(n);
		return [...found].sort((a, b) => a - b).map((n) => this.#lists[n]!.name);
	}

	#add(type: Type, value: string, n: number): void {
		if (type === 'substring') this.#parts.add(value, n);
		else if (type === 'regex') {
			const regex = pattern(value);
			if (typeof regex !== 'string') this.#patterns.push([regex, n]);
		} else if (type === 'string') {
			put(this.#exact, value, n);
			// Lists write their values in their own ways.
			const meant = PLAIN.test(value) ? undefined : guess(value)?.value;
			if (meant !== undefined && meant !== value) put(this.#exact, meant, n);
		} else if (type === 'cidr' || (NUMBERS.test(value) && network(value))) this.#networks.add(value, n);
		else put(type === 'hostname' || NAME.test(value) ? this.#names : this.#exact, value, n);
	}

	/** The name and all above it. */
	#below(name: string, take: (n: number) => void): void {
		for (let at = 0; ; at = name.indexOf('.', at) + 1) {
			each(this.#names.get(at ? name.slice(at) : name), take);
			if (name.indexOf('.', at) < 0) return;
		}
	}
}

function put(map: Map<string, number | number[]>, value: string, n: number): void {
	const before = map.get(value);
	if (before === undefined) map.set(value, n);
	else if (typeof before === 'number') {
		if (before !== n) map.set(value, [before, n]);
	} else if (before.at(-1) !== n) before.push(n);
}

function each(numbers: number | number[] | undefined, take: (n: number) => void): void {
	if (typeof numbers === 'number') take(numbers);
	else if (numbers) for (const n of numbers) take(n);
}

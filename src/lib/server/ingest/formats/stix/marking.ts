import { parse, rank, type Tlp } from '$lib/core/tlp';
import { TLP } from './catalogue';
import { text } from './claims';
import { isObject, own, word, type Json } from './value';

/** The extension by which STIX 2.1 carries TLP 2.0. */
const TLP2 = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';

/** The TLP that a marking definition means; undefined when it means none (a statement). */
export function meaning(definition: Json): Tlp | undefined {
	const known = TLP.get(word(own(definition, 'id')));
	if (known) return parse(known) ?? undefined;
	const all = own(definition, 'extensions');
	const second = isObject(all) ? own(all, TLP2) : undefined;
	const first = own(definition, 'definition');
	const said =
		(isObject(second) && (text(second, 'tlp_2_0') ?? text(second, 'tlp'))) ||
		(isObject(first) && (text(first, 'tlp') ?? text(first, 'TLP'))) ||
		text(definition, 'x_opencti_definition') ||
		(/^tlp[:+]/i.test(text(definition, 'name') ?? '') && text(definition, 'name'));
	// A label that nobody knows may be the strictest.
	return said
		? (parse(said) ?? (/^statement$/i.test(word(own(definition, 'definition_type'))) ? undefined : 'red'))
		: undefined;
}

/** Markings of an object, granular ones included: the strictest counts for all of it. */
export function references(o: Json): string[] {
	const refs = own(o, 'object_marking_refs');
	const granular = own(o, 'granular_markings');
	return [
		...(Array.isArray(refs) ? refs : []),
		...(Array.isArray(granular) ? granular.map((g) => (isObject(g) ? own(g, 'marking_ref') : undefined)) : [])
	].filter((r) => typeof r === 'string');
}

/** Labels by the ids of definitions, those of the specification and those that a body has defined; null: it means no TLP. */
export class Markings {
	readonly #known = new Map<string, Tlp | null>();

	constructor() {
		for (const [id, word] of TLP) this.#known.set(id, parse(word) ?? null);
	}

	define(definition: Json): void {
		const id = text(definition, 'id');
		if (id && !TLP.has(id)) this.#known.set(id, meaning(definition) ?? null);
	}

	knows(id: string): boolean {
		return this.#known.has(id);
	}

	/** The strictest of these, and those that nobody has explained. */
	read(ids: string[]): { tlp?: Tlp; unknown: string[] } {
		const labels = ids.flatMap((id) => this.#known.get(id) ?? []);
		const strictest = labels.sort((a, b) => rank(b) - rank(a))[0];
		return { tlp: strictest, unknown: ids.filter((id) => !this.#known.has(id)) };
	}
}

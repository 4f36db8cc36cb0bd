import { UNLOCATED } from '$lib/core/province';
import { UNATTRIBUTED } from '$lib/core/sector';
import type { Reference } from '../../store/reference';

/** Names of places and of sectors as a sentence has them. */
export class Words {
	readonly #sectors: Map<string, string>;
	readonly #provinces: Map<string, string>;
	readonly #classes: Map<string, string>;
	readonly #types: Map<string, string>;

	constructor(reference: Pick<Reference, 'sectors' | 'provinces' | 'classes' | 'types'>) {
		this.#sectors = new Map(reference.sectors.map((s) => [s.slug, s.short]));
		this.#provinces = new Map(reference.provinces.map((p) => [p.code, p.short]));
		this.#classes = new Map(reference.classes.map((c) => [c.slug, c.name]));
		this.#types = new Map(reference.types.map((t) => [t.slug, t.name]));
	}

	sector = (slug: string): string => (slug === UNATTRIBUTED ? 'Sector not known' : (this.#sectors.get(slug) ?? slug));
	province = (code: string): string => (code === UNLOCATED ? 'place not known' : (this.#provinces.get(code) ?? code));
	class = (slug: string): string => (this.#classes.get(slug) ?? slug).toLowerCase();
	type = (slug: string): string => (this.#types.get(slug) ?? slug).toLowerCase();

	/** Whether there is a page of it. */
	readonly knows = {
		sector: (slug: string): boolean => slug === UNATTRIBUTED || this.#sectors.has(slug),
		province: (code: string): boolean => code === UNLOCATED || this.#provinces.has(code)
	};

	/** `Telecom, Islamabad`; `Nation` when it is about all. */
	where(sector: string | null, province: string | null): string {
		return [sector && this.sector(sector), province && this.province(province)].filter(Boolean).join(', ') || 'Nation';
	}
}

/** `a, b and c`; of more than `most` the first and how many more. */
export function enumerate(words: readonly string[], most = 4): string {
	const shown = words.length > most ? [...words.slice(0, most - 1), `${words.length - most + 1} more`] : [...words];
	const last = shown.pop() ?? '';
	return shown.length ? `${shown.join(', ')} and ${last}` : last;
}

const NUMBER = new Intl.NumberFormat('en-GB');
/** `1,204` */
export const count = (n: number): string => NUMBER.format(Math.round(n));
/** `1 report`, `1,204 reports` */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

import { isLong, mapped, v4, v6 } from '$lib/core/address';
import { ascii, type Kind } from '../store/constituent/asset';
import type { End } from './format';
import { Sweep, type Intervals } from './interval';

/** An organisation as far as placing a report needs it. */
export type Owner = { id: number; sector: string | null; province: string | null };
export type Rule = 'prefix' | 'domain' | 'asn';
export type Match = { constituent: Owner; rule: Rule };

/**
 * Whose an end of a report is. Immutable: a change of the constituents makes a new one, while the old one answers on.
 * No answer needs the database, and none takes longer than a fraction of a microsecond.
 */
export class Attribution {
	readonly #words = new Uint32Array(4);

	constructor(
		readonly owners: Owner[],
		readonly short: Intervals,
		readonly long: Intervals,
		readonly domains: ReadonlyMap<string, number>,
		readonly asns: ReadonlyMap<number, number>,
		/** assets that it was made from */
		readonly size: number
	) {}

	/** The constituent of an end: by the longest prefix, else by the longest domain suffix, else by its AS number. */
	find(end: End): Match | undefined {
		if (this.size === 0) return undefined;
		const host = end.fqdn ?? (end.url === undefined ? undefined : hostOf(end.url));
		const address = end.ip ?? host;
		const byPrefix = address === undefined ? -1 : this.#address(address);
		if (byPrefix >= 0) return { constituent: this.owners[byPrefix]!, rule: 'prefix' };
		const byDomain = host === undefined ? -1 : this.#domain(host);
		if (byDomain >= 0) return { constituent: this.owners[byDomain]!, rule: 'domain' };
		const byAsn = end.asn === undefined ? undefined : this.asns.get(end.asn);
		return byAsn === undefined ? undefined : { constituent: this.owners[byAsn]!, rule: 'asn' };
	}

	#address(text: string): number {
		const short = v4(text);
		if (short >= 0) return this.short.short(short);
		if (!isLong(text) || !v6(text, this.#words)) return -1;
		const inside = mapped(this.#words);
		return inside >= 0 ? this.short.short(inside) : this.long.long(this.#words);
	}

	#domain(host: string): number {
		if (this.domains.size === 0 || host.length > 1000) return -1;
		const name = ascii(host);
		if (name.length > 253) return -1; // no name is longer (RFC 1035, 3.1)
		for (let from = 0; ; from = name.indexOf('.', from) + 1) {
			const owner = this.domains.get(from === 0 ? name : name.slice(from));
			if (owner !== undefined) return owner;
			if (!name.includes('.', from)) return -1;
		}
	}
}

/** The host of a URL, without user, port and brackets; undefined when it has none. Scheme or not, as feeds write it. */
export function hostOf(url: string): string | undefined {
	const scheme = url.indexOf('://');
	const from = scheme >= 0 ? scheme + 3 : url.startsWith('//') ? 2 : 0;
	let to = from;
	while (to < url.length && !'/?#\\'.includes(url[to]!)) to++;
	let host = url.slice(from, to);
	const user = host.lastIndexOf('@');
	if (user >= 0) host = host.slice(user + 1);
	if (host.startsWith('[')) return host.slice(1, Math.max(1, host.indexOf(']'))) || undefined;
	const port = host.lastIndexOf(':');
	if (port >= 0) host = host.slice(0, port);
	return host || undefined;
}

/** One asset with its owner, by its place in the list of owners. */
export type Held = { kind: Kind; value: string; owner: number };

/**
 * Makes an index from assets that come in the order of `store/constituent/assets`: networks by family, first address
 * and length. Where two organisations name the same asset, the one that comes first has it.
 */
export class Builder {
	readonly #short = new Sweep(1);
	readonly #long = new Sweep(4);
	readonly #domains = new Map<string, number>();
	readonly #asns = new Map<number, number>();
	readonly #words = new Uint32Array(4);
	readonly #word = new Uint32Array(1);
	#size = 0;

	add({ kind, value, owner }: Held): void {
		this.#size++;
		if (kind === 'domain') {
			if (!this.#domains.has(value)) this.#domains.set(value, owner);
		} else if (kind === 'asn') {
			const n = Number(value.slice(2));
			if (!this.#asns.has(n)) this.#asns.set(n, owner);
		} else {
			const slash = value.indexOf('/');
			const bits = Number(value.slice(slash + 1));
			const short = v4(value, 0, slash);
			if (short >= 0) {
				this.#word[0] = short;
				this.#short.add(this.#word, bits, owner);
			} else if (v6(value.slice(0, slash), this.#words)) this.#long.add(this.#words, bits, owner);
		}
	}

	done(owners: Owner[]): Attribution {
		return new Attribution(owners, this.#short.done(), this.#long.done(), this.#domains, this.#asns, this.#size);
	}
}

/** Nobody's anything. */
export const NOBODY = new Builder().done([]);

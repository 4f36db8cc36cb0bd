import { isLong, v4, v6 } from '../address';

type Take = (n: number) => void;

/** Networks by the length of their prefix: a look-up asks once for each length that there is. */
export class Networks {
	readonly #short = new Map<number, Map<number, number[]>>();
	readonly #long = new Map<number, Map<string, number[]>>();
	readonly #words = new Uint32Array(4);

	/** @param value an address or a network in its one form */
	add(value: string, n: number): void {
		const [ip, bits] = this.#parse(value);
		if (!isLong(ip)) put(this.#short, bits, v4(ip), n);
		else if (v6(ip, this.#words)) put(this.#long, bits, key(this.#words, bits), n);
	}

	/** Tells the numbers of what contains an address, or all of a network; nothing for what is neither. */
	find(value: string, take: Take): void {
		const [ip, bits] = this.#parse(value);
		if (isLong(ip)) {
			if (!v6(ip, this.#words)) return;
			for (const [length, networks] of this.#long)
				if (length <= bits) networks.get(key(this.#words, length))?.forEach(take);
			return;
		}
		const address = v4(ip);
		if (address < 0) return;
		for (const [length, networks] of this.#short)
			if (length <= bits) networks.get(length ? (address & (-1 << (32 - length))) >>> 0 : 0)?.forEach(take);
	}

	#parse(value: string): [ip: string, bits: number] {
		const at = value.indexOf('/');
		if (at < 0) return [value, isLong(value) ? 128 : 32];
		return [value.slice(0, at), Number(value.slice(at + 1))];
	}
}

function put<K>(lengths: Map<number, Map<K, number[]>>, bits: number, network: K, n: number): void {
	let networks = lengths.get(bits);
	if (!networks) lengths.set(bits, (networks = new Map()));
	const before = networks.get(network);
	if (!before) networks.set(network, [n]);
	else if (!before.includes(n)) before.push(n);
}

/** The first bits of an IPv6 address, as text that no other network has. */
function key(words: Uint32Array, bits: number): string {
	let out = '';
	for (let w = 0; w * 32 < bits; w++) {
		const kept = Math.min(bits - w * 32, 32);
		out += `${((words[w]! & (-1 << (32 - kept))) >>> 0).toString(36)},`;
	}
	return out;
}

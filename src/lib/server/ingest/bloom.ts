/** Bits for each text, and bits that a text sets: about one in 2,000 texts that are not in it seems to be. */
const BITS = 16;
const HASHES = 8;

/** A set of texts that may say yes to one that is not in it, never no to one that is. Two bytes a text. (Bloom, 1970) */
export class Bloom {
	readonly #words: Uint32Array;
	readonly #mask: number;
	size = 0;

	/** @param capacity texts that it is made for; with more it says yes too often */
	constructor(readonly capacity: number) {
		let bits = 1024;
		while (bits < capacity * BITS && bits < 2 ** 31) bits *= 2;
		this.#words = new Uint32Array(bits / 32);
		this.#mask = bits - 1;
	}

	add(text: string): void {
		const [a, b] = hash(text);
		for (let i = 0; i < HASHES; i++) {
			const bit = (a + Math.imul(i, b)) & this.#mask;
			this.#words[bit >>> 5]! |= 1 << (bit & 31);
		}
		this.size++;
	}

	has(text: string): boolean {
		const [a, b] = hash(text);
		for (let i = 0; i < HASHES; i++) {
			const bit = (a + Math.imul(i, b)) & this.#mask;
			if (!(this.#words[bit >>> 5]! & (1 << (bit & 31)))) return false;
		}
		return true;
	}
}

const pair: [number, number] = [0, 0];

/** Two hashes of 32 bits, from which all others are made (Kirsch and Mitzenmacher, 2006): FNV-1a and a second multiplier, each mixed at the end (MurmurHash3). */
function hash(text: string): [number, number] {
	let a = 0x811c9dc5;
	let b = 0x9747b28c;
	for (let i = 0; i < text.length; i++) {
		const c = text.charCodeAt(i);
		a = Math.imul(a ^ c, 0x01000193);
		b = Math.imul(b ^ c, 0x5bd1e995);
		b ^= b >>> 13;
	}
	pair[0] = mix(a);
	pair[1] = mix(b) | 1;
	return pair;
}

function mix(h: number): number {
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}

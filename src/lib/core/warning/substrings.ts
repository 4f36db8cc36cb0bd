/** Characters by which a part is found first. */
const HEAD = 3;

/**
 * Parts of values, found by how they begin, and then by each length that parts with this beginning have: a look-up walks
 * along the value once, however many parts there are.
 */
export class Substrings {
	readonly #heads = new Map<string, Map<number, Map<string, number[]>>>();

	/** @param part three characters or more */
	add(part: string, n: number): void {
		const lengths = held(this.#heads, part.slice(0, HEAD), () => new Map<number, Map<string, number[]>>());
		const parts = held(lengths, part.length, () => new Map<string, number[]>());
		const numbers = held(parts, part, (): number[] => []);
		if (numbers.at(-1) !== n) numbers.push(n);
	}

	/** Tells the numbers of the parts that stand somewhere in a value, once for each place. */
	find(value: string, take: (n: number) => void): void {
		if (!this.#heads.size) return;
		for (let at = 0; at + HEAD <= value.length; at++) {
			const lengths = this.#heads.get(value.slice(at, at + HEAD));
			if (lengths) for (const [length, parts] of lengths) parts.get(value.slice(at, at + length))?.forEach(take);
		}
	}
}

function held<K, V>(map: Map<K, V>, key: K, make: () => V): V {
	let value = map.get(key);
	if (value === undefined) map.set(key, (value = make()));
	return value;
}

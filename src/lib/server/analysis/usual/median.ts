/** The middle of some numbers, which it sorts; NaN of none. */
export function median(of: number[] | Float64Array): number {
	const n = of.length;
	if (!n) return NaN;
	sort(of);
	const half = n >> 1;
	return n % 2 ? of[half]! : (of[half - 1]! + of[half]!) / 2;
}

/** Sorts in place: few by insertion, many as the typed array that does it without a comparison's call. */
export function sort(of: number[] | Float64Array): void {
	if (of.length > 40) {
		if (of instanceof Float64Array) of.sort();
		else {
			const sorted = Float64Array.from(of).sort();
			for (let i = 0; i < sorted.length; i++) of[i] = sorted[i]!;
		}
		return;
	}
	for (let i = 1; i < of.length; i++) {
		const v = of[i]!;
		let k = i - 1;
		for (; k >= 0 && of[k]! > v; k--) of[k + 1] = of[k]!;
		of[k + 1] = v;
	}
}

/** The value below which half of the weight lies. */
export function weighted(values: number[], weights: number[]): number {
	const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
	let half = 0;
	for (const w of weights) half += w / 2;
	for (const i of order) if ((half -= weights[i]!) <= 0) return values[i]!;
	return values[order.at(-1)!]!;
}

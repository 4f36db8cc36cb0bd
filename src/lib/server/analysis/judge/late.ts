/** How much came late, by the hour in which it was observed. What moves from one cell to another adds up to nothing. */
export class Late {
	readonly #hours = new Map<number, Map<number, number>>();

	add(source: number, hour: number, n: number): void {
		const sources = this.#hours.get(hour) ?? new Map<number, number>();
		this.#hours.set(hour, sources.set(source, (sources.get(source) ?? 0) + n));
	}

	/** The hours, not before `from`, into which a source has put at least `least`, at most `most` of them; they begin anew. */
	take(least: number, most: number, from: number): number[] {
		const out: number[] = [];
		for (const hour of [...this.#hours.keys()].sort((a, b) => a - b)) {
			if (hour < from) this.#hours.delete(hour);
			else if (out.length < most && [...this.#hours.get(hour)!.values()].some((n) => n >= least)) {
				out.push(hour);
				this.#hours.delete(hour);
			}
		}
		return out;
	}
}

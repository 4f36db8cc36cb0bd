/** The round number (1, 2, 2.5 or 5 times a power of ten) at or above `n`, at least 1: the top of an axis from zero. */
export function ceiling(n: number): number {
	if (!(n > 1)) return 1;
	const unit = 10 ** Math.floor(Math.log10(n));
	// 2.5 is no count of reports, but 25 is
	const step = [1, 2, ...(unit > 1 ? [2.5] : []), 5, 10].find((s) => s * unit >= n) ?? 10;
	return step * unit;
}

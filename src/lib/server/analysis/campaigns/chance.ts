/** How often values of a kind were seen in a window: how many there are, once, twice, and what half of them are seen. */
export type Counts = { values: number; once: number; twice: number; median: number };

/** Values from which on they say something of their kind; seen once, from which on they say how often they come back. */
const KNOWN = 30;
const ONCE = 5;
/** Values of a kind that chance may bring to so many reports, in a window. */
const ALLOWED = 0.1;
/** Where values come back often, what is told apart is seen this many times as often as half of them. */
const ABOVE = 4;

/**
 * The fewest reports of a value that are more than values of its kind come to by chance; 0: nothing is known of the
 * kind. Values that come back by chance are seen with a Poisson number of reports, of a mean that those seen once and
 * twice tell (2 f₂ ÷ f₁: A. Chao, “Estimating the population size for capture-recapture data with unequal catchability”,
 * Biometrics 43, 1987): what is seen more often may be a campaign, and must not say what is usual.
 */
export function least({ values, once, twice, median }: Counts): number {
	if (values < KNOWN) return 0;
	const mean = once >= ONCE ? (2 * twice) / once : median;
	// Those that were not seen at all could have been, too.
	const all = mean > 0 ? values / Math.max(1 - Math.exp(-mean), 1e-9) : values;
	let term = Math.exp(-mean);
	let above = 1 - term;
	let n = 1;
	while (all * above > ALLOWED && n < 10_000) {
		term *= mean / n;
		above = Math.max(0, above - term);
		n++;
		// What is left is smaller than numbers of this kind can tell.
		if (above < 1e-12) break;
	}
	return Math.max(n, median > 1 ? ABOVE * median : 0);
}

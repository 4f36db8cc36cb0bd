/** What is expected of a count in a window: mean and variance (for counts variance >= mean). */
export type Expected = { mean: number; variance: number };

/** σ at the edge of the expected range. */
export const EDGE = 3.5;

// An expectation of nothing is a model that never saw anything, not certainty.
const LEAST = 1e-9;
// Beyond this size, in means, a negative binomial is Poisson's in every digit that is kept.
const POISSON = 1e7;
// Above this size and mean a normal approximation errs by less than 0.01 σ where it matters and takes no loop.
const LARGE = 150;

/**
 * How far a count is from what was expected, in signed σ: the standard normal quantile of its mid-p tail probability
 * under the negative binomial of this mean and variance (Poisson's where they are equal). 2 where 0.2 was expected is
 * 2.4, not the 4 of (n − mean) / σ. Finite for every finite input.
 *
 * The tail is the continued fraction of the incomplete beta function times the probability of n itself, which is
 * Loader's (2000), so that neither large counts nor small probabilities lose anything; where both parameters are large
 * it is the normal approximation of Peizer and Pratt (1968).
 */
export function deviation(n: number, { mean, variance }: Expected): number {
	const m = mean > LEAST ? mean : LEAST;
	const size = (m * m) / (variance - m);
	const most = POISSON * (1 + m);
	const r = size > 0 && size < most ? size : most;
	if (!(n >= 0.001)) return fromLog(-r * Math.log1p(m / r) - Math.LN2, -1);
	if (r > LARGE && m > LARGE) return peizer(n, r, m);
	const q = m / (m + r);
	const p = r / (m + r);
	const log = logPmf(n, r, m);
	// The fraction of the lower tail loses its digits where n is the mean itself.
	if (n > m - 0.5) return fromLog(log + Math.log(fraction(n, r, q) - 0.5), 1);
	return fromLog(log + Math.log(((q * (n + r)) / r) * fraction(r, n + 1, p) - 0.5), -1);
}

/** The counts that are not unusual: all n with |deviation| <= edge. */
export function range(e: Expected, edge = EDGE): { low: number; high: number } {
	const sd = Math.sqrt(Math.max(e.variance, e.mean, LEAST));
	return {
		low: first((n) => deviation(n, e) >= -edge, Math.floor(e.mean - edge * sd), sd),
		high: first((n) => deviation(n, e) > edge, Math.floor(e.mean + edge * sd), sd) - 1
	};
}

/** What is expected of several counts together, if they err independently. */
export function sum(parts: Iterable<Expected>): Expected {
	let mean = 0;
	let variance = 0;
	for (const part of parts) {
		mean += part.mean;
		variance += part.variance;
	}
	return { mean, variance };
}

/** The first whole number for which `holds`, which from there on it does, looked for around a guess. */
function first(holds: (n: number) => boolean, guess: number, scale: number): number {
	let step = Math.max(1, Math.floor(scale / 4));
	let no = -1;
	let yes = Math.max(0, guess);
	if (holds(yes)) {
		for (let n = yes - step; n >= 0; n -= step *= 2) {
			if (!holds(n)) {
				no = n;
				break;
			}
			yes = n;
		}
	} else {
		for (no = yes, yes += step; !holds(yes); yes += step *= 2) no = yes;
	}
	while (yes - no > 1) {
		const middle = no + Math.floor((yes - no) / 2);
		if (holds(middle)) yes = middle;
		else no = middle;
	}
	return yes;
}

/** log P(X = n) of the negative binomial with size r and mean m, by Loader's saddle point expansion. */
function logPmf(n: number, r: number, m: number): number {
	const N = n + r;
	const share = N / (m + r);
	return (
		stirling(N) -
		stirling(r) -
		stirling(n) -
		deviance(r, r * share) -
		deviance(n, m * share) +
		0.5 * Math.log(r / (2 * Math.PI * n * N))
	);
}

/** x log(x / y) + y − x without cancellation. */
function deviance(x: number, y: number): number {
	const d = (x - y) / (x + y);
	if (d > 0.1 || d < -0.1) return x * Math.log(x / y) + y - x;
	let s = (x - y) * d;
	let power = 2 * x * d;
	for (let j = 3; j < 40; j += 2) {
		power *= d * d;
		const next = s + power / j;
		if (next === s) break;
		s = next;
	}
	return s;
}

/** The error of Stirling's formula: log x! − log(√(2πx) (x/e)^x). */
function stirling(x: number): number {
	// log x! = log (x + k)! − log of the factors between: the series is exact enough from 8 on.
	if (x >= 8) {
		const i = 1 / (x * x);
		return (1 / 12 - (1 / 360 - (1 / 1260 - i / 1680) * i) * i) / x;
	}
	let factors = 1;
	let y = x;
	while (y < 8) factors *= ++y;
	return (
		stirling(y) +
		(y + 0.5) * Math.log(y) -
		y +
		x -
		(x + 0.5) * Math.log(x > 0 ? x : Number.MIN_VALUE) -
		Math.log(factors)
	);
}

/** The continued fraction of the incomplete beta function, by Lentz's method; quick where x < (a + 1) / (a + b + 2). */
function fraction(a: number, b: number, x: number): number {
	let c = 1;
	let d = 1 / (1 - ((a + b) * x) / (a + 1));
	let h = d;
	for (let k = 1; k < 500; k++) {
		const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k));
		d = 1 / (1 + even * d);
		c = 1 + even / c;
		h *= d * c;
		const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1));
		d = 1 / (1 + odd * d);
		c = 1 + odd / c;
		const change = d * c;
		h *= change;
		if (change < 1 + 1e-10 && change > 1 - 1e-10) break;
	}
	return h;
}

/** Peizer and Pratt (1968), at the middle of n's own probability. */
function peizer(n: number, r: number, m: number): number {
	const N = n + r - 0.5;
	const q = m / (m + r);
	const p = r / (m + r);
	const S = n;
	const T = r - 0.5;
	const d = S + 1 / 6 - (N + 1 / 3) * q + 0.02 * (p / (S + 0.5) - q / (T + 0.5) + (p - 0.5) / (N + 1));
	return d * Math.sqrt((1 + p * bend(S / (N * q)) + q * bend(T / (N * p))) / ((N + 1 / 6) * p * q));
}

function bend(x: number): number {
	const d = 1 - x;
	if (d < 1e-3 && d > -1e-3) return d / 3 + (d * d) / 6;
	return (1 - x * x + 2 * x * Math.log(x)) / (d * d);
}

/** The normal quantile of a probability given as its logarithm, on this side: Wichura's (1988) AS 241, to 1e-7. */
function fromLog(log: number, side: 1 | -1): number {
	if (log > -0.6931471805599453) return -fromLog(Math.log(-Math.expm1(log)), side);
	if (log > -2.590267165445) {
		const q = 0.5 - Math.exp(log);
		const r = 0.180625 - q * q;
		return (
			(side * (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179))) /
			(((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1)
		);
	}
	let r = Math.sqrt(-log);
	if (r <= 5) {
		r -= 1.6;
		return (
			(side * (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777)) /
			((0.12021132975 * r + 0.7370016425) * r + 1)
		);
	}
	if (r <= 26) {
		r -= 5;
		return (
			(side * (((0.017337203997 * r + 0.42868294337) * r + 3.0812226386) * r + 6.657905115)) /
			((0.012258202635 * r + 0.24197894225) * r + 1)
		);
	}
	// Beyond what the formula covers: log p = −z²/2 − log(z √(2π)) + log(1 − 1/z² …), solved by iteration.
	let z = Math.sqrt(-2 * log);
	for (let i = 0; i < 4; i++) z = Math.sqrt(-2 * (log + Math.log(z) + 0.9189385332046727 - Math.log1p(-1 / (z * z))));
	return side * z;
}

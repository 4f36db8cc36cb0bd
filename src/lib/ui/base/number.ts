/** Numbers as every screen writes them: thousands by commas, a real minus sign, always the same digits. */
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** `18,432` */
export const count = (n: number): string => grouped.format(n).replace('-', '−');

/** `4.2`: a rate with one decimal; whole from 100 on, where the decimal says nothing. */
export const rate = (n: number): string => (Math.abs(n) < 100 ? fine : grouped).format(n).replace('-', '−');

const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/**
 * `18,432`, `1.23 M`: whole below a million, then three digits and the unit (M, B, T). Where it is shown, `title` gives
 * the whole number (`count`).
 */
export const compact = (n: number): string =>
	Math.abs(n) < 1e6
		? count(n)
		: short
				.format(n)
				.replace('-', '−')
				.replace(/([MBT])$/, '\u00a0$1');

/** `+14`, `−3`, `0`: how far a count is from an earlier one. */
export const change = (n: number): string => (n > 0 ? `+${count(n)}` : count(n));

/** `1 incident`, `38 incidents` */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** Change against `before` in per cent, `+12 %`; null when there was nothing to compare with. */
export function percent(now: number, before: number): string | null {
	if (before <= 0) return null;
	const p = Math.round(((now - before) / before) * 100);
	return `${change(p)} %`;
}

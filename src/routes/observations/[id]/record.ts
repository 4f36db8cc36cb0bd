import type { Level, Severity } from '$lib/core/severity';

/** Characters of a URL that are shown before the rest is folded. */
export const LONG = 200;
/** A larger record is shown as it is: to set it in lines would take long. */
const MOST = 200_000;

/** A record as text to be read: JSON in lines, anything else as it came. */
export function pretty(raw: string): { text: string; json: boolean } {
	if (raw.length > MOST) return { text: raw, json: false };
	try {
		const value: unknown = JSON.parse(raw);
		return typeof value === 'object' && value !== null
			? { text: JSON.stringify(value, null, 2), json: true }
			: { text: raw, json: false };
	} catch {
		return { text: raw, json: false };
	}
}

const LEVEL: Record<Severity, Level> = { none: 'low', low: 'low', medium: 'medium', high: 'high', critical: 'severe' };
/** The level that a case is proposed for one observation of this severity. */
export const level = (severity: Severity): Level => LEVEL[severity];

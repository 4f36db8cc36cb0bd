/** Times as a form has them: a date and a time of day in Pakistan, without a zone (`2026-11-24T21:00`). */

const PKT = 5 * 3600;

/** How a moment (epoch seconds) stands in the form. */
export const wall = (s: number): string => new Date((s + PKT) * 1000).toISOString().slice(0, 16);

/** The moment (epoch seconds) of what stands in the form; undefined when it is none. */
export function moment(text: string): number | undefined {
	if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return undefined;
	const ms = Date.parse(`${text}Z`);
	return Number.isNaN(ms) ? undefined : ms / 1000 - PKT;
}

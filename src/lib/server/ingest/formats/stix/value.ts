/** A JSON object whose members are looked at by names of ours, or one by one. */
export type Json = Readonly<Record<string, unknown>>;
export const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
/** An own member: a text from a feed may be called `constructor`. */
export const own = (o: Json, name: string): unknown => (Object.hasOwn(o, name) ? o[name] : undefined);

/** A value that should be a text, as one: what is none is empty, and never asked to turn itself into one. */
export const word = (v: unknown): string => (typeof v === 'string' ? v : '');

const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z$/;

/**
 * A timestamp in one form, with six digits of its fraction, so that texts compare as times; undefined when there is no
 * such day. A leap second is the end of the one before it.
 */
export function instant(text: string): string | undefined {
	const m = FORM.exec(text);
	if (!m) return undefined;
	const [, y, mo, d, h, mi, s, fraction = ''] = m;
	const day = new Date(0);
	day.setUTCFullYear(Number(y), Number(mo) - 1, Number(d));
	if (y === '0000' || day.getUTCDate() !== Number(d) || day.getUTCMonth() !== Number(mo) - 1) return undefined;
	if (Number(h) > 23 || Number(mi) > 59 || Number(s) > 60) return undefined;
	return `${y}-${mo}-${d}T${h}:${mi}:${s === '60' ? '59.999999' : `${s}.${`${fraction}000000`.slice(0, 6)}`}Z`;
}

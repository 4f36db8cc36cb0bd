/**
 * Time as the product counts and shows it: stored and counted in UTC, shown in Asia/Karachi (UTC+5, no daylight
 * saving, so a whole-hour offset and no table is needed).
 */
export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;
const PKT = 5 * HOUR;

/** Start of the minute, hour or day (UTC) that holds `s` (epoch seconds). */
export const floor = (s: number, unit: number): number => Math.floor(s / unit) * unit;

const two = (n: number) => String(n).padStart(2, '0');
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const parts = (s: number, offset: number) => new Date((s + offset) * 1000);

/** `14:32` or `14:32:07` in PKT. */
export function pkt(s: number, seconds = false): string {
	const d = parts(s, PKT);
	return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds ? `:${two(d.getUTCSeconds())}` : ''}`;
}

/** `09:32` or `09:32:07` in UTC. */
export function utc(s: number, seconds = false): string {
	const d = parts(s, 0);
	return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds ? `:${two(d.getUTCSeconds())}` : ''}`;
}

/** `Mon 23 Nov` in PKT. */
export function day(s: number): string {
	const d = parts(s, PKT);
	return `${DAYS[d.getUTCDay()]} ${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]}`;
}

/** `23 Nov 2026, 14:32 PKT`, for tables and documents. */
export function full(s: number): string {
	const d = parts(s, PKT);
	return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}, ${pkt(s)} PKT`;
}

/** A length of time in one or two units: `12 s`, `4 min`, `3 h 20 min`, `19 d`. */
export function span(seconds: number): string {
	const s = Math.max(0, Math.round(seconds));
	if (s < 60) return `${s} s`;
	if (s < HOUR) return `${Math.floor(s / 60)} min`;
	if (s < 10 * HOUR) {
		const m = Math.floor((s % HOUR) / 60);
		return `${Math.floor(s / HOUR)} h${m ? ` ${m} min` : ''}`;
	}
	return s < 2 * DAY ? `${Math.floor(s / HOUR)} h` : `${Math.floor(s / DAY)} d`;
}

/**
 * IP addresses as numbers, for look-ups that happen with every report. What comes in has been checked to be an address;
 * these only say no, never throw.
 */

/** A dotted address as one number from 0 to 2³²−1; −1 when it is none. */
export function v4(text: string, from = 0, to = text.length): number {
	let all = 0;
	let part = -1;
	let dots = 0;
	for (let i = from; i < to; i++) {
		const c = text.charCodeAt(i);
		if (c === 46) {
			if (part < 0 || ++dots > 3) return -1;
			all = all * 256 + part;
			part = -1;
		} else {
			if (c < 48 || c > 57) return -1;
			part = part < 0 ? c - 48 : part * 10 + c - 48;
			if (part > 255) return -1;
		}
	}
	return dots === 3 && part >= 0 ? all * 256 + part : -1;
}

/** Writes an IPv6 address as four words, the highest first; false when it is none. A zone (`%eth0`) is none of ours. */
export function v6(text: string, out: Uint32Array): boolean {
	let groups = 0;
	let gap = -1;
	let i = 0;
	const end = text.length;
	out.fill(0);
	const put = (value: number): boolean => {
		if (groups > 7) return false;
		out[groups >> 1] = groups & 1 ? (out[groups >> 1]! | value) >>> 0 : (value << 16) >>> 0;
		groups++;
		return true;
	};
	if (text.startsWith('::')) {
		gap = 0;
		i = 2;
	}
	while (i < end) {
		let value = 0;
		let digits = 0;
		const start = i;
		for (; i < end; i++) {
			const c = text.charCodeAt(i);
			const digit = c >= 48 && c <= 57 ? c - 48 : (c | 32) >= 97 && (c | 32) <= 102 ? (c | 32) - 87 : -1;
			if (digit < 0) break;
			if (++digits > 4) break;
			value = value * 16 + digit;
		}
		if (text.charCodeAt(i) === 46) {
			const last = v4(text, start, end);
			if (last < 0 || !put(Math.floor(last / 65_536)) || !put(last % 65_536)) return false;
			i = end;
			break;
		}
		if (digits === 0 || digits > 4 || !put(value)) return false;
		if (i === end) break;
		if (text.charCodeAt(i) !== 58) return false;
		i++;
		if (text.charCodeAt(i) === 58) {
			if (gap >= 0) return false;
			gap = groups;
			i++;
		} else if (i === end) return false;
	}
	if (gap < 0) return groups === 8;
	if (groups > 7) return false;
	// The groups after the gap belong at the end.
	const at = (k: number) => (k & 1 ? out[k >> 1]! & 0xffff : out[k >> 1]! >>> 16);
	const tail = Array.from({ length: groups - gap }, (_, k) => at(gap + k));
	const head = Array.from({ length: gap }, (_, k) => at(k));
	groups = 0;
	out.fill(0);
	for (const g of head) put(g);
	for (let k = head.length + tail.length; k < 8; k++) put(0);
	for (const g of tail) put(g);
	return true;
}

/** The IPv4 address inside an IPv4-mapped one (`::ffff:192.0.2.1`); −1 when it is not one. */
export const mapped = (words: Uint32Array): number =>
	words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? words[3]! : -1;

/** Whether a text looks like an IPv6 address rather than an IPv4 one. */
export const isLong = (text: string): boolean => text.includes(':');

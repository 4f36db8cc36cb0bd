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

/** The eight groups of the address that is being read: nothing here waits, so one place is enough. */
const groups = new Uint16Array(8);

/** Writes an IPv6 address as four words, the highest first; false when it is none. A zone (`%eth0`) is none of ours. */
export function v6(text: string, out: Uint32Array): boolean {
	const end = text.length;
	let n = 0;
	let gap = -1;
	let i = 0;
	if (text.startsWith('::')) {
		gap = 0;
		i = 2;
	}
	while (i < end) {
		const start = i;
		let value = 0;
		for (; i < end; i++) {
			const c = text.charCodeAt(i);
			const letter = c | 32;
			const digit = c >= 48 && c <= 57 ? c - 48 : letter >= 97 && letter <= 102 ? letter - 87 : -1;
			if (digit < 0 || i - start === 4) break;
			value = value * 16 + digit;
		}
		if (i < end && text.charCodeAt(i) === 46) {
			const last = v4(text, start, end);
			if (last < 0 || n > 6) return false;
			groups[n++] = last >>> 16;
			groups[n++] = last & 0xffff;
			break;
		}
		if (i === start || n > 7) return false;
		groups[n++] = value;
		if (i === end) break;
		if (text.charCodeAt(i++) !== 58) return false;
		if (i === end) return false;
		if (text.charCodeAt(i) === 58) {
			if (gap >= 0) return false;
			gap = n;
			i++;
		}
	}
	if (gap < 0 ? n !== 8 : n > 7) return false;
	if (gap >= 0) {
		// The groups after the gap belong at the end.
		groups.copyWithin(8 - (n - gap), gap, n);
		groups.fill(0, gap, 8 - (n - gap));
	}
	for (let w = 0; w < 4; w++) out[w] = groups[w * 2]! * 65_536 + groups[w * 2 + 1]!;
	return true;
}

/** The IPv4 address inside an IPv4-mapped one (`::ffff:192.0.2.1`); −1 when it is not one. */
export const mapped = (words: Uint32Array): number =>
	words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? words[3]! : -1;

/** Whether a text looks like an IPv6 address rather than an IPv4 one. */
export const isLong = (text: string): boolean => text.includes(':');

import type { Item } from './format';

/** One record as it was cut out of a body: its bytes (the first of them, if it is too long), how many it had, its number. */
export type Cut = { bytes: Buffer; size: number; line: number };

const decoder = new TextDecoder('utf-8');

/** A record that cannot be taken. */
export const unread = ({ bytes, line }: Cut, code: string, path: string, reason: string, tlp?: string): Item => ({
	kind: 'fault',
	line,
	raw: Buffer.from(bytes),
	fault: { path, code, reason, tlp }
});

/** Why a record that is too long is not read. */
export const long = ({ bytes, size }: Cut, most: number, setting = 'WATCHFLOOR_MAX_RECORD'): string =>
	`The record has ${size} bytes; ${most} are allowed (${setting}).${size > bytes.length ? ` Its first ${bytes.length} are kept.` : ''}`;

/** The JSON value of a record with its text, or why there is none. */
export function parse(cut: Cut, most: number, setting?: string): { raw: string; value: unknown } | Item {
	if (cut.size > most) return unread(cut, 'too_long', '', long(cut, most, setting));
	const raw = decoder.decode(cut.bytes);
	try {
		return { raw, value: JSON.parse(raw) as unknown };
	} catch (e) {
		return unread(
			cut,
			'not_json',
			'',
			`The record is not JSON: ${e instanceof Error ? e.message.slice(0, 200) : 'it cannot be parsed'}`
		);
	}
}

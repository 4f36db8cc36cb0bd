import { createHmac, timingSafeEqual } from 'node:crypto';

/** Holds the token of a wall or a kiosk that signed in with one. */
export const TOKEN = 'watchfloor_token';

/** Seconds that a cookie of a wall is kept: it stays until its token ends, and browsers forget a cookie after 400 days whatever it says. */
export const FOREVER = 400 * 24 * 3600;

/** The value of a cookie in a `Cookie` header, decoded; undefined when it is not there or cannot be decoded. */
export function read(header: string | null | undefined, name: string): string | undefined {
	for (const part of header?.split(';') ?? []) {
		const at = part.indexOf('=');
		if (at < 0 || part.slice(0, at).trim() !== name) continue;
		try {
			return decodeURIComponent(part.slice(at + 1).trim());
		} catch {
			return undefined;
		}
	}
	return undefined;
}

/**
 * The secret of a session from its signed cookie `<secret>.<HMAC-SHA-256, base64>`, which is how better-auth writes it
 * (its `better-call` signs); undefined when the signature is not ours. Checked here and not by a call of its own, which
 * would ask the database for each request.
 */
export function open(value: string, key: string): string | undefined {
	const dot = value.lastIndexOf('.');
	if (dot < 1) return undefined;
	const secret = value.slice(0, dot);
	const signature = Buffer.from(value.slice(dot + 1), 'base64');
	const expected = createHmac('sha256', key).update(secret).digest();
	return signature.length === expected.length && timingSafeEqual(signature, expected) ? secret : undefined;
}

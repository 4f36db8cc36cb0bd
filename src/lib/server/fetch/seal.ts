import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Problem } from '$lib/core/error';

/**
 * Secrets that have to be usable again, such as the password of a feed: AES-256-GCM under a key that is not in the
 * database, so that a copy of the database gives none of them away. Sealed for one source: put to another, it does not
 * open.
 */
export type Seal = { close(secret: unknown, source: number): Buffer; open(sealed: Buffer, source: number): unknown };

const NONCE = 12;
const TAG = 16;

/** @param master the key that also signs sessions; what is derived from it here serves nothing else */
export function seal(master: string): Seal {
	const key = Buffer.from(hkdfSync('sha256', master, '', 'watchfloor fetch secrets 1', 32));
	const context = (source: number) => Buffer.from(`source ${source}`);
	return {
		close(secret, source) {
			const nonce = randomBytes(NONCE);
			const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context(source));
			const text = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()]);
			return Buffer.concat([nonce, cipher.getAuthTag(), text]);
		},
		open(sealed, source) {
			try {
				const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
					.setAAD(context(source))
					.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
				const text = Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
				return JSON.parse(text.toString('utf8'));
			} catch {
				throw new Problem(
					'sealed',
					500,
					'The secret of this source cannot be opened: it was sealed under another WATCHFLOOR_SECRET. Give it once more with source set.'
				);
			}
		}
	};
}

import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '$lib/core/error';

/**
 * The key that signs session cookies: the configured one, or one that is generated once into `<dir>/session.secret`,
 * readable by its owner only. Processes that start together end up with the same one, and none reads half a file: each
 * writes a file of its own and links it to the name, which only the first can do.
 * @throws Problem `configuration` when the file is there but holds no key.
 */
export function load(dir: string, configured: string | undefined): string {
	if (configured) return configured;
	const file = join(dir, 'session.secret');
	const found = read(file);
	if (found) return found;
	mkdirSync(dir, { recursive: true });
	const own = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
	writeFileSync(own, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });
	try {
		linkSync(own, file);
	} catch (e) {
		if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
	} finally {
		unlinkSync(own);
	}
	return read(file)!;
}

function read(file: string): string | undefined {
	let text: string;
	try {
		text = readFileSync(file, 'utf8').trim();
	} catch (e) {
		if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw e;
	}
	if (text.length < 32)
		throw new Problem(
			'configuration',
			500,
			`${file} holds no key of 32 characters or more; remove it and a new one is made (everyone signs in again).`
		);
	return text;
}

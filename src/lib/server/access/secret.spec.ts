import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as secret from './secret';

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'watchfloor-secret-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('the secret is made once, for its owner only, and read again by whoever comes later', () => {
	const below = join(dir, 'not', 'there', 'yet');
	const made = secret.load(below, undefined);
	expect(made.length).toBeGreaterThanOrEqual(64);
	expect(secret.load(below, undefined)).toBe(made);
	expect(readFileSync(join(below, 'session.secret'), 'utf8')).toBe(made);
	expect(statSync(join(below, 'session.secret')).mode & 0o777).toBe(0o600);
});

test('a configured secret is taken as it is, and nothing is written', () => {
	expect(secret.load(dir, 'configured')).toBe('configured');
	expect(() => statSync(join(dir, 'session.secret'))).toThrow();
});

test('an empty file is no secret', () => {
	writeFileSync(join(dir, 'session.secret'), '');
	expect(() => secret.load(dir, undefined)).toThrow(/holds no key/);
});

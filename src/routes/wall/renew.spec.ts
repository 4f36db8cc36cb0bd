import { expect, test } from 'vitest';
import { renew } from './renew';

test('a wall loads once for another build, and never in a loop', () => {
	const kept = new Map<string, string>();
	const store = { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) };
	let loads = 0;
	const look = (theirs: string | null) => renew('old', theirs, store, () => loads++);
	expect(look(null)).toBe(false);
	expect(look('old')).toBe(false);
	expect(look('new')).toBe(true);
	expect(look('new')).toBe(false); // a cache gave us the old page again
	expect(look('newer')).toBe(true);
	expect(loads).toBe(2);
});

import { expect, it } from 'vitest';
import { Bloom } from './bloom';

it('a filter knows every text that was put in, and seldom one that was not', () => {
	const filter = new Bloom(20_000);
	for (let i = 0; i < 20_000; i++) filter.add(`198.51.${i >> 8}.${i & 255}`);
	for (let i = 0; i < 20_000; i++) expect(filter.has(`198.51.${i >> 8}.${i & 255}`)).toBe(true);
	let wrong = 0;
	for (let i = 0; i < 100_000; i++)
		if (filter.has(`203.0.${i >> 8}.${i & 255}`) || filter.has(`host${i}.example`)) wrong++;
	expect(wrong).toBeLessThan(200);
	expect(filter.size).toBe(20_000);
});

it('an empty filter knows nothing', () => expect(new Bloom(0).has('')).toBe(false));

import { describe, expect, it } from 'vitest';
import { PROVINCES } from '$lib/core/province';
import { SECTORS } from '$lib/core/sector';
import { goals, grouped, lookups, MOST, seek } from './seek';

const all = goals('analyst', SECTORS, PROVINCES);
const first = (text: string) => seek(all, text)[0]?.href;

describe('the palette', () => {
	it('finds a screen by the beginning of its name, and by another word for it', () => {
		expect(first('inc')).toBe('/incidents');
		expect(first('ioc')).toBe('/indicators');
	});
	it('finds a sector and a province by name, short name, code and Urdu', () => {
		expect(first('banking')).toBe('/sectors/banking');
		expect(first('pk-sd')).toBe('/provinces/PK-SD');
		expect(first(SECTORS[0]!.urdu)).toBe(`/sectors/${SECTORS[0]!.slug}`);
	});
	it('wants every word', () => expect(seek(all, 'banking nonsense')).toEqual([]));
	it('offers a role only what it may open', () => {
		const executive = goals('executive', SECTORS, PROVINCES);
		expect(seek(executive, 'indicators')).toEqual([]);
		expect(lookups('executive', '203.0.113.7').goals).toEqual([]);
	});
	it('shows a few lines under a heading, however many there are', () => {
		const many = Array.from({ length: 1000 }, (_, i) => ({
			key: `${i}`,
			kind: 'Open incidents' as const,
			name: `Case ${i}`
		}));
		expect(seek(many, 'case')).toHaveLength(MOST);
	});
	it('knows an address, a name and a defanged one, and leads to both looks with it', () => {
		for (const value of ['203.0.113.7', '2001:db8::1', 'bad[.]example', 'CVE-2025-12345'])
			expect(lookups('analyst', value).known, value).toBe(true);
		expect(lookups('analyst', '203.0.113.7').goals.map((g) => g.href)).toEqual([
			'/indicators?value=203.0.113.7',
			'/observations?q=203.0.113.7'
		]);
	});
	it('takes anything else as words in observations', () => {
		const found = lookups('analyst', 'card data & more');
		expect(found.known).toBe(false);
		expect(found.goals.map((g) => g.href)).toEqual(['/observations?q=card+data+%26+more']);
	});
	it('keeps the lines of a heading together', () => {
		expect(grouped(seek(all, 's')).map(([kind]) => kind)).toEqual([...new Set(seek(all, 's').map((g) => g.kind))]);
	});
});

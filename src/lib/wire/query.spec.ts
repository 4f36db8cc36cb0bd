import { describe, expect, it } from 'vitest';
import { Subscribe } from './live';
import { Aggregates, Filter, page } from './query';
import { z } from 'zod';

describe('what a URL may ask', () => {
	it('reads dimensions, each once, and names the one that it does not know', () => {
		expect(Aggregates.parse({ by: 'province, sector,province' }).by).toEqual(['province', 'sector']);
		expect(Aggregates.parse({}).by).toEqual(['province']);
		expect(Aggregates.safeParse({ by: 'province,planet' }).error?.issues[0]?.message).toContain('planet');
		expect(Aggregates.safeParse({ by: '' }).success).toBe(false);
	});

	it.each(['yesterday', '2026-11-23', '2026-13-01T00:00:00Z', '2026-11-23T00:00:00'])('takes no time of %j', (from) =>
		expect(Filter.safeParse({ from }).success).toBe(false)
	);

	it('takes a page of one row to the most, as text or number', () => {
		const limit = (v: unknown) => z.object(page(500)).safeParse({ limit: v }).data?.limit;
		expect([limit(undefined), limit('1'), limit(500), limit('0'), limit('501'), limit('x'), limit('1.5')]).toEqual([
			100,
			1,
			500,
			undefined,
			undefined,
			undefined,
			undefined
		]);
	});
});

describe('what a socket may ask', () => {
	it.each([
		null,
		'x',
		7,
		[],
		{ since: 'x' },
		{ since: -1 },
		{ since: 1.5 },
		{ sectors: 7 },
		{ sectors: Array(65).fill('a') },
		{ provinces: ['x'.repeat(65)] }
	])('refuses %j', (what) => expect(Subscribe.safeParse(what).success).toBe(false));

	it('takes nothing at all for everything', () => expect(Subscribe.parse({})).toEqual({}));
});

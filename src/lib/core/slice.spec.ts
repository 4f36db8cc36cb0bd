import { expect, test } from 'vitest';
import { href, params } from './slice';

test('a slice is an address, always in the same order, with times in whole seconds of UTC', () => {
	expect(params({ sector: 'banking', to: 1_790_003_600.7, from: 1_790_000_000 }).toString()).toBe(
		'from=2026-09-21T14%3A13%3A20Z&to=2026-09-21T15%3A13%3A20Z&sector=banking'
	);
	expect(href('analyst', { province: 'PK-SD', q: 'a&b' })).toBe('/observations?province=PK-SD&q=a%26b');
	expect(href('operator', {})).toBe('/observations');
});

test('who may not read single observations gets no way to them', () => {
	expect(href('wall', { sector: 'banking' })).toBeNull();
	expect(href('executive', {})).toBeNull();
});

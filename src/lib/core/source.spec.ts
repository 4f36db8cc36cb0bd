import { expect, it } from 'vitest';
import { health } from './source';

it.each([
	[null, 'waiting'],
	[1000, 'on-time'],
	[1000 - 90, 'on-time'],
	[1000 - 91, 'late'],
	[1000 - 180, 'late'],
	[1000 - 181, 'silent'],
	[1030, 'on-time']
])('a source with a cadence of a minute that delivered at %s is %s at 1000', (last, expected) => {
	expect(health({ last, cadence: 60 }, 1000)).toBe(expected);
});

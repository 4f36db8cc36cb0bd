import { expect, it } from 'vitest';
import { moment, wall } from './time';

it('a time of a form is one of Pakistan, there and back', () => {
	expect(moment('2026-11-24T21:00')).toBe(Date.UTC(2026, 10, 24, 16) / 1000);
	expect(wall(Date.UTC(2026, 10, 24, 22, 5) / 1000)).toBe('2026-11-25T03:05');
	expect(moment(wall(1_795_000_020))).toBe(1_795_000_020);
});

it('what is no time is none', () => {
	for (const text of ['', '2026-13-45T21:00', '2026-11-24', 'tomorrow', '2026-11-24T21:00Z', '2026-11-24T25:00'])
		expect(moment(text)).toBeUndefined();
});

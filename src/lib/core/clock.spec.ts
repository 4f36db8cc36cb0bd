import { describe, expect, it } from 'vitest';
import { DAY, day, floor, full, HOUR, MINUTE, pkt, span, utc } from './clock';

const at = (iso: string) => Date.parse(iso) / 1000;

describe('the clock', () => {
	it('floors to the minute, hour and day in UTC, also before 1970', () => {
		const t = at('2026-11-23T19:59:59.999Z');
		expect([MINUTE, HOUR, DAY].map((unit) => floor(t, unit))).toEqual(
			['2026-11-23T19:59:00Z', '2026-11-23T19:00:00Z', '2026-11-23T00:00:00Z'].map(at)
		);
		expect(floor(-1, HOUR)).toBe(-HOUR);
	});

	it('shows Pakistan Standard Time, a day ahead from 19:00 UTC on', () => {
		const t = at('2026-12-31T19:05:07Z');
		expect([pkt(t), pkt(t, true), utc(t), day(t), full(t)]).toEqual([
			'00:05',
			'00:05:07',
			'19:05',
			'Fri 1 Jan',
			'1 Jan 2027, 00:05 PKT'
		]);
	});

	it.each([
		[-5, '0 s'],
		[0.4, '0 s'],
		[59.4, '59 s'],
		[59.6, '1 min'],
		[3599, '59 min'],
		[3600, '1 h'],
		[12_000, '3 h 20 min'],
		[10 * HOUR, '10 h'],
		[2 * DAY - 1, '47 h'],
		[19 * DAY, '19 d']
	])('tells %d seconds as %s', (seconds, text) => expect(span(seconds)).toBe(text));
});

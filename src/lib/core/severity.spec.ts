import { describe, expect, it } from 'vitest';
import { band, LEVELS, parse, SEVERITIES, shape } from './severity';

describe('severity', () => {
	it('has the edges of the CVSS v4 bands', () => {
		expect([0, 0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10].map(band)).toEqual([
			'none',
			'low',
			'low',
			'medium',
			'medium',
			'high',
			'high',
			'critical',
			'critical'
		]);
	});

	it('knows no band outside 0 to 10', () => {
		expect([-0.1, 10.1, NaN, Infinity].map(band)).toEqual([undefined, undefined, undefined, undefined]);
	});

	it.each([
		['High', 'high'],
		[' critical ', 'critical'],
		['info', 'none'],
		['moderate', 'medium'],
		['9.8', 'critical'],
		[7.5, 'high'],
		[0, 'none']
	])('reads %j as %s', (value, severity) => expect(parse(value)).toBe(severity));

	it.each(['', 'urgent', '11', '-1', '1e1', '007', 'constructor', '9.8.1', '٩'])('reads no severity in %j', (value) =>
		expect(parse(value)).toBeUndefined()
	);

	it('gives each level a shape beside its colour, a rarer one the more severe it is', () => {
		expect(LEVELS.map(shape)).toEqual(['○', '○', '●', '◆', '▲', '▲']);
	});

	it('ranks the bands', () => expect(SEVERITIES.indexOf('critical')).toBe(SEVERITIES.length - 1));
});

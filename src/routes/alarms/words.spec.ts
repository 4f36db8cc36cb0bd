import { expect, test } from 'vitest';
import { EVENTS } from '$lib/core/alarm';
import { lines } from './facts';
import { said } from './history';

test('the facts of an alarm are rows with names and units, in the order of importance; what nobody knows is left out', () => {
	expect(
		lines({ high: 75, low: 40, sigma: 14.2, n: 1312, expected: 5.5, window: 3600, class: null, source: 'x', cves: [] })
	).toEqual([
		{ label: 'Reports', value: '1,312' },
		{ label: 'Expected', value: '5.5' },
		{ label: 'Usual range', value: '40 to 75' },
		{ label: 'Deviation', value: '+14.2 σ' },
		{ label: 'Window', value: '1 h' }
	]);
	expect(lines({ sectors: ['banking', 'x'] }, { sectors: (l) => l.map((s) => s.toUpperCase()).join(' and ') })).toEqual(
		[{ label: 'Sectors', value: 'BANKING and X' }]
	);
	expect(lines(JSON.parse('{"__proto__":1,"constructor":2,"toString":3}') as never)).toEqual([]);
});

test('everything that can happen has words, with what a person wrote', () => {
	for (const what of EVENTS) expect(said({ what, detail: {} }).text).toMatch(/\w/);
	expect(said({ what: 'shelved', detail: { until: '2026-11-24T13:00:00Z', reason: 'planned' } })).toEqual({
		text: 'put it aside, until 24 Nov 2026, 18:00 PKT',
		note: 'planned'
	});
});

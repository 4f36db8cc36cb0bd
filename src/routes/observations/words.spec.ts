import { expect, test } from 'vitest';
import { add, drop, local, marks, names, open, quick, way, when, wider, words } from './words';
import { grid } from './heat';

const T = Date.UTC(2026, 10, 24, 15) / 1000; // 20:00 PKT
const H = 3600;
const name = names(
	{
		sectors: [{ slug: 'telecom', name: 'Telecommunications', short: 'Telecom' }],
		provinces: [{ code: 'PK-SD', name: 'Sindh', short: 'Sindh' }],
		classes: [],
		types: []
	},
	[{ slug: 'sensor', name: 'Sensor of PTA' }]
);

test('a filter is a mark that leads to the same without it', () => {
	const part = { from: T, to: T + H, sector: 'telecom', source: 'sensor', q: '<b>' };
	expect(marks(part, name)).toEqual([
		{
			key: 'time',
			label: 'Time',
			value: 'Tue 24 Nov, 20:00–21:00 PKT',
			without: '/observations?source=sensor&sector=telecom&q=%3Cb%3E'
		},
		{ key: 'source', label: 'Source', value: 'Sensor of PTA', without: way(drop(part, 'source')) },
		{ key: 'sector', label: 'Sector', value: 'Telecom', without: way(drop(part, 'sector')) },
		{ key: 'q', label: 'Text', value: '<b>', without: way(drop(part, 'q')) }
	]);
	expect(words(part, name)).toBe('Sensor of PTA, Telecom, “<b>”');
	expect(words({}, name)).toBe('everything');
	expect(way(add({}, { province: 'PK-SD' }))).toBe('/observations?province=PK-SD');
});

test('a name that nothing has is what it is, and no key of an object', () => {
	expect(name('sector', 'constructor')).toBe('constructor');
});

test('without a choice the last 24 hours stand, and a quick choice is known again', () => {
	expect(
		quick({}, T)
			.filter((q) => q.on)
			.map((q) => q.name)
	).toEqual(['24 h']);
	expect(
		quick({ from: T - 7 * 24 * H }, T + 60)
			.filter((q) => q.on)
			.map((q) => q.name)
	).toEqual(['7 d']);
	expect(quick({ from: T - H, to: T }, T).some((q) => q.on)).toBe(false);
	expect(quick({ from: T, sector: 'telecom' }, T)[1]!.href).toBe('/observations?sector=telecom');
	expect(when({ from: T })).toBe('since Tue 24 Nov 20:00 PKT');
});

test('a wider time ends at now at the latest', () => {
	expect(wider(T, T + H, T + 9 * H)).toEqual({ from: T - H, to: T + 2 * H });
	expect(wider(T, T + H, T + H)).toEqual({ from: T - 2 * H, to: T + H });
});

test('a field of a form has PKT, and an observation is found by its time', () => {
	expect(local(T)).toBe('2026-11-24T20:00');
	expect(open({ id: 'x', observed: 1.5 })).toBe('/observations/x?at=1.5');
});

test('a heatmap of any time has no more columns than can be pointed at, and loses nothing', () => {
	for (const [unit, length] of [
		[H, H],
		[H, 96 * H],
		[24 * H, 90 * 24 * H],
		[24 * H, 800 * 24 * H]
	] as const) {
		const from = Math.floor(T / unit) * unit;
		const cells = Array.from({ length: length / unit }, (_, i): [number, string, number] => [
			from + i * unit,
			'telecom',
			1
		]);
		const g = grid(cells, unit, from, from + length);
		expect(g.columns.length).toBeLessThanOrEqual(33);
		expect(g.rows[0]!.total).toBe(cells.length);
	}
});

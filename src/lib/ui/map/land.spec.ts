import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Topology } from 'topojson-specification';
import { PROVINCES } from '$lib/core/province';
import { LABEL, land } from './land';
import { overlap } from './place';

const topology = JSON.parse(readFileSync('static/boundaries.topojson', 'utf8')) as Topology;
const drawing = land('Natural Earth', topology);

test('every province of the reference data is drawn once', () => {
	expect(drawing.shapes.map((s) => s.code).sort()).toEqual(PROVINCES.map((p) => p.code).sort());
});

test('labels never overlap and stay in the drawing', () => {
	const boxes = drawing.shapes.map((s) => ({ x: s.x - LABEL.width / 2, y: s.y - LABEL.height / 2, ...LABEL }));
	for (const [i, a] of boxes.entries()) {
		expect(a.x, drawing.shapes[i]?.code).toBeGreaterThanOrEqual(0);
		expect(a.x + a.width).toBeLessThanOrEqual(drawing.width);
		for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false);
	}
});

test('small units have callouts and large ones have their label inside', () => {
	const callouts = drawing.shapes.filter((s) => s.callout).map((s) => s.code);
	expect(callouts).toContain('PK-IS');
	expect(callouts).toContain('PK-JK');
	expect(callouts).not.toContain('PK-PB');
	expect(callouts).not.toContain('PK-BA');
});

test('the corners of the drawing hold the country, on the same plane as Leaflet', () => {
	const [[south, west], [north, east]] = drawing.bounds;
	for (const p of PROVINCES) {
		expect(p.lat).toBeGreaterThan(south);
		expect(p.lat).toBeLessThan(north);
		expect(p.lon).toBeGreaterThan(west);
		expect(p.lon).toBeLessThan(east);
	}
	const y = (lat: number) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
	const aspect = (((east - west) * Math.PI) / 180 / (y(north) - y(south))) * (drawing.height / drawing.width);
	expect(aspect).toBeCloseTo(1, 6);
});

test('the page that carries the drawing stays small', () => {
	expect(JSON.stringify(drawing).length).toBeLessThan(60_000);
});

test('a drawing is made once for a boundary set', () => {
	expect(land('Natural Earth', topology)).toBe(drawing);
});

test('a boundary set without provinces says so', () => {
	expect(() => land('Empty', { type: 'Topology', arcs: [], objects: {} })).toThrow(/provinces/);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Topology } from 'topojson-specification';
import { PROVINCES } from '$lib/core/province';
import { close } from './district';
import { written } from './names';

const topology = JSON.parse(readFileSync('static/boundaries.topojson', 'utf8')) as Topology;
const all = PROVINCES.map((p) => close('built in', topology, p.code)!);

test('each district of the set is drawn in exactly one province', () => {
	const ids = all.flatMap((c) => c.districts.map((d) => d.id));
	expect(ids).toHaveLength(138);
	expect(new Set(ids).size).toBe(138);
});

test('a district has its name inside its province’s box, and a path', () => {
	for (const c of all)
		for (const d of c.districts) {
			expect(d.d).toMatch(/^M/);
			expect(d.x).toBeGreaterThan(c.box[0]);
			expect(d.x).toBeLessThan(c.box[0] + c.box[2]);
			expect(d.y).toBeGreaterThan(c.box[1]);
			expect(d.y).toBeLessThan(c.box[1] + c.box[3]);
		}
});

test('one province with its districts is small enough to be fetched when it is looked at', () => {
	for (const c of all) expect(JSON.stringify(c).length, c.code).toBeLessThan(90_000);
});

test('names that are written never touch, and more are written the closer one looks', () => {
	const punjab = all.find((c) => c.code === 'PK-PB')!;
	const far = written(punjab.districts, 1.5, 12, 26);
	const near = written(punjab.districts, 4, 12, 26);
	expect(near.length).toBeGreaterThan(far.length);
	for (const [i, a] of near.entries())
		for (const b of near.slice(i + 1)) {
			const apart =
				Math.abs(a.x - b.x) >= ((a.name.length + b.name.length) * 12) / 4 / 2 || Math.abs(a.y - b.y) >= 26 / 4;
			expect(apart, `${a.name} and ${b.name}`).toBe(true);
		}
});

test('a set without districts draws the province alone, and one that it does not know not at all', () => {
	const { districts: _, ...objects } = topology.objects;
	const bare = { ...topology, objects } as Topology;
	expect(close('bare', bare, 'PK-SD')!.districts).toEqual([]);
	expect(close('bare', bare, 'PK-XX')).toBeNull();
});

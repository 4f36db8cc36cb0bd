import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { load } from './boundary';

const dir = mkdtempSync(join(tmpdir(), 'watchfloor-boundary-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Two squares side by side, and a district in the first. */
const square = (x: number) => [
	[x, 30],
	[x + 1, 30],
	[x + 1, 31],
	[x, 31],
	[x, 30]
];
const set = () => ({
	type: 'Topology',
	arcs: [square(70), square(71)],
	objects: {
		provinces: {
			type: 'GeometryCollection',
			geometries: [
				{ type: 'Polygon', id: 'PK-PB', arcs: [[0]], properties: { name: 'Punjab' } },
				{ type: 'Polygon', id: 'PK-SD', arcs: [[1]], properties: { name: 'Sindh' } }
			] as Record<string, unknown>[]
		},
		districts: {
			type: 'GeometryCollection',
			geometries: [{ type: 'Polygon', id: 'x', arcs: [[0]], properties: { name: 'X', province: 'PK-PB' } }] as Record<
				string,
				unknown
			>[]
		} as unknown
	}
});
type Set = ReturnType<typeof set>;
let serial = 0;
function read(change: (s: Set) => unknown, wanted = ['PK-PB', 'PK-SD']) {
	const s = set();
	const file = join(dir, `${serial++}.topojson`);
	const answer = change(s);
	writeFileSync(file, typeof answer === 'string' && /^[{n]/.test(answer) ? answer : JSON.stringify(s));
	return load({ WATCHFLOOR_BOUNDARIES: file, WATCHFLOOR_BOUNDARIES_NAME: 'Official, 2024' }, wanted);
}

test('the built-in set has all that it says', () => {
	const built = load({ WATCHFLOOR_BOUNDARIES: undefined, WATCHFLOOR_BOUNDARIES_NAME: undefined });
	expect(built.name).toMatch(/de facto/);
	expect(built.districts).toMatch(/approximate/);
});

test('a set of the operator’s has the operator’s name, also its districts', () => {
	expect(read(() => {})).toMatchObject({ name: 'Official, 2024', districts: 'districts of Official, 2024' });
});

test('a set without districts is a map without districts', () => {
	expect(read((s) => delete (s.objects as { districts?: unknown }).districts).districts).toBeNull();
});

test('a unit beyond those that are counted is drawn', () => {
	expect(read(() => {}, ['PK-PB']).topology.objects.provinces).toMatchObject({ geometries: [{}, { id: 'PK-SD' }] });
});

test.each<[string, (s: Set) => unknown, RegExp]>([
	['text', () => '{"type": "Topo', /cannot be read as JSON/],
	['GeoJSON', () => '{"type":"FeatureCollection","features":[]}', /object "provinces"/],
	['null', () => 'null', /object "provinces"/],
	['names for codes', (s) => (s.objects.provinces.geometries[0]!.id = 'Punjab'), /ISO 3166-2.*Punjab/],
	['no codes', (s) => delete s.objects.provinces.geometries[0]!.id, /ISO 3166-2/],
	['a code twice', (s) => (s.objects.provinces.geometries[1]!.id = 'PK-PB'), /PK-PB twice/],
	['a code too few', (s) => s.objects.provinces.geometries.pop(), /does not draw PK-SD/],
	['an old code', (s) => (s.objects.provinces.geometries[1]!.id = 'PK-TA'), /does not draw PK-SD.*PK-TA/],
	[
		'a line',
		(s) => (s.objects.provinces.geometries[1]!.type = 'LineString'),
		/provinces\[1\] \(PK-SD\) is a LineString/
	],
	['arcs that are not there', (s) => (s.objects.provinces.geometries[1]!.arcs = [[7]]), /PK-SD.*arcs/],
	['no arcs', (s) => (s.objects.provinces.geometries[1]!.arcs = []), /PK-SD.*outline/],
	['metres', (s) => (s.arcs[1] = square(8_000_000)), /PK-SD.*8000000, 30.*degrees/],
	[
		'a district of nowhere',
		(s) => ((s.objects.districts as Set['objects']['provinces']).geometries[0]!.properties = { name: 'X' }),
		/districts\[0\] \(X\).*province/
	],
	['districts that are no collection', (s) => (s.objects.districts = { type: 'Polygon' }), /"districts"/]
])('a set with %s stops the start with the reason', (_, change, reason) => {
	expect(() => read(change)).toThrow(reason);
});

test('a file that is not there is said', () => {
	expect(() => load({ WATCHFLOOR_BOUNDARIES: join(dir, 'none'), WATCHFLOOR_BOUNDARIES_NAME: 'x' })).toThrow(/ENOENT/);
});

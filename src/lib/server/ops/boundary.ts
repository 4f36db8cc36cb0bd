import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Feature, MultiPolygon, Polygon } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryObject, Topology } from 'topojson-specification';
import { Problem } from '$lib/core/error';
import type { Config } from './config';
import { folder } from './root';

const BUILT_IN = 'Natural Earth, approximate districts, de facto line';

/** `districts`: what is to be said of the set's districts; null when it has none. */
export type Boundary = { name: string; topology: Topology; districts: string | null };

type Named = { id?: string; name?: string; province?: string };
type Object = { geometries: (GeometryObject & { properties?: Named })[] };
const id = (g: Object['geometries'][number]): string => String(g.id ?? g.properties?.id ?? '');

/**
 * Reads the boundary set, the built-in one or the operator's. `wanted` are the codes of the provinces that must be in
 * it; further units are drawn, with their name and without a count.
 * @throws Problem `configuration` with what is wrong and where: no TopoJSON, no provinces, a code that is missing or twice,
 * a shape that cannot be drawn, a district of no province
 */
export function load(
	config: Pick<Config, 'WATCHFLOOR_BOUNDARIES' | 'WATCHFLOOR_BOUNDARIES_NAME'>,
	wanted: readonly string[] = []
): Boundary {
	const own = config.WATCHFLOOR_BOUNDARIES;
	const file = own ?? join(folder(), 'static', 'boundaries.topojson');
	const wrong = (what: string) => new Problem('configuration', 500, `WATCHFLOOR_BOUNDARIES ${what}`);
	let topology: Topology;
	try {
		topology = JSON.parse(readFileSync(file, 'utf8')) as Topology;
	} catch (e) {
		throw wrong(`cannot be read as JSON: ${e instanceof Error ? e.message : String(e)}`);
	}
	const shaped = topology?.type === 'Topology' && Array.isArray(topology.arcs);
	const provinces = shaped ? topology.objects?.provinces : undefined;
	if (provinces?.type !== 'GeometryCollection' || !Array.isArray(provinces.geometries))
		throw wrong('is a TopoJSON file with an object "provinces" (a GeometryCollection).');
	const codes = (provinces as Object).geometries.map(id);
	if (!codes.length || !codes.every((c) => /^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(c)))
		throw wrong(
			`names each province by its ISO 3166-2 code, such as PK-PB, in "id"; one says "${codes.find((c) => !/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(c))?.slice(0, 40) ?? ''}".`
		);
	const twice = codes.find((c, i) => codes.indexOf(c) !== i);
	if (twice) throw wrong(`draws ${twice} twice; make it one geometry (a MultiPolygon).`);
	const missing = wanted.filter((c) => !codes.includes(c));
	if (missing.length)
		throw wrong(
			`does not draw ${missing.join(', ')}: what is counted there would stand nowhere. It draws ${codes.join(', ')}.`
		);
	drawable(topology, 'provinces', wrong);

	const districts = topology.objects.districts;
	if (!districts) return { name: named(config), topology, districts: null };
	if (districts.type !== 'GeometryCollection' || !Array.isArray(districts.geometries))
		throw wrong('has an object "districts" that is no GeometryCollection. Without any, the map has no districts.');
	for (const [i, d] of (districts as Object).geometries.entries())
		if (!codes.includes(d.properties?.province ?? ''))
			throw wrong(
				`districts[${i}] (${(d.properties?.name ?? id(d)).slice(0, 40)}) names in "province" none of the provinces of the file.`
			);
	drawable(topology, 'districts', wrong);
	return {
		name: named(config),
		topology,
		districts: own
			? `districts of ${named(config)}`
			: 'approximate districts, a list of about 2011: some 30 have been split off since'
	};
}

const named = (config: Pick<Config, 'WATCHFLOOR_BOUNDARIES' | 'WATCHFLOOR_BOUNDARIES_NAME'>): string =>
	config.WATCHFLOOR_BOUNDARIES ? config.WATCHFLOOR_BOUNDARIES_NAME! : BUILT_IN;

/** @throws Problem naming the first geometry that is no area on Earth */
function drawable(topology: Topology, object: string, wrong: (what: string) => Problem): void {
	const all = topology.objects[object] as Object;
	for (const [i, geometry] of all.geometries.entries()) {
		const where = `${object}[${i}] (${id(geometry).slice(0, 40)})`;
		if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon')
			throw wrong(`${where} is a ${String(geometry?.type)}; an area is a Polygon or a MultiPolygon.`);
		let rings: number[][][];
		try {
			const shape = (feature(topology, geometry) as Feature<Polygon | MultiPolygon>).geometry;
			rings = shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat();
		} catch {
			throw wrong(`${where} points to arcs that the file does not have.`);
		}
		if (!rings.length || rings.some((ring) => ring.length < 4)) throw wrong(`${where} has no closed outline.`);
		const off = rings
			.flat()
			.find(([lon = NaN, lat = NaN]) => !(Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && Number.isFinite(lon + lat)));
		if (off)
			throw wrong(
				`${where} has a point at ${off.join(', ')}: coordinates are longitude and latitude in degrees (WGS 84).`
			);
	}
}

import { geoMercatorRaw, geoPath, geoTransform, type GeoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon } from 'geojson';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { simplify } from './simplify';
import { HEIGHT, WIDTH } from './size';

const PAD = 14;

/** A boundary set carries its codes as ids of the features, or as a property. */
export type Named = { id?: string; name?: string; province?: string };
export type Unit = Feature<Geometry, Named>;
export const code = (f: Unit): string => String(f.id ?? f.properties?.id);
export const title = (f: Unit): string => f.properties?.name ?? code(f);

/** A topology in the Mercator plane, as Leaflet's EPSG:3857 has it, fitted into the drawing. */
export type Plane = {
	/** the features of an object of the topology; none when it has no such object */
	units(object: string): Unit[];
	/** an SVG path, to a tenth of a unit or as said */
	path(f: Unit, digits?: number): string;
	/** the closed rings of a feature, in the drawing */
	rings(f: Unit): [number, number][][];
	/** latitude and longitude of a point of the drawing */
	corner(x: number, y: number): [number, number];
};

const made = new WeakMap<Topology, Plane>();

/** Made once for a topology. @throws Error when it has no provinces */
export function plane(name: string, topology: Topology): Plane {
	const before = made.get(topology);
	if (before) return before;
	if (!topology.objects.provinces) throw new Error(`The boundary set ${name} has no object "provinces".`);
	// A third of a unit of the drawing: under half a pixel on a 4K wall.
	const thin = simplify(topology, 0.006);
	const all = (object: string): FeatureCollection<Geometry, Named> => {
		const found = thin.objects[object] as GeometryCollection<Named> | undefined;
		return found ? feature(thin, found) : { type: 'FeatureCollection', features: [] };
	};
	const flat = (lon: number, lat: number): [number, number] => {
		const [x, y] = geoMercatorRaw((lon * Math.PI) / 180, (lat * Math.PI) / 180);
		return [x, -y];
	};
	const through = (project: (x: number, y: number) => [number, number]) =>
		geoTransform({
			point(lon, lat) {
				this.stream.point(...project(...flat(lon, lat)));
			}
		});
	const [[x0, y0], [x1, y1]] = geoPath(through((x, y) => [x, y])).bounds(all('provinces'));
	const k = Math.min((WIDTH * 0.88 - 2 * PAD) / (x1 - x0), (HEIGHT - 2 * PAD) / (y1 - y0));
	const top = (HEIGHT - k * (y1 - y0)) / 2;
	const project = (x: number, y: number): [number, number] => [PAD + k * (x - x0), top + k * (y - y0)];
	const paths = new Map<number, GeoPath>();
	const drawer = (digits: number) => {
		let drawn = paths.get(digits);
		if (!drawn) paths.set(digits, (drawn = geoPath(through(project)).digits(digits)));
		return drawn;
	};
	const out: Plane = {
		units: (object) => all(object).features,
		path: (f, digits = 1) => drawer(digits)(f) ?? '',
		rings: (f) =>
			lines(f.geometry as Polygon | MultiPolygon).map((ring) =>
				ring.map(([lon = 0, lat = 0]) => project(...flat(lon, lat)))
			),
		corner(px, py) {
			const [lon, lat] = geoMercatorRaw.invert?.((px - PAD) / k + x0, -((py - top) / k + y0)) ?? [0, 0];
			return [(lat * 180) / Math.PI, (lon * 180) / Math.PI];
		}
	};
	made.set(topology, out);
	return out;
}

const lines = (g: Polygon | MultiPolygon) => (g.type === 'Polygon' ? g.coordinates : g.coordinates.flat());

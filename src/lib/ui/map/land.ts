import { geoMercatorRaw, geoPath, geoTransform } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Feature, Geometry, MultiPolygon, Polygon } from 'geojson';
import { place, type Placed } from './place';
import { simplify } from './simplify';

/** One province as it is drawn. `d` is an SVG path; `x`, `y` the centre of its label. */
export type Shape = Placed & { code: string; name: string; d: string };

/** A set of boundaries as it is drawn in a box of `width` × `height`, whose corners are `bounds` (`[[south, west], [north, east]]`). */
export type Land = {
	name: string;
	width: number;
	height: number;
	bounds: [[number, number], [number, number]];
	shapes: Shape[];
};

/** The drawing: wider than the country, because small units have their labels beside it. */
const WIDTH = 1130;
const HEIGHT = 1000;
const PAD = 14;
/** Size of a label in the drawing: name, count and one line of detail. */
export const LABEL = { width: 244, height: 126, letter: 16 };
/** Empty corner over the west, kept free of labels: a screen may put a list there. */
export const CORNER = { x: 0, y: 0, width: 390, height: 400 };

/** A boundary set carries its codes as ids of the features, or as a property. */
type Named = { id?: string; name?: string };
const code = (f: Feature<Geometry, Named>): string => String(f.id ?? f.properties?.id);
const title = (f: Feature<Geometry, Named>): string => f.properties?.name ?? code(f);

const drawn = new WeakMap<Topology, Land>();

/**
 * Draws the `provinces` of a topology in the Mercator plane, as Leaflet's EPSG:3857 does, and finds a place for each
 * label. Made once for a topology. Winding does not matter: everything happens in the plane.
 */
export function land(name: string, topology: Topology): Land {
	const before = drawn.get(topology);
	if (before) return before;
	const provinces = topology.objects.provinces as GeometryCollection<Named> | undefined;
	if (!provinces) throw new Error(`The boundary set ${name} has no object "provinces".`);
	// A third of a unit of the drawing: under half a pixel on a 4K wall.
	const thin = simplify(topology, 0.006);
	const shapes = feature(thin, thin.objects.provinces as typeof provinces);

	const plane = geoTransform({
		point(lon, lat) {
			const [x, y] = geoMercatorRaw((lon * Math.PI) / 180, (lat * Math.PI) / 180);
			this.stream.point(x, -y);
		}
	});
	const [[x0, y0], [x1, y1]] = geoPath(plane).bounds(shapes);
	const k = Math.min((WIDTH * 0.88 - 2 * PAD) / (x1 - x0), (HEIGHT - 2 * PAD) / (y1 - y0));
	const top = (HEIGHT - k * (y1 - y0)) / 2;
	const project = (x: number, y: number): [number, number] => [PAD + k * (x - x0), top + k * (y - y0)];
	const screen = geoTransform({
		point(lon, lat) {
			const [x, y] = geoMercatorRaw((lon * Math.PI) / 180, (lat * Math.PI) / 180);
			this.stream.point(...project(x, -y));
		}
	});
	const path = geoPath(screen).digits(1);
	const corner = (px: number, py: number): [number, number] => {
		const [lon, lat] = geoMercatorRaw.invert?.((px - PAD) / k + x0, -((py - top) / k + y0)) ?? [0, 0];
		return [(lat * 180) / Math.PI, (lon * 180) / Math.PI];
	};

	const areas = shapes.features.map((f) => ({
		code: code(f),
		rings: rings(f.geometry as Polygon | MultiPolygon).map((ring) =>
			ring.map(([lon = 0, lat = 0]) => {
				const [x, y] = geoMercatorRaw((lon * Math.PI) / 180, (lat * Math.PI) / 180);
				return project(x, -y);
			})
		)
	}));
	const names = new Map(shapes.features.map((f) => [code(f), title(f)]));
	const size = (code: string, callout: boolean) => ({
		...LABEL,
		// A callout has the short name.
		width: callout ? LABEL.width : Math.max(LABEL.width, (names.get(code) ?? '').length * LABEL.letter)
	});
	const places = place(areas, size, WIDTH, HEIGHT, [CORNER]);
	const out: Land = {
		name,
		width: WIDTH,
		height: HEIGHT,
		bounds: [corner(0, HEIGHT), corner(WIDTH, 0)],
		shapes: shapes.features.map((f) => ({
			code: code(f),
			name: title(f),
			d: path(f) ?? '',
			...(places.get(code(f)) as Placed)
		}))
	};
	drawn.set(topology, out);
	return out;
}

const rings = (g: Polygon | MultiPolygon) => (g.type === 'Polygon' ? g.coordinates : g.coordinates.flat());

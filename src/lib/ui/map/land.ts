import type { Topology } from 'topojson-specification';
import { place, type Placed } from './place';
import { code, plane, title } from './plane';
import { HEIGHT, WIDTH } from './size';

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

/** Size of a label in the drawing: name, count and one line of detail. */
export const LABEL = { width: 244, height: 126, letter: 16 };
/** Empty corner over the west, kept free of labels: a screen may put a list there. */
export const CORNER = { x: 0, y: 0, width: 390, height: 400 };

const drawn = new WeakMap<Topology, Land>();

/**
 * Draws the `provinces` of a topology in the Mercator plane, as Leaflet's EPSG:3857 does, and finds a place for each
 * label. Made once for a topology. Winding does not matter: everything happens in the plane. The shapes stand from north
 * to south, which is the order in which the keyboard goes through them.
 */
export function land(name: string, topology: Topology): Land {
	const before = drawn.get(topology);
	if (before) return before;
	const on = plane(name, topology);
	const units = on.units('provinces');
	const areas = units.map((f) => ({ code: code(f), rings: on.rings(f) }));
	const names = new Map(units.map((f) => [code(f), title(f)]));
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
		bounds: [on.corner(0, HEIGHT), on.corner(WIDTH, 0)],
		shapes: units
			.map((f) => ({ code: code(f), name: title(f), d: on.path(f), ...(places.get(code(f)) as Placed) }))
			.sort((a, b) => a.anchor[1] - b.anchor[1])
	};
	drawn.set(topology, out);
	return out;
}

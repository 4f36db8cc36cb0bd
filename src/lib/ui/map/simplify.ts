import type { Topology } from 'topojson-specification';

type Point = [number, number];

/**
 * The topology with absolute coordinates and each arc thinned by Douglas and Peucker's algorithm (1973), so that
 * neighbours still share their border. `tolerance` is in the units of the coordinates (degrees). An arc keeps its ends;
 * a ring that would have less than four points stays as it is.
 */
export function simplify(topology: Topology, tolerance: number): Topology {
	const { transform, ...rest } = topology;
	const scale = transform?.scale ?? [1, 1];
	const translate = transform?.translate ?? [0, 0];
	const arcs = topology.arcs.map((arc) => {
		let x = 0;
		let y = 0;
		const points = arc.map(([px = 0, py = 0]): Point => {
			if (!transform) return [px, py];
			x += px;
			y += py;
			return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
		});
		const thin = thinned(points, tolerance);
		return thin.length < 4 && same(points[0], points.at(-1)) ? points : thin;
	});
	return { ...rest, arcs };
}

const same = (a: Point | undefined, b: Point | undefined) =>
	a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];

function thinned(points: Point[], tolerance: number): Point[] {
	const keep = new Uint8Array(points.length);
	keep[0] = keep[points.length - 1] = 1;
	const spans: [number, number][] = [[0, points.length - 1]];
	for (let span = spans.pop(); span; span = spans.pop()) {
		const [from, to] = span;
		let farthest = 0;
		let at = -1;
		for (let i = from + 1; i < to; i++) {
			const d = distance(points[i] as Point, points[from] as Point, points[to] as Point);
			if (d > farthest) [farthest, at] = [d, i];
		}
		if (farthest <= tolerance) continue;
		keep[at] = 1;
		spans.push([from, at], [at, to]);
	}
	return points.filter((_, i) => keep[i]);
}

/** From a point to the line through two others, or to the point where both are the same. */
function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
	const length = Math.hypot(bx - ax, by - ay);
	return length === 0 ? Math.hypot(x - ax, y - ay) : Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
}

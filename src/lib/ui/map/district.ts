import type { Topology } from 'topojson-specification';
import { code, plane, title, type Unit } from './plane';
import { HEIGHT, WIDTH } from './size';

/** A district as it is drawn in the box of `Land`; its name stands at `x`, `y`, where there is `room` units of width. */
export type District = { id: string; name: string; d: string; x: number; y: number; room: number };

/** One province close up: its box in the drawing, the corners of that, its neighbours' outlines and its districts. */
export type Close = {
	code: string;
	name: string;
	/** x, y, width, height */
	box: [number, number, number, number];
	bounds: [[number, number], [number, number]];
	outline: string;
	around: string[];
	districts: District[];
};

const drawn = new WeakMap<Topology, Map<string, Close | null>>();

/**
 * A province with the districts of the boundary set, none when that has none; null when the set does not draw it. In the
 * plane of `Land`, so that one lies on the other.
 */
export function close(name: string, topology: Topology, province: string): Close | null {
	let all = drawn.get(topology);
	if (!all) drawn.set(topology, (all = new Map()));
	const before = all.get(province);
	if (before !== undefined) return before;
	const on = plane(name, topology);
	const units = on.units('provinces');
	const unit = units.find((f) => code(f) === province);
	if (!unit) return null;
	const box = around(on.rings(unit));
	const near = (f: Unit) => {
		const [x, y, w, h] = around(on.rings(f));
		return x < box[0] + box[2] && box[0] < x + w && y < box[1] + box[3] && box[1] < y + h;
	};
	const out: Close = {
		code: province,
		name: title(unit),
		box,
		bounds: [on.corner(box[0], box[1] + box[3]), on.corner(box[0] + box[2], box[1])],
		outline: on.path(unit, 2),
		around: units.filter((f) => f !== unit && near(f)).map((f) => on.path(f)),
		districts: on
			.units('districts')
			.filter((f) => f.properties?.province === province)
			.map((f) => ({ id: code(f), name: title(f), d: on.path(f, 2), ...inside(on.rings(f)) }))
			.sort((a, b) => b.room - a.room)
	};
	all.set(province, out);
	return out;
}

/** The box of rings with a margin, as wide as it is high at the least, within the drawing's proportions. */
function around(rings: [number, number][][]): [number, number, number, number] {
	let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const ring of rings)
		for (const [x, y] of ring) {
			x0 = Math.min(x0, x);
			y0 = Math.min(y0, y);
			x1 = Math.max(x1, x);
			y1 = Math.max(y1, y);
		}
	const size = Math.max(x1 - x0, y1 - y0) * 1.08;
	const round = (n: number) => Math.round(n * 100) / 100;
	const w = Math.min(WIDTH, Math.max(size, (x1 - x0) * 1.08));
	const h = Math.min(HEIGHT, Math.max(size * 0.8, (y1 - y0) * 1.08));
	return [round((x0 + x1 - w) / 2), round((y0 + y1 - h) / 2), round(w), round(h)];
}

/** Where a name stands best: the middle of the widest stretch of a shape, looked for in 24 lines through it. */
function inside(rings: [number, number][][]): { x: number; y: number; room: number } {
	const ys = rings.flat().map((p) => p[1]);
	const [low, high] = [Math.min(...ys), Math.max(...ys)];
	let best = { x: 0, y: 0, room: 0 };
	let score = 0;
	for (let i = 1; i < 24; i++) {
		const y = low + ((high - low) * i) / 24;
		const cuts = rings
			.flatMap((ring) =>
				ring.flatMap(([ax, ay], j) => {
					const [bx, by] = ring[(j + 1) % ring.length]!;
					return ay > y !== by > y ? [ax + ((y - ay) / (by - ay)) * (bx - ax)] : [];
				})
			)
			.sort((a, b) => a - b);
		// a name needs room above and below too
		const middle = 1 - 0.6 * Math.abs(i / 12 - 1);
		for (let c = 0; c + 1 < cuts.length; c += 2) {
			const room = cuts[c + 1]! - cuts[c]!;
			if (room * middle <= score) continue;
			score = room * middle;
			best = { x: cuts[c]! + room / 2, y, room };
		}
	}
	const round = (n: number) => Math.round(n * 100) / 100;
	return { x: round(best.x), y: round(best.y), room: round(best.room) };
}

/**
 * Where labels go, for any set of boundaries: inside their shape where it is large enough, else as a callout in free
 * space nearby with a line to the shape. Labels never overlap, and stay out of the boxes that are `kept` free. Units
 * are those of the drawing.
 */
export type Box = { x: number; y: number; width: number; height: number };

/** Closed rings of `[x, y]`; what is inside an odd number of them is inside. */
export type Area = { code: string; rings: [number, number][][] };

/** Centre of the label, whether it stands outside, and the point of the shape that a callout's line goes to. */
export type Placed = { x: number; y: number; callout: boolean; anchor: [number, number] };

const CELL = 8;
/** Share of a label that must lie inside its own shape; below it, the label becomes a callout. */
const INSIDE = 0.4;

export function place(
	areas: Area[],
	size: (code: string, callout: boolean) => { width: number; height: number },
	width: number,
	height: number,
	kept: Box[] = []
): Map<string, Placed> {
	const grid = raster(areas, width, height);
	const placed = new Map<string, Placed>();
	const taken: Box[] = [...kept];
	const bySize = [...areas].sort(
		(a, b) => (grid.cells.get(b.code)?.length ?? 0) - (grid.cells.get(a.code)?.length ?? 0)
	);
	const outside: Area[] = [];

	for (const area of bySize) {
		const cells = grid.cells.get(area.code) ?? [];
		const { width: w, height: h } = size(area.code, false);
		const middle = mean(cells);
		let best: { x: number; y: number; score: number; share: number } | undefined;
		for (const [x, y] of cells) {
			const box = around(x, y, w, h);
			if (!fits(box, width, height) || taken.some((other) => overlap(other, box))) continue;
			const { own, others } = cover(grid, box, area.code);
			const score = own - 0.6 * others - 0.0004 * Math.hypot(x - middle[0], y - middle[1]);
			if (!best || score > best.score) best = { x, y, score, share: own };
		}
		if (best && best.share >= INSIDE) {
			placed.set(area.code, { x: best.x, y: best.y, callout: false, anchor: [best.x, best.y] });
			taken.push(around(best.x, best.y, w, h));
		} else outside.push(area);
	}

	// From north to south, so that callouts stand in the order of their shapes and their lines do not cross.
	const anchors = new Map(outside.map((area) => [area.code, mean(grid.cells.get(area.code) ?? area.rings[0] ?? [])]));
	outside.sort((a, b) => (anchors.get(a.code)?.[1] ?? 0) - (anchors.get(b.code)?.[1] ?? 0));
	for (const area of outside) {
		const anchor = anchors.get(area.code) ?? [width / 2, height / 2];
		const { width: w, height: h } = size(area.code, true);
		let best: { box: Box; length: number } | undefined;
		for (let x = w / 2; x <= width - w / 2; x += CELL)
			for (let y = h / 2; y <= height - h / 2; y += CELL) {
				const box = around(x, y, w, h);
				const length = Math.hypot(box.x - anchor[0], y - anchor[1]) * (box.x > anchor[0] ? 1 : 2);
				if (best && length >= best.length) continue;
				if (taken.some((other) => overlap(other, box)) || cover(grid, box, '').others > 0) continue;
				if (taken.some((other) => crosses(other, anchor, [box.x, y]))) continue;
				best = { box, length };
			}
		const box = best?.box ?? around(width - w / 2, height - h / 2, w, h);
		taken.push(box);
		placed.set(area.code, { x: box.x + w / 2, y: box.y + h / 2, callout: true, anchor });
	}
	return placed;
}

type Grid = { columns: number; rows: number; owner: (string | undefined)[]; cells: Map<string, [number, number][]> };

/** Which area each cell's centre lies in. */
function raster(areas: Area[], width: number, height: number): Grid {
	const columns = Math.ceil(width / CELL);
	const rows = Math.ceil(height / CELL);
	const owner: (string | undefined)[] = new Array(columns * rows).fill(undefined);
	const cells = new Map<string, [number, number][]>();
	for (const area of areas) {
		const mine: [number, number][] = [];
		for (let row = 0; row < rows; row++) {
			const y = (row + 0.5) * CELL;
			const cuts = crossings(area.rings, y);
			for (let i = 0; i + 1 < cuts.length; i += 2)
				for (
					let column = Math.ceil((cuts[i] as number) / CELL - 0.5);
					(column + 0.5) * CELL < (cuts[i + 1] as number);
					column++
				) {
					if (column < 0 || column >= columns) continue;
					owner[row * columns + column] = area.code;
					mine.push([(column + 0.5) * CELL, y]);
				}
		}
		cells.set(area.code, mine);
	}
	return { columns, rows, owner, cells };
}

/** Where the horizontal line at `y` enters and leaves the rings, from left to right. */
function crossings(rings: [number, number][][], y: number): number[] {
	const cuts: number[] = [];
	for (const ring of rings)
		for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
			const [ax, ay] = ring[j] as [number, number];
			const [bx, by] = ring[i] as [number, number];
			if (ay > y !== by > y) cuts.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
		}
	return cuts.sort((a, b) => a - b);
}

/** Shares of a box that lie in its own area and in others. */
function cover(grid: Grid, box: Box, code: string): { own: number; others: number } {
	let own = 0;
	let others = 0;
	let all = 0;
	for (let y = box.y; y <= box.y + box.height; y += CELL)
		for (let x = box.x; x <= box.x + box.width; x += CELL) {
			const owner = grid.owner[Math.floor(y / CELL) * grid.columns + Math.floor(x / CELL)];
			all++;
			if (owner === code) own++;
			else if (owner !== undefined) others++;
		}
	return { own: own / all, others: others / all };
}

const around = (x: number, y: number, width: number, height: number): Box => ({
	x: x - width / 2,
	y: y - height / 2,
	width,
	height
});
const fits = (box: Box, width: number, height: number) =>
	box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;

function mean(points: [number, number][]): [number, number] {
	let x = 0;
	let y = 0;
	for (const p of points) {
		x += p[0];
		y += p[1];
	}
	return points.length ? [x / points.length, y / points.length] : [0, 0];
}

/** Whether two boxes share any of their area. */
export const overlap = (a: Box, b: Box): boolean =>
	a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Whether the line from `a` to `b` passes through the box (looked at in 24 points). */
function crosses(box: Box, a: [number, number], b: [number, number]): boolean {
	for (let i = 0; i <= 24; i++) {
		const x = a[0] + ((b[0] - a[0]) * i) / 24;
		const y = a[1] + ((b[1] - a[1]) * i) / 24;
		if (x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height) return true;
	}
	return false;
}

import type { District } from './district';

/**
 * Which names are written when a unit of the drawing is enlarged by `zoom`: those that fit into their district and do
 * not touch one that was there before. `letter` and `line` are the width of a letter and the height of a line at 1.
 */
export function written(districts: readonly District[], zoom: number, letter: number, line: number): District[] {
	const out: (District & { half: number })[] = [];
	const high = line / zoom;
	for (const d of districts) {
		const half = (d.name.length * letter) / zoom / 2;
		if (half * 2 > d.room * 1.25) continue;
		if (out.some((o) => Math.abs(o.y - d.y) < high && Math.abs(o.x - d.x) < o.half + half)) continue;
		out.push({ ...d, half });
	}
	return out;
}

/** The mark that lies nearest in the direction of an arrow key, within 60° of it; undefined: none, or no arrow. */
export function toward<T extends { x: number; y: number }>(key: string, from: T, all: readonly T[]): T | undefined {
	const way = Object.hasOwn(WAYS, key) ? WAYS[key as keyof typeof WAYS] : undefined;
	if (!way) return undefined;
	let best: { one: T; far: number } | undefined;
	for (const one of all) {
		if (one === from) continue;
		const [dx, dy] = [one.x - from.x, one.y - from.y];
		const along = dx * way[0] + dy * way[1];
		const across = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
		if (along <= 0 || across > along * 1.75) continue;
		const far = along + 2 * across;
		if (!best || far < best.far) best = { one, far };
	}
	return best?.one;
}

const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] } as const;

import { ALL } from '$lib/core/judgement';

/** What is counted and judged as one: a province, a sector and a class, each `*` for all of them. */
export type Series = {
	/** its place in the catalogue, and in every column of numbers about series */
	id: number;
	province: string;
	sector: string;
	cls: string;
	/** how many of the three it names: 3 is a single cell, 0 the nation */
	depth: number;
	/** it and all that it is part of: what a count of it counts in */
	wholes: number[];
	/** those that name one less, and one more; ids */
	parents: number[];
	children: number[];
};

/** All series that have ever been counted, in the order in which they appeared. */
export class Catalogue {
	readonly all: Series[] = [];
	readonly #byName = new Map<string, Series>();
	readonly #overlaps = new Map<number, { of: number; pairs: [other: number, common: number][] }>();

	find(province: string, sector: string, cls: string): Series | undefined {
		return this.#byName.get(name(province, sector, cls));
	}

	/** The series of one cell; it and the seven that it is part of are known afterwards. */
	cell(province: string, sector: string, cls: string): Series {
		return this.find(province, sector, cls) ?? this.#add(province, sector, cls);
	}

	/** What two series have in common; undefined when nothing is counted in both. */
	meet(a: Series, b: Series): Series | undefined {
		const one = (x: string, y: string) => (x === ALL ? y : y === ALL || x === y ? x : undefined);
		const province = one(a.province, b.province);
		const sector = one(a.sector, b.sector);
		const cls = one(a.cls, b.cls);
		return province === undefined || sector === undefined || cls === undefined
			? undefined
			: this.find(province, sector, cls);
	}

	/** All series that have something in common with one, wholes before their parts, and what that is; ids. */
	overlaps(series: Series): readonly [other: number, common: number][] {
		// A cell is in its wholes and nowhere else.
		if (series.depth === 3) return series.wholes.map((id) => [id, series.id]);
		let known = this.#overlaps.get(series.id);
		if (known?.of !== this.all.length) {
			const pairs = this.all.flatMap((other): [number, number][] => {
				const common = this.meet(series, other);
				return common ? [[other.id, common.id]] : [];
			});
			this.#overlaps.set(series.id, (known = { of: this.all.length, pairs }));
		}
		return known.pairs;
	}

	#add(province: string, sector: string, cls: string): Series {
		const known = this.find(province, sector, cls);
		if (known) return known;
		// Wholes before their parts: a parent is there when its child names it.
		const parents: Series[] = [];
		if (province !== ALL) parents.push(this.#add(ALL, sector, cls));
		if (sector !== ALL) parents.push(this.#add(province, ALL, cls));
		if (cls !== ALL) parents.push(this.#add(province, sector, ALL));
		const id = this.all.length;
		const series: Series = {
			id,
			province,
			sector,
			cls,
			depth: parents.length,
			wholes: [...new Set([...parents.flatMap((p) => p.wholes), id])],
			parents: parents.map((p) => p.id),
			children: []
		};
		this.all.push(series);
		this.#byName.set(name(province, sector, cls), series);
		for (const p of parents) p.children.push(id);
		return series;
	}
}

const name = (province: string, sector: string, cls: string): string => `${province}\n${sector}\n${cls}`;

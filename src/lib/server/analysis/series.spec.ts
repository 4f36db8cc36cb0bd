import { describe, expect, it } from 'vitest';
import { ALL } from '$lib/core/judgement';
import { Catalogue, type Series } from './series';

const name = (s: Series | undefined) => s && `${s.province} ${s.sector} ${s.cls}`;

describe('the catalogue of series', () => {
	const catalogue = new Catalogue();
	const cell = catalogue.cell('PK-IS', 'telecom', 'availability');
	catalogue.cell('PK-SD', 'telecom', 'fraud');
	const find = (p: string, s: string, c: string) => catalogue.find(p, s, c)!;

	it('knows of a cell all that it is part of, wholes first, and no series twice', () => {
		expect(cell.wholes).toHaveLength(8);
		expect(catalogue.cell('PK-IS', 'telecom', 'availability')).toBe(cell);
		cell.wholes.forEach((id, i) => {
			for (const p of catalogue.all[id]!.parents) expect(cell.wholes.slice(0, i)).toContain(p);
		});
		expect(new Set(catalogue.all.map(name)).size).toBe(catalogue.all.length);
		for (const s of catalogue.all) for (const p of s.parents) expect(p).toBeLessThan(s.id);
	});

	it('tells what two series have in common', () => {
		expect(name(catalogue.meet(find(ALL, 'telecom', ALL), find('PK-IS', ALL, ALL)))).toBe('PK-IS telecom *');
		expect(catalogue.meet(find('PK-SD', ALL, ALL), find('PK-IS', ALL, ALL))).toBeUndefined();
		// Never counted, so nothing is in both.
		expect(catalogue.meet(find('PK-SD', ALL, ALL), find(ALL, ALL, 'availability'))).toBeUndefined();
	});

	it('tells it of all series at once, a whole before its parts, also after it has grown', () => {
		const check = (s: Series) =>
			expect(catalogue.overlaps(s).map(([other, common]) => [other, common])).toEqual(
				catalogue.all.flatMap((other) => {
					const common = catalogue.meet(s, other);
					return common ? [[other.id, common.id]] : [];
				})
			);
		for (const s of catalogue.all) if (s.depth < 3) check(s);
		catalogue.cell('PK-PB', 'energy', 'fraud');
		for (const s of catalogue.all) if (s.depth < 3) check(s);
		expect([...catalogue.overlaps(cell)].map(([other]) => other).sort()).toEqual([...cell.wholes].sort());
	});
});

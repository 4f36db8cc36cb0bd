import { describe, expect, it } from 'vitest';
import { PROVINCES } from './province';
import { CLASSES, TYPES } from './rsit';
import { SECTORS } from './sector';
import { TEAMS } from './team';

const spellings = (rows: { names: string[]; of: string }[]) => {
	const seen = new Map<string, string>();
	return rows.flatMap(({ names, of }) =>
		[...new Set(names.map((n) => n.toLowerCase()))].filter((n) =>
			seen.has(n) ? seen.get(n) !== of : (seen.set(n, of), false)
		)
	);
};

describe('the first reference data', () => {
	it('gives each spelling one meaning', () => {
		expect(spellings(PROVINCES.map((p) => ({ names: [p.code, p.name, ...p.aliases], of: p.code })))).toEqual([]);
		expect(spellings(SECTORS.map((s) => ({ names: [s.slug, s.name, ...s.aliases], of: s.slug })))).toEqual([]);
		expect(spellings(TYPES.map((t) => ({ names: [t.slug, ...t.aliases], of: t.slug })))).toEqual([]);
	});

	it('puts each type in a class that exists, and each team in a place that exists', () => {
		expect(TYPES.filter((t) => !CLASSES.some((c) => c.slug === t.class))).toEqual([]);
		expect(
			TEAMS.filter(
				(t) =>
					(t.sector && !SECTORS.some((s) => s.slug === t.sector)) ||
					(t.province && !PROVINCES.some((p) => p.code === t.province))
			)
		).toEqual([]);
	});

	it('has the seven provinces and territories and knows old and misspelt names', () => {
		const code = (name: string) =>
			PROVINCES.find((p) => [p.code, p.name, ...p.aliases].some((n) => n.toLowerCase() === name.toLowerCase()))?.code;
		expect(PROVINCES.map((p) => p.code)).toEqual(['PK-PB', 'PK-SD', 'PK-KP', 'PK-BA', 'PK-IS', 'PK-JK', 'PK-GB']);
		expect(['PK-TA', 'NWFP', 'KPK', 'Baluchistan', 'fata'].map(code)).toEqual([
			'PK-KP',
			'PK-KP',
			'PK-KP',
			'PK-BA',
			'PK-KP'
		]);
	});
});

import { asc } from 'drizzle-orm';
import type { Class, Type } from '$lib/core/rsit';
import type { Province } from '$lib/core/province';
import type { Sector } from '$lib/core/sector';
import type { Severity } from '$lib/core/severity';
import type { Team } from '$lib/core/team';
import type { Db } from './client';
import * as schema from './schema';

/** The reference data of this database, in its order, with look-ups from every spelling to the code. */
export type Reference = {
	provinces: Province[];
	sectors: Sector[];
	classes: Class[];
	types: Type[];
	teams: Team[];
	/** lower-case spelling → code */
	province: Map<string, string>;
	sector: Map<string, string>;
	type: Map<string, Type>;
};

export async function load(db: Db): Promise<Reference> {
	const [provinces, sectors, classes, types, teams] = await Promise.all([
		db.select().from(schema.provinces).orderBy(asc(schema.provinces.position)),
		db.select().from(schema.sectors).orderBy(asc(schema.sectors.position)),
		db.select().from(schema.classes).orderBy(asc(schema.classes.position)),
		db.select().from(schema.types).orderBy(asc(schema.types.position)),
		db.select().from(schema.teams).orderBy(asc(schema.teams.position))
	]);
	const spellings = <T, V>(rows: T[], names: (row: T) => string[], value: (row: T) => V) => {
		const map = new Map<string, V>();
		for (const row of rows) for (const name of names(row)) map.set(name.toLowerCase(), value(row));
		return map;
	};
	const kinds = types.map((t) => ({
		slug: t.slug,
		class: t.class,
		name: t.name,
		severity: t.severity as Severity,
		aliases: t.aliases,
		intelmqOnly: t.intelmqOnly
	}));
	return {
		provinces,
		sectors: sectors.map((s) => ({ ...s, status: s.status as Sector['status'] })),
		classes,
		types: kinds,
		teams: teams.map((t) => ({
			...t,
			tier: t.tier as Team['tier'],
			status: t.status as Team['status'],
			sector: t.sector ?? undefined,
			province: t.province ?? undefined
		})),
		province: spellings(
			provinces,
			(p) => [p.code, p.name, ...p.aliases],
			(p) => p.code
		),
		sector: spellings(
			sectors,
			(s) => [s.slug, s.name, ...s.aliases],
			(s) => s.slug
		),
		type: spellings(
			kinds,
			(t) => [t.slug, ...t.aliases],
			(t) => t
		)
	};
}

import { RULES } from '$lib/core/alarm/rules';
import { PROVINCES } from '$lib/core/province';
import { CLASSES, TYPES } from '$lib/core/rsit';
import { SECTORS } from '$lib/core/sector';
import { TEAMS } from '$lib/core/team';
import type { Db } from './client';
import { classes, provinces, rules, sectors, teams, types } from './schema';

/** Puts in what `core` knows and the reference tables do not have yet. What an operator has changed stays. */
export async function run(db: Db): Promise<void> {
	const numbered = <T extends object>(rows: T[]) => rows.map((row, position) => ({ ...row, position }));
	await db.insert(provinces).values(numbered(PROVINCES)).onConflictDoNothing();
	await db.insert(sectors).values(numbered(SECTORS)).onConflictDoNothing();
	await db.insert(teams).values(numbered(TEAMS)).onConflictDoNothing();
	await db.insert(classes).values(numbered(CLASSES)).onConflictDoNothing();
	await db.insert(types).values(numbered(TYPES)).onConflictDoNothing();
	await db.insert(rules).values(RULES).onConflictDoNothing();
}

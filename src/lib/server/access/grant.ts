import { isDeepStrictEqual } from 'node:util';
import { TLPS, type Tlp } from '$lib/core/tlp';
import { ROLES, type Role, type Viewer } from '$lib/core/viewer';

/**
 * What a credential lets its bearer be: a source that delivers, or a viewer who looks. `id` names the credential
 * (`token:<id>` or `session:<id>`); the viewer's own id names who it is (`token:<id>` or `user:<id>`).
 */
export type Grant =
	{ kind: 'source'; id: string; sourceId: number; slug: string } | { kind: 'viewer'; id: string; viewer: Viewer };

/** Whether two grants of one credential give the same rights; a changed name counts as a change, too. */
export const same = (a: Grant, b: Grant): boolean => isDeepStrictEqual(a, b);

/** The rights of a row. A role or clearance that this version does not know gives nothing at all. */
export function viewer(row: {
	id: string;
	name: string;
	role: string | null;
	clearance: string | null;
	sectors: string[] | null;
	provinces: string[] | null;
}): Viewer | null {
	const role = ROLES.find((r): r is Role => r === row.role);
	const clearance = TLPS.find((t): t is Tlp => t === row.clearance);
	return role && clearance
		? { id: row.id, name: row.name, role, clearance, sectors: row.sectors, provinces: row.provinces }
		: null;
}

import { rank, type Tlp } from './tlp';

/** What a person, a program or a wall is allowed to be. */
export const ROLES = ['wall', 'executive', 'analyst', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is looking. A mandatory argument of every read; `null` in a scope means all. */
export type Viewer = {
	/** stable identity for audit: `user:<id>`, `token:<id>` or `cli` */
	id: string;
	name: string;
	role: Role;
	clearance: Tlp;
	sectors: string[] | null;
	provinces: string[] | null;
};

/** What a role may do. Clearance and scope narrow each of them further. */
export const RIGHTS = {
	'picture.read': ['wall', 'executive', 'analyst', 'operator', 'admin'],
	'incident.read': ['wall', 'executive', 'analyst', 'operator', 'admin'],
	'incident.write': ['analyst', 'operator', 'admin'],
	'observation.read': ['analyst', 'operator', 'admin'],
	'indicator.read': ['analyst', 'operator', 'admin'],
	'source.read': ['wall', 'executive', 'analyst', 'operator', 'admin'],
	'quarantine.read': ['analyst', 'operator', 'admin'],
	'quarantine.retry': ['analyst', 'operator', 'admin'],
	'constituent.read': ['analyst', 'operator', 'admin'],
	'constituent.write': ['operator', 'admin'],
	'warning.write': ['operator', 'admin'],
	'alarm.read': ['wall', 'executive', 'analyst', 'operator', 'admin'],
	'alarm.write': ['analyst', 'operator', 'admin'],
	'rule.write': ['operator', 'admin'],
	'calendar.write': ['operator', 'admin'],
	'campaign.read': ['analyst', 'operator', 'admin'],
	'campaign.write': ['analyst', 'operator', 'admin'],
	'level.declare': ['executive', 'operator', 'admin'],
	'outbound.read': ['executive', 'analyst', 'operator', 'admin'],
	'outbound.write': ['analyst', 'operator', 'admin'],
	'view.write': ['executive', 'analyst', 'operator', 'admin'],
	'screen.read': ['analyst', 'operator', 'admin'],
	'screen.write': ['operator', 'admin'],
	'access.manage': ['admin']
} as const satisfies Record<string, readonly Role[]>;
export type Right = keyof typeof RIGHTS;

/** Whether the viewer's role has the right. */
export const may = (viewer: Viewer, right: Right): boolean => (RIGHTS[right] as readonly Role[]).includes(viewer.role);

/** Whether the viewer may see one thing with this marking and place (an absent sector or province is not in a scope). */
export const sees = (
	viewer: Pick<Viewer, 'clearance' | 'sectors' | 'provinces'>,
	thing: { tlp: Tlp; sector?: string | null; province?: string | null }
): boolean =>
	rank(thing.tlp) <= rank(viewer.clearance) &&
	(!viewer.sectors || (thing.sector != null && viewer.sectors.includes(thing.sector))) &&
	(!viewer.provinces || (thing.province != null && viewer.provinces.includes(thing.province)));

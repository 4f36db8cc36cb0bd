import { COOKIE, parse } from '$lib/core/theme';
import type { Reference } from '$lib/server/store/reference';
import type { LayoutServerLoad } from './$types';

/** The names of things, without the spellings that only reading reports needs: every page carries this. */
type Names = Pick<Reference, 'provinces' | 'sectors' | 'classes' | 'types' | 'teams'>;

const plain = <T extends { aliases: string[] }>(rows: T[]): T[] => rows.map((row) => ({ ...row, aliases: [] }));
const NONE: Names = { provinces: [], sectors: [], classes: [], types: [], teams: [] };
const names = ({ provinces, sectors, classes, types, teams }: Reference): Names => ({
	provinces: plain(provinces),
	sectors: plain(sectors),
	classes,
	types: plain(types),
	teams
});

/** What every screen stands on. A stranger learns nothing but whether this is an exercise. */
export const load: LayoutServerLoad = ({ locals: { app, viewer }, cookies }) => ({
	viewer: viewer && {
		name: viewer.name,
		role: viewer.role,
		clearance: viewer.clearance,
		sectors: viewer.sectors,
		provinces: viewer.provinces
	},
	exercise: app.mode === 'exercise',
	theme: parse(cookies.get(COOKIE)),
	reference: viewer ? names(app.reference) : NONE,
	boundary: { name: viewer ? app.boundary().name : '' }
});

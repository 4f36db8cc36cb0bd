import { describe, expect, it } from 'vitest';
import { TLPS } from './tlp';
import { may, RIGHTS, ROLES, sees, type Right, type Viewer } from './viewer';

const viewer = (more: Partial<Viewer> = {}): Viewer => ({
	id: 'x',
	name: 'x',
	role: 'analyst',
	clearance: 'amber',
	sectors: null,
	provinces: null,
	...more
});

describe('what a viewer sees', () => {
	it('is what is marked up to the clearance', () => {
		expect(TLPS.filter((tlp) => sees(viewer(), { tlp }))).toEqual(['clear', 'green', 'amber']);
		expect(TLPS.filter((tlp) => sees(viewer({ clearance: 'clear' }), { tlp }))).toEqual(['clear']);
	});

	it('is within the scope, in which what has no place is not', () => {
		const scoped = viewer({ sectors: ['telecom'], provinces: ['PK-SD', 'PK-PB'] });
		const see = (sector: string | null | undefined, province: string | null | undefined) =>
			sees(scoped, { tlp: 'clear', sector, province });
		expect([
			see('telecom', 'PK-SD'),
			see('telecom', 'PK-KP'),
			see('health', 'PK-SD'),
			see(null, 'PK-SD'),
			see('telecom', null),
			see('telecom', undefined)
		]).toEqual([true, false, false, false, false, false]);
	});

	it('is nothing in an empty scope', () =>
		expect(sees(viewer({ sectors: [] }), { tlp: 'clear', sector: 'telecom' })).toBe(false));
});

describe('what a role may do', () => {
	it('is never more for a wall than for an executive, an analyst, an operator, an administrator', () => {
		for (const right of Object.keys(RIGHTS) as Right[]) {
			if (right === 'level.declare') continue;
			const able = ROLES.map((role) => may(viewer({ role }), right));
			expect(able.slice(able.indexOf(true)), right).not.toContain(false);
			expect(may(viewer({ role: 'admin' }), right)).toBe(true);
		}
	});

	it('lets those declare the level who answer for it: not an analyst, though an executive may', () =>
		expect(ROLES.filter((role) => may(viewer({ role }), 'level.declare'))).toEqual(['executive', 'operator', 'admin']));

	it('lets only analysts and above write cases and read reports', () => {
		expect(ROLES.filter((role) => may(viewer({ role }), 'incident.write'))).toEqual(['analyst', 'operator', 'admin']);
		expect(ROLES.filter((role) => may(viewer({ role }), 'observation.read'))).toEqual(['analyst', 'operator', 'admin']);
	});
});

import { describe, expect, it } from 'vitest';
import { STATUSES } from '../lib/core/incident';
import { PROVINCES } from '../lib/core/province';
import { TYPES } from '../lib/core/rsit';
import { SECTORS } from '../lib/core/sector';
import { LEVELS } from '../lib/core/severity';
import { TEAMS } from '../lib/core/team';
import { TLPS } from '../lib/core/tlp';
import { incidents, later } from './incidents';

const NOW = Date.UTC(2026, 10, 23, 9, 30) / 1000;

describe('the cases of an exercise', () => {
	const cases = [...incidents(7, NOW), ...Array.from({ length: 40 }, (_, n) => later(7, n))];

	it('use only words that the product knows', () => {
		for (const i of cases) {
			expect(TYPES.map((t) => t.slug)).toContain(i.type);
			expect(LEVELS).toContain(i.severity);
			expect(STATUSES).toContain(i.status);
			expect(TLPS).toContain(i.tlp);
			expect(TEAMS.map((t) => t.slug)).toContain(i.team);
			if (i.sector !== null) expect(SECTORS.map((s) => s.slug)).toContain(i.sector);
			if (i.province !== null) expect(PROVINCES.map((p) => p.code)).toContain(i.province);
		}
	});

	it('are 25 to 40 open ones and some closed ones, the oldest first', () => {
		const list = incidents(7, NOW);
		const open = list.filter((i) => i.status !== 'closed').length;
		expect(open).toBeGreaterThanOrEqual(25);
		expect(open).toBeLessThanOrEqual(40);
		expect(list.length).toBeGreaterThan(open);
		expect(list.map((i) => i.openedAgo)).toEqual(list.map((i) => i.openedAgo).sort((a, b) => b - a));
	});

	it('are the same for the same seed', () => {
		expect(incidents(7, NOW)).toEqual(incidents(7, NOW));
	});
});

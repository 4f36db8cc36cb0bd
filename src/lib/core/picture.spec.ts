import { describe, expect, it } from 'vitest';
import type { Incident } from './incident';
import { Picture, type Cell, type Snapshot } from './picture';

const AT = Date.parse('2026-11-23T18:59:58Z') / 1000;
const cell = (at: number, n: number): Cell => [at, 'PK-PB', 'telecom', 'fraud', 'low', 'inbound', n];
const incident = (id: string, status: Incident['status'] = 'new') => ({ id, status }) as Incident;
const snapshot = (more: Partial<Snapshot> = {}): Snapshot => ({
	seq: 7,
	at: AT,
	cells: [],
	hours: [],
	incidents: [],
	indicators: [],
	advisories: [],
	sources: [],
	level: null,
	posture: null,
	alarms: [],
	...more
});
const open = (more?: Partial<Snapshot>) => {
	const picture = new Picture();
	picture.reset(snapshot(more));
	return picture;
};

describe('the picture', () => {
	it('refuses a frame that does not join, and stays as it is', () => {
		const picture = open();
		expect(picture.apply({ from: 8, to: 9, at: AT, cells: [cell(AT, 5)] })).toBe(false);
		expect(picture.apply({ from: 6, to: 8, at: AT })).toBe(false);
		expect([picture.seq, picture.tally.all]).toEqual([7, 0]);
	});

	it('adds up a snapshot and the frames after it', () => {
		const picture = open({ cells: [cell(AT - 60, 2)], hours: [cell(AT - 5 * 3600, 3)] });
		expect(picture.apply({ from: 7, to: 9, at: AT, cells: [cell(AT, 5), cell(AT - 3600 * 4, 1)] })).toBe(true);
		expect([picture.seq, picture.tally.all]).toEqual([9, 11]);
	});

	it('turns minutes into hours when the hour turns, and loses nothing', () => {
		const picture = open({ cells: [cell(AT - 3600, 2), cell(AT, 4)] });
		picture.apply({ from: 7, to: 7, at: AT + 2 });
		expect([picture.window.minutes.size, picture.window.hours.size, picture.tally.all]).toEqual([1, 1, 6]);
	});

	it('shows a case until it is closed or gone', () => {
		const picture = open({ incidents: [incident('a'), incident('b'), incident('c')] });
		picture.apply({
			from: 7,
			to: 8,
			at: AT,
			incidents: [incident('a', 'closed'), { id: 'b', gone: true }, incident('d', 'triage')]
		});
		expect([...picture.incidents.keys()]).toEqual(['c', 'd']);
	});

	it('keeps the level until a frame says otherwise, and lets a frame say that there is none', () => {
		const level = { level: 'high' as const, reason: 'x', by: 'x', since: AT, until: null };
		const picture = open({ level });
		picture.apply({ from: 7, to: 8, at: AT });
		expect(picture.level).toEqual(level);
		picture.apply({ from: 8, to: 9, at: AT, level: null });
		expect(picture.level).toBeNull();
	});

	it('forgets everything when a new snapshot comes', () => {
		const picture = open({ cells: [cell(AT, 1)], incidents: [incident('a')] });
		picture.reset(snapshot({ seq: 3 }));
		expect([picture.seq, picture.tally.all, picture.incidents.size, picture.window.minutes.size]).toEqual([3, 0, 0, 0]);
	});
});

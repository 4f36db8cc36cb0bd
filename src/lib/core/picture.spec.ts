import { describe, expect, it } from 'vitest';
import type { Incident } from './incident';
import type { Alarm } from './alarm';
import type { Judged } from './judgement';
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
	usual: [],
	judged: 0,
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

	it('folds what is judged: the latest of a series holds, what is taken back goes, and a whole replaces all', () => {
		const row = (cls: string, n: number, state: Judged[10] = 'judged'): Judged => [
			'now',
			AT - 3600,
			'*',
			'*',
			cls,
			n,
			2,
			0,
			9,
			0.5,
			state
		];
		const picture = open({ usual: [row('*', 3), row('fraud', 1)], judged: AT });
		picture.apply({ from: 7, to: 7, at: AT + 60, usual: [row('*', 4), row('fraud', 0, 'none')], judged: AT + 60 });
		expect([...picture.usual.values()]).toEqual([row('*', 4)]);
		expect(picture.judged).toBe(AT + 60);
		picture.apply({ from: 7, to: 7, at: AT + 61, usual: [row('other', 9)], judged: AT + 60, whole: true });
		expect([...picture.usual.values()]).toEqual([row('other', 9)]);
	});

	it('keeps an hour that was judged for a day', () => {
		const at = AT - (AT % 3600) - 24 * 3600;
		const picture = open({ usual: [['hour', at, '*', '*', '*', 3, 2, 0, 9, 0.5, 'judged']], judged: AT });
		picture.apply({ from: 7, to: 7, at: AT + 60, judged: AT + 60 });
		expect(picture.usual.size).toBe(1);
		picture.apply({ from: 7, to: 7, at: AT + 3 * 3600, judged: AT + 3 * 3600 });
		expect(picture.usual.size).toBe(0);
	});

	it('drops an alarm that is cleared or out of sight', () => {
		const alarm = (id: number, standing: Alarm['standing']) => ({ id, standing }) as Alarm;
		const picture = open({ alarms: [alarm(1, 'unacknowledged'), alarm(2, 'unacknowledged')] });
		picture.apply({
			from: 7,
			to: 8,
			at: AT,
			alarms: [alarm(1, 'cleared'), { id: 2, gone: true }, alarm(3, 'returned')]
		});
		expect([...picture.alarms.keys()]).toEqual([3]);
	});
});

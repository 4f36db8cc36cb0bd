import { describe, expect, it } from 'vitest';
import * as remedy from './remedy';

/** Noon of a day of January 2026 in Pakistan. */
const noon = (day: number) => Date.UTC(2026, 0, day, 7) / 1000;
const run = (first: number, last: number, ...sources: number[]): remedy.Run => ({
	first: noon(first),
	last: noon(last),
	sources: sources.length ? sources : [1]
});
const told = (at: number, closed?: number): remedy.Report => ({
	at: noon(at),
	closed: closed === undefined ? null : noon(closed)
});
const always: remedy.Watched = (_, from, to) => Math.max(0, to - from + 1);
const course = (runs: remedy.Run[], reports: remedy.Report[], now: number, watched = always) =>
	remedy.course(runs, reports, watched, 7, noon(now));

describe('abuse that a network was told about', () => {
	it('is not reported until somebody tells the network', () => {
		expect(course([run(1, 5)], [], 31)).toEqual({ standing: 'unreported', episodes: [] });
	});

	it('is open while it is seen, and for the seven whole days after', () => {
		expect(course([run(1, 10)], [told(4)], 17).standing).toBe('open');
		expect(course([run(1, 10)], [told(4)], 18)).toEqual({
			standing: 'remedied',
			episodes: [{ first: noon(1), reported: noon(4), remedied: noon(10), by: 'quiet', returned: null }]
		});
	});

	it('never counts as remedied while a source that saw it is silent', () => {
		const until =
			(last: number): remedy.Watched =>
			(source, from, to) =>
				source === 2 ? Math.max(0, Math.min(to, remedy.dayOf(noon(last))) - from + 1) : always(source, from, to);
		expect(course([run(1, 10, 1, 2)], [told(4)], 31, until(12)).standing).toBe('unwatched');
		expect(course([run(1, 10, 1, 2)], [told(4)], 31, until(17)).standing).toBe('remedied');
		expect(course([run(1, 10, 1)], [told(4)], 31, until(12)).standing).toBe('remedied');
		expect(course([run(1, 10, 1, 2)], [told(4, 20)], 31, until(12)).standing).toBe('remedied');
	});

	it('had ended at the report when it was not seen after it', () => {
		const { episodes } = course([run(1, 3)], [told(5)], 31);
		expect(episodes[0]).toMatchObject({ first: noon(1), reported: noon(5), remedied: noon(5), by: 'quiet' });
	});

	it('is remedied when a person says so, and returned when it is seen on a later day', () => {
		expect(course([run(1, 10)], [told(4, 11)], 12)).toMatchObject({
			standing: 'remedied',
			episodes: [{ remedied: noon(11), by: 'person', returned: null }]
		});
		const { standing, episodes } = course([run(1, 10)], [told(4, 6)], 12);
		expect(standing).toBe('returned');
		expect(episodes[0]).toMatchObject({ remedied: noon(6), by: 'person' });
		expect(remedy.dayOf(episodes[0]!.returned!)).toBe(remedy.dayOf(noon(7)));
		expect(course([run(1, 6)], [told(4, 6)], 12).standing).toBe('remedied');
	});

	it('returns, and is a new case when the network is told again; reminders are none', () => {
		const runs = [run(1, 5), run(20, 22)];
		expect(course(runs, [told(2), told(4)], 25)).toMatchObject({
			standing: 'returned',
			episodes: [{ reported: noon(2), remedied: noon(5), returned: noon(20) }]
		});
		const { standing, episodes } = course(runs, [told(2), told(4), told(15), told(21)], 31);
		expect(standing).toBe('remedied');
		expect(episodes).toEqual([
			{ first: noon(1), reported: noon(2), remedied: noon(5), by: 'quiet', returned: noon(20) },
			{ first: noon(20), reported: noon(21), remedied: noon(22), by: 'quiet', returned: null }
		]);
	});

	it('goes through a gap in which nobody looked as one case', () => {
		const blind: remedy.Watched = (_, from, to) => (to < remedy.dayOf(noon(20)) ? 0 : to - from + 1);
		expect(course([run(1, 5), run(20, 22)], [told(2)], 25, blind)).toMatchObject({
			standing: 'open',
			episodes: [{ first: noon(1), remedied: null }]
		});
	});

	it('that was told before anything was seen waits for a sighting', () => {
		expect(course([], [told(2)], 31)).toMatchObject({ standing: 'unwatched', episodes: [{ first: noon(2) }] });
	});
});

it('a spread is the least value that half, and nine in ten, do not exceed', () => {
	expect(remedy.spread([])).toBeNull();
	expect(remedy.spread([5])).toEqual({ n: 1, median: 5, p90: 5 });
	expect(remedy.spread([4, 1, 3, 2])).toEqual({ n: 4, median: 2, p90: 4 });
	expect(remedy.spread(Array.from({ length: 10 }, (_, i) => i + 1))).toEqual({ n: 10, median: 5, p90: 9 });
});

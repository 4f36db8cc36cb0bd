import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '$lib/core/clock';
import type { Facet } from '../../store/facet';
import { Judge } from '../judge';

const NOW = Date.UTC(2026, 10, 23, 9, 30) / 1000;
const FACET = {
	id: 1,
	province: 'PK-PB',
	sector: 'telecom',
	class: 'fraud',
	type: 'phishing',
	severity: 'low',
	tlp: 1
};
const facets = new Map([[1, { ...FACET, direction: 'inbound' } as Facet]]);

/** A judge that has heard of a report a minute of source 1 for `days` days, told by the hour. */
function known(days: number): Judge {
	const judge = new Judge(facets);
	for (let t = NOW - days * DAY; t < NOW; t += HOUR) judge.learn(1, t, 1, 60);
	judge.count(1, NOW - MINUTE, 1, 1);
	return judge;
}
const fit = (judge: Judge) => {
	for (const _ of judge.fits(NOW));
};

describe('hours that are delivered late', () => {
	it('are told once, when it is known what is usual for their source', () => {
		const judge = known(30);
		fit(judge);
		judge.count(1, NOW - 5 * HOUR, 1, 50);
		expect(judge.late(10)).toEqual([Math.floor((NOW - 5 * HOUR) / HOUR) * HOUR]);
		expect(judge.late(10)).toEqual([]);
	});

	it('are no news of a source that is new, neither then nor when it has been learned', () => {
		const judge = known(30);
		judge.count(1, NOW - 5 * HOUR, 1, 50);
		expect(judge.late(10)).toEqual([]);
		fit(judge);
		expect(judge.late(10)).toEqual([]);
	});
});

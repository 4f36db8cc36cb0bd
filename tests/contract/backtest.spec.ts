import { afterAll, beforeAll, expect, it } from 'vitest';
import { test as backtest, text } from '../../src/cli/backtest';
import { DAY, HOUR } from '../../src/lib/core/clock';
import { deliver, open, report, viewer, type Stage } from './stage';
import * as rule from '../../src/lib/server/store/rule';

let stage: Stage;
const now = Math.floor(Date.now() / 1000 / HOUR) * HOUR;
/** When something happened that was not usual: for an hour, a day and a half before the end. */
const BURST = now - 36 * HOUR;
const TEN = { step: 600 };

const at = (time: number, more: object = {}) =>
	report(0, {
		'time.source': new Date(time * 1000).toISOString(),
		'classification.type': 'ddos',
		'extra.province': 'PK-IS',
		'extra.sector': 'telecom',
		...more
	});

beforeAll(async () => {
	stage = await open();
	const source = await stage.source();
	const intake = stage.intake();
	const usual = Array.from({ length: 23 * 24 * 6 }, (_, i) => at(now - 23 * DAY + i * 600 + ((i * 137) % 600)));
	const burst = Array.from({ length: 90 }, (_, i) => at(BURST + i * 40));
	const other = Array.from({ length: 23 * 24 }, (_, i) =>
		at(now - 23 * DAY + i * HOUR + ((i * 977) % 3600), { 'extra.sector': 'health', 'extra.province': 'PK-PB' })
	);
	await deliver(intake, source, [...usual, ...burst, ...other]);
});
afterAll(async () => {
	await stage.rest();
	await stage.close();
});

it('a burst of the past would have raised one alarm, at once, in the place where it was, and ended', async () => {
	const answer = await backtest(stage, { from: now - 3 * DAY, to: now, ...TEN, given: {} });
	expect(answer.alarms).toHaveLength(1);
	const [alarm] = answer.alarms;
	expect(alarm).toMatchObject({ rule: 'surge', province: 'PK-IS', sector: 'telecom' });
	expect(alarm!.raised).toBeGreaterThan(BURST);
	expect(alarm!.raised).toBeLessThanOrEqual(BURST + HOUR);
	expect(alarm!.ended).toBeGreaterThan(BURST + HOUR);
	expect(alarm!.ended).toBeLessThan(BURST + 10 * HOUR);
	expect(alarm!.n).toBeGreaterThan(alarm!.high);
	expect(alarm!.peak).toBeGreaterThan(alarm!.sigma);
	expect(answer.load).toMatchObject({ total: 1, peak: 1, steady: 0, upset: 0, tens: 432 });
	expect(answer.load.day).toBeCloseTo(1 / 3);
	expect(text(answer)).toMatch(/Telecom, Islamabad.*σ[\s\S]*1 alarm in 3 d: 0\.3 a day.*EEMUA 191/);
});

it('other thresholds can be tried without being saved, and what is learned is from before only', async () => {
	const high = await backtest(stage, {
		from: now - 3 * DAY,
		to: now,
		...TEN,
		given: { surge: { sigma: 49, risk: 49 } }
	});
	expect(high.alarms).toEqual([]);
	expect(high.rules).toMatchObject([{ slug: 'surge', params: { sigma: 49, hold: 15 } }]);
	expect((await rule.list(stage.client, viewer())).find((r) => r.slug === 'surge')!.params).toMatchObject({ sigma: 5 });
	// In the first week nothing is known yet: nobody could have said that anything was unusual.
	expect((await backtest(stage, { from: now - 23 * DAY, to: now - 21 * DAY, ...TEN, given: {} })).alarms).toEqual([]);
});

it('what cannot be run is said with its place', async () => {
	const run = (more: object) => backtest(stage, { from: now - HOUR, to: now, ...TEN, given: {}, ...more });
	await expect(run({ from: now })).rejects.toThrow('--from must be before --to');
	await expect(run({ given: { surge: { sigma: 'x' } } })).rejects.toThrow(/^surge\.sigma: /);
	await expect(run({ given: { surge: { typo: 1 } } })).rejects.toThrow(/surge.*typo/);
	await expect(run({ given: { silence: {} } })).rejects.toThrow('There is no rule about surges called "silence"');
});

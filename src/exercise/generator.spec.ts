import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../lib/core/clock';
import { PROVINCES } from '../lib/core/province';
import { TYPES } from '../lib/core/rsit';
import { SECTORS } from '../lib/core/sector';
import { SEVERITIES } from '../lib/core/severity';
import { TLPS } from '../lib/core/tlp';
import { history, SOURCES, truth, type Delivery, type Options } from './generator';

/** Monday 23 November 2026, 14:30 PKT. */
const NOW = Date.UTC(2026, 10, 23, 9, 30) / 1000;
const all = (from: number, to: number, options?: Options, seed = 7) => [...history(seed, from, to, options)];
const week = all(NOW - 7 * DAY, NOW, { now: NOW });
const sound = week
	.filter((d) => d.mark !== 'broken')
	.map((d) => ({ ...d, fields: JSON.parse(d.line) as Record<string, string | number> }));
const count = <T>(items: Iterable<T>, key: (item: T) => string) => {
	const out: Record<string, number> = {};
	for (const item of items) out[key(item)] = (out[key(item)] ?? 0) + 1;
	return out;
};
const share = (test: (d: Delivery) => boolean) => week.filter(test).length / week.length;

describe('the stream of an exercise', () => {
	it('is the same for the same seed and another for another', () => {
		const a = all(NOW - HOUR, NOW, { now: NOW });
		expect(all(NOW - HOUR, NOW, { now: NOW })).toEqual(a);
		expect(all(NOW - HOUR, NOW, { now: NOW }, 8)).not.toEqual(a);
	});

	it('is the same however its range is cut', () => {
		const from = NOW - 30 * HOUR;
		const cuts = [from, from + 1, from + 7 * HOUR + 13.37, NOW - 4 * HOUR, NOW - 61.5, NOW, NOW + HOUR, NOW + 3 * HOUR];
		const parts = cuts.slice(1).flatMap((to, i) => all(cuts[i]!, to, { now: NOW, rate: 0.5 }));
		expect(parts).toEqual(all(from, NOW + 3 * HOUR, { now: NOW, rate: 0.5 }));
	});

	it('is ordered by delivery and never speaks of the future, but where it is broken', () => {
		for (let i = 1; i < week.length; i++)
			if (week[i]!.at < week[i - 1]!.at) expect.unreachable(`line ${i} is out of order`);
		for (const { at, fields } of sound) {
			if (Date.parse(String(fields['time.source'])) / 1000 > at) expect.unreachable(`seen after ${at}`);
			if (Date.parse(String(fields['time.observation'])) / 1000 > at) expect.unreachable(`observed after ${at}`);
		}
	});

	it('has known types, sectors, provinces, labels and severities in every sound line', () => {
		const known = (list: string[], field: string) => {
			const used = new Set(sound.map((d) => d.fields[field]).filter((v) => v !== undefined));
			for (const v of used) expect(list).toContain(v);
			return used.size;
		};
		expect(
			known(
				TYPES.map((t) => t.slug),
				'classification.type'
			)
		).toBeGreaterThan(20);
		expect(
			known(
				SECTORS.map((s) => s.slug),
				'extra.sector'
			)
		).toBe(SECTORS.length);
		expect(
			known(
				PROVINCES.map((p) => p.code),
				'extra.province'
			)
		).toBe(PROVINCES.length);
		known([...TLPS], 'extra.tlp');
		known([...SEVERITIES], 'extra.severity');
	});

	it('uses only addresses, numbers and names that are kept for documentation, and names no country but ours', () => {
		for (const { fields } of sound) {
			for (const [name, value] of Object.entries(fields)) {
				const text = String(value);
				const good = name.endsWith('.ip')
					? isIP(text) > 0 && /^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/.test(text)
					: name.endsWith('.asn')
						? (Number(value) >= 64_496 && Number(value) <= 64_511) ||
							(Number(value) >= 65_536 && Number(value) <= 65_551)
						: name.endsWith('.fqdn')
							? /\.(example|invalid|test)$/.test(text)
							: name.endsWith('.url')
								? /\.(example|invalid|test)$/.test(new URL(text).hostname)
								: name.endsWith('.cc')
									? text === 'PK'
									: true;
				if (!good) expect.unreachable(`${name} is ${text}`);
			}
		}
	});

	it('comes from the sources in about their shares', () => {
		expect(SOURCES.reduce((sum, s) => sum + s.share, 0)).toBeCloseTo(100);
		const quiet = all(NOW - 14 * DAY, NOW, { rate: 0.3 });
		const got = count(quiet, (d) => d.source);
		for (const s of SOURCES) {
			const part = (100 * (got[s.slug] ?? 0)) / quiet.length;
			expect(part, s.slug).toBeGreaterThan(s.share * 0.6);
			expect(part, s.slug).toBeLessThan(s.share * 1.6);
		}
	});

	it('is mostly exposure, scans and alerts, and says nothing of the place or the sector now and then', () => {
		const classes = count(sound, (d) => TYPES.find((t) => t.slug === d.fields['classification.type'])!.class);
		expect(
			(classes.vulnerable! + classes['information-gathering']! + classes['intrusion-attempts']!) / sound.length
		).toBeGreaterThan(0.75);
		expect(classes.vulnerable).toBeGreaterThan(20 * (classes.intrusions ?? 0));
		expect(sound.some((d) => d.fields['extra.province'] === undefined)).toBe(true);
		expect(sound.some((d) => d.fields['extra.sector'] === undefined)).toBe(true);
	});

	it('holds broken, late and repeated lines, a few per thousand each', () => {
		for (const mark of ['broken', 'late', 'duplicate'] as const) {
			const part = share((d) => d.mark === mark);
			expect(part, mark).toBeGreaterThan(0.001);
			expect(part, mark).toBeLessThan(0.02);
		}
		const first = new Set(week.filter((d) => d.mark !== 'duplicate').map((d) => d.source + d.line));
		expect(first.size).toBe(week.filter((d) => d.mark !== 'duplicate').length);
		expect(week.filter((d) => d.mark === 'duplicate' && !first.has(d.source + d.line)).length).toBeLessThan(200);
		expect(week.some((d) => d.mark === 'broken' && !d.line.endsWith('}'))).toBe(true);
	});

	it('dips on Friday afternoon and on Sunday, sleeps at night and peaks in office hours', () => {
		const at = (day: number, hour: number) => Date.UTC(2026, 10, day, hour - 5) / 1000;
		const lines = (day: number, from: number, to: number) => all(at(day, from), at(day, to), { rate: 3 }).length;
		// 19 November 2026 is a Thursday.
		expect(lines(20, 13, 16)).toBeLessThan(0.85 * lines(19, 13, 16));
		expect(lines(22, 9, 17)).toBeLessThan(0.85 * lines(19, 9, 17));
		expect(lines(19, 1, 5) / 4).toBeLessThan(0.7 * (lines(19, 10, 14) / 4));
	});

	it('grows with its rate', () => {
		const one = all(NOW - DAY, NOW).length;
		expect(one).toBeGreaterThan(20_000);
		expect(one).toBeLessThan(50_000);
		expect(all(NOW - DAY, NOW, { rate: 4 }).length / one).toBeCloseTo(4, 0);
	});
});

describe('the truth beside the stream', () => {
	it('has a campaign whose controller is seen at several banks and a telecom operator', () => {
		const campaign = truth(7, NOW - HOUR, NOW, NOW).find((t) => t.kind === 'campaign' && t.name === 'scene-campaign');
		if (campaign?.kind !== 'campaign') return expect.unreachable('no campaign');
		const seen = sound.filter(
			(d) => d.fields['destination.ip'] === campaign.address && d.fields['destination.fqdn'] === campaign.domain
		);
		expect(new Set(seen.map((d) => d.source))).toContain('ntcert');
		expect(
			new Set(seen.filter((d) => d.fields['extra.sector'] === 'banking').map((d) => d.fields['event_description.text']))
				.size
		).toBeGreaterThanOrEqual(3);
	});

	it('has a dead source, and one that comes back with what it saw meanwhile', () => {
		const after = all(NOW - 6 * HOUR, NOW + 4 * HOUR, { now: NOW });
		expect(after.some((d) => d.source === 'sensors-gb' && d.at < NOW - 4 * HOUR)).toBe(true);
		expect(after.some((d) => d.source === 'sensors-gb' && d.at > NOW - 3 * HOUR)).toBe(false);
		const water = after.filter((d) => d.source === 'wasa-water' && d.at > NOW - 3 * HOUR);
		expect(Math.min(...water.map((d) => d.at))).toBeGreaterThanOrEqual(NOW + 2 * HOUR);
		expect(water.some((d) => d.line.includes('T08:') && d.mark === 'good')).toBe(true);
	});

	it('has bursts that stand out in the stream', () => {
		const burst = truth(7, NOW - 7 * DAY, NOW - DAY, NOW).find((t) => t.kind === 'burst' && t.to - t.from > HOUR);
		if (burst?.kind !== 'burst') return expect.unreachable('no burst');
		const inside = (from: number, to: number) =>
			sound.filter(
				(d) =>
					d.source === burst.source &&
					d.at >= from &&
					d.at < to &&
					d.fields['extra.sector'] === burst.sector &&
					d.fields['extra.province'] === burst.province &&
					d.fields['classification.type'] === burst.type
			).length;
		expect(inside(burst.from, burst.to)).toBeGreaterThan(3 * inside(burst.from - (burst.to - burst.from), burst.from));
	});

	it('is the same however its range is cut', () => {
		const whole = truth(7, NOW - 14 * DAY, NOW).map((t) => t.name);
		const parts = new Set(
			[...truth(7, NOW - 14 * DAY, NOW - 5 * DAY), ...truth(7, NOW - 5 * DAY, NOW)].map((t) => t.name)
		);
		expect([...parts].sort()).toEqual([...whole].sort());
	});
});

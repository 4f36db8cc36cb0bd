import { describe, expect, it } from 'vitest';
import { csv, daily, f1, hourly, metric, Random, score, threshold, type Labelled } from '../../tests/labelled';
import { detect, table, time } from './detect';

describe('detect', () => {
	it('judges each row from those before it: the answer to a part is a part of the answer', () => {
		for (const series of [hourly('burst5', 20, 1), hourly('missing', 0.5, 2), metric(1), metric(2), daily(50, 1)]) {
			const whole = table(detect(csv(series)).rows);
			for (const to of [1, 2, 3, 5, 14, 200, 1001]) {
				const part = table(detect(csv(series, to)).rows);
				expect(whole.startsWith(part)).toBe(true);
			}
		}
	});

	it('answers a row for a row, as it was written', () => {
		const { rows, notes, wrong } = detect(
			'Value;other; TIMESTAMP\n3;x;2026-06-01 00:00:00\n;x;2026-06-01 01:00:00\n4.50;x;2026-06-01 02:00:00\n'
		);
		expect(rows.map((r) => [r.timestamp, r.value])).toEqual([
			['2026-06-01 00:00:00', '3'],
			['2026-06-01 01:00:00', ''],
			['2026-06-01 02:00:00', '4.50']
		]);
		expect(rows[0]).toMatchObject({ expected: null, low: null, high: null, score: 0 });
		expect(rows[1]!.score).toBeNull();
		expect(rows[2]!.expected).toBe(3);
		expect([notes, wrong]).toEqual([[], 0]);
		expect(table(rows).split('\n')[0]).toBe('timestamp,value,expected,low,high,score');
	});

	it('reads times as they are written', () => {
		const at = Date.parse('2026-06-01T10:30:00Z') / 1000;
		for (const text of [
			'2026-06-01T10:30:00Z',
			'2026-06-01T10:30',
			'2026-06-01 10:30:00',
			'2026-06-01 10:30:00.000',
			'2026-06-01T15:30:00+05:00',
			'2026-06-01T15:30:00+0500',
			'2026-06-01 15:30:00+05',
			'20260601T103000Z',
			String(at),
			`${at}.0`,
			String(at * 1000)
		])
			expect(time(text), text).toBe(at);
		expect(time('2026-06-01')).toBe(Date.parse('2026-06-01') / 1000);
		for (const text of ['', 'yesterday', '06/01/2026', '2026-13-01', '2026-06-01T25:00Z'])
			expect(time(text)).toBeNull();
	});

	it('says with its line what it cannot read, and judges the rest', () => {
		const series = hourly('plain', 50, 6);
		const lines = csv(series).split('\n');
		lines[500] = lines[500]!.replace(/,.*/, ',many');
		lines[600] = `soon,${series.values[599]}`;
		lines[700] = lines[699]!;
		lines[800] = lines[790]!;
		const { rows, notes, wrong } = detect(lines.join('\n'));
		expect(rows).toHaveLength(series.values.length);
		expect(wrong).toBe(2);
		expect(notes.map((n) => /^line \d+/.exec(n)?.[0]).sort()).toEqual(['line 501', 'line 601', 'line 701', 'line 801']);
		expect(rows.slice(801).filter((r) => Math.abs(r.score!) > 3.5).length).toBeLessThan(3);
	});

	it('refuses what is no such table, and one that is not sorted', () => {
		expect(() => detect('')).toThrow('line 1');
		expect(() => detect('a,b\n1,2\n')).toThrow('timestamp and value');
		const lines = csv(hourly('plain', 5, 1))
			.trim()
			.split('\n');
		expect(() => detect([lines[0], ...lines.slice(1).reverse()].join('\n'))).toThrow('line 3');
		expect(() => detect('timestamp,value\n"1,2\n')).toThrow(/line \d/);
		expect(detect('timestamp,value\n').rows).toEqual([]);
	});

	it('sees the blatant while it learns, and nothing else', () => {
		for (const rate of [2, 20, 200]) {
			const series = hourly('plain', rate, 4);
			for (const at of [8, 20, 40]) {
				const values = [...series.values];
				values[at] = 20 * Math.max(...values.slice(0, at));
				const { rows } = detect(csv({ ...series, values }, at + 1));
				expect(rows[at]!.score).toBeGreaterThan(3.5);
				expect(rows.slice(0, at).filter((r) => Math.abs(r.score!) > 3.5)).toEqual([]);
			}
		}
	});

	it('is not led astray by bursts and outages', () => {
		for (const kind of ['burst10', 'outage', 'missing'] as const)
			for (const rate of [10, 100, 1000]) {
				const series = hourly(kind, rate, 5);
				const { rows } = detect(csv(series));
				for (const [, , to] of series.events) {
					const after = rows.slice(to, to + 24).filter((_, i) => series.labels[to + i] === 0);
					expect(after.filter((r) => Math.abs(r.score!) > 3.5).length, `${kind} of ${rate}`).toBeLessThanOrEqual(2);
				}
			}
	});

	it('follows a level that has changed, within a week', () => {
		for (const rate of [10, 100, 1000])
			for (const seed of [1, 2, 3]) {
				const series = hourly('shift', rate, seed);
				const [, from] = series.events[0]!;
				const { rows } = detect(csv(series));
				const later = rows.slice(from + 7 * 24, from + 14 * 24);
				expect(later.filter((r) => Math.abs(r.score!) > 3.5).length).toBeLessThan(4);
			}
	});

	it('finds more and cries wolf less than mean + 3 σ', () => {
		const tried: [string, Labelled[], { precision: number; recall: number }][] = [
			['bursts of 5 in 10/h', [1, 2, 3].map((s) => hourly('burst5', 10, s)), { precision: 0.95, recall: 0.9 }],
			['bursts of 3 in 100/h', [1, 2, 3].map((s) => hourly('burst3', 100, s)), { precision: 0.95, recall: 0.97 }],
			['bursts of 2 in 1000/h', [1, 2, 3].map((s) => hourly('burst2', 1000, s)), { precision: 0.95, recall: 0.97 }],
			['bursts of 10 in 1/h', [1, 2, 3].map((s) => hourly('burst10', 1, s)), { precision: 0.95, recall: 0.6 }],
			['ramps in 100/h', [1, 2, 3].map((s) => hourly('ramp', 100, s)), { precision: 0.9, recall: 0.9 }],
			['outages of 100/h', [1, 2, 3].map((s) => hourly('outage', 100, s)), { precision: 0.95, recall: 0.97 }],
			['metrics', [0, 1, 2, 3].map(metric), { precision: 0.85, recall: 0.95 }],
			['daily', [1, 2, 3].map((s) => daily(500, s)), { precision: 0.9, recall: 0.85 }]
		];
		for (const [name, all, least] of tried) {
			const ours = score(all, (s) => detect(csv(s)).rows.map((r) => r.score ?? 0));
			expect(ours.precision, name).toBeGreaterThan(least.precision);
			expect(ours.recall, name).toBeGreaterThan(least.recall);
			const plain = score(all, threshold);
			expect(f1(ours), name).toBeGreaterThan(f1(plain));
		}
	});

	it('cries wolf in less than two of a thousand quiet values', () => {
		for (const kind of ['plain', 'drift', 'missing'] as const)
			for (const rate of [0.1, 1, 10, 100, 1000]) {
				const { rows } = detect(csv(hourly(kind, rate, 9)));
				const out = rows.filter((r) => Math.abs(r.score ?? 0) > 3.5).length;
				expect(out, `${kind} of ${rate}`).toBeLessThanOrEqual(rows.length * 0.002);
			}
	});

	it('has a score beyond the edge exactly where the value is out of the range', () => {
		for (const series of [hourly('burst3', 2, 1), hourly('burst3', 30, 2), metric(0), daily(20, 2)])
			for (const { value, low, high, score } of detect(csv(series)).rows) {
				if (low === null || score === null || Math.abs(Math.abs(score) - 3.5) < 0.01) continue;
				expect(Number(value) < low || Number(value) > high!).toBe(Math.abs(score) > 3.5);
			}
	});

	it('copes with any series', () => {
		const random = new Random(3);
		const shapes: ((i: number) => number)[] = [
			() => 0,
			() => 7,
			() => -3.25,
			(i) => (i % 24 === 3 ? 1000 : 0),
			(i) => i,
			(i) => 2 ** (i / 20),
			() => random.normal() * 1e9,
			(i) => (i % 2 ? 1e-9 : 0),
			(i) => (i < 200 ? 0 : 5)
		];
		for (const shape of shapes)
			for (const step of [60, 300, 420, 3600, 86_400, 604_800]) {
				const values = Array.from({ length: 400 }, (_, i) => shape(i));
				const { rows } = detect(
					csv({ name: '', start: 1.78e9, step, values, labels: new Uint8Array(400), events: [] })
				);
				for (const r of rows) {
					expect(Number.isFinite(r.score)).toBe(true);
					expect(r.low === null || (r.low <= r.high! && Number.isFinite(r.expected))).toBe(true);
				}
			}
	});
});

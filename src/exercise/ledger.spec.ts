import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { DAY } from '../lib/core/clock';
import { Ledger } from './ledger';
import { truth } from './truth';

/** Monday 23 November 2026, 14:30 PKT. */
const NOW = Date.UTC(2026, 10, 23, 9, 30) / 1000;
const found = truth(7, NOW - 10 * DAY, NOW, NOW);
const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
const file = join(folder, 'truth.jsonl');
const lines = () =>
	readFileSync(file, 'utf8')
		.trimEnd()
		.split('\n')
		.map((l) => JSON.parse(l) as Record<string, unknown>);
afterEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the truth of an exercise', () => {
	it('has a line for each burst, campaign and outage, and none twice when the exercise goes on', () => {
		new Ledger(file, 2).write(found.slice(0, 5));
		// A run that was broken off in the middle of a line.
		appendFileSync(file, '{"kind":"burst","na');
		const again = new Ledger(file, 2);
		again.write(found);
		again.write(found);
		const text = readFileSync(file, 'utf8');
		const whole = text.split('\n').filter((l) => l.endsWith('}'));
		expect(whole).toHaveLength(found.length);
		expect(new Set(whole.map((l) => (JSON.parse(l) as { name: string }).name))).toEqual(
			new Set(found.map((t) => t.name))
		);
	});

	it('says when and where, at the volume that is played', () => {
		new Ledger(file, 3).write(found);
		const burst = found.find((t) => t.kind === 'burst')!;
		expect(lines().find((l) => l.name === burst.name)).toMatchObject({
			kind: 'burst',
			from: new Date(burst.from * 1000).toISOString(),
			to: new Date(burst.to * 1000).toISOString(),
			source: burst.source,
			sector: burst.sector,
			province: burst.province,
			type: burst.type,
			perMinute: Math.round(burst.perMinute * 300) / 100
		});
		expect(lines().find((l) => l.name === 'scene-dead')).toMatchObject({ kind: 'outage', to: null, backlog: false });
		const campaign = lines().find((l) => l.name === 'scene-campaign')!;
		expect(campaign.targets).toContainEqual(
			expect.objectContaining({ source: 'ntcert', sector: 'telecom', organisation: expect.any(String) as string })
		);
	});
});

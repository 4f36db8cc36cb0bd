import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { open, viewer, type Stage } from '../../../../tests/contract/stage';
import { ALL, type Row } from '$lib/core/judgement';
import type { Posture } from '$lib/core/posture';
import { Facets } from '../store/facet';
import * as incident from '../store/incident';
import * as log from '../store/log';
import * as store from '../store/posture';
import { posture } from './posture';
import type { Context } from './step';

const HOUR = 3600;
const now = 1_795_003_260; // a minute past a whole hour
const row = (sector: string, cls: string, n: number, mean: number, state: Row[8] = 'judged'): Row => [
	'now',
	now - HOUR,
	ALL,
	sector,
	cls,
	n,
	mean,
	mean * 1.5,
	state
];

describe('the posture of each minute', () => {
	let stage: Stage;
	let calm: Row[];
	beforeEach(async () => {
		stage = await open();
		calm = stage.reference.sectors.map((s) => row(s.slug, ALL, 100, 100));
	});
	afterEach(() => stage.close());

	/** Runs the step as whoever leads at this minute; rows by rank. */
	const run = (minute: number, rows: (rank: number) => Row[] = () => calm) =>
		posture.run({
			client: stage.client,
			now: now + minute * 60,
			reference: stage.reference,
			facets: new Facets(stage.client.sql),
			judged: [0, 1, 2, 3, 4].map(rows)
		} as unknown as Context);
	const told = async () =>
		(await log.after(stage.client.sql, 0, 1000)).flatMap((e) => (e.kind === 'posture' ? [e.payload.postures!] : []));
	const sector = (p: Posture | undefined, slug: string) => p!.sectors.find((s) => s.sector === slug)!;
	const open_ = (title: string, tlp: string) =>
		incident.open(
			stage.client,
			viewer(),
			{
				title,
				type: 'ddos',
				severity: 'severe',
				sector: 'telecom',
				tlp,
				opened: new Date((now - 600) * 1000).toISOString()
			},
			stage.rules
		);

	it('is made for each clearance of what that may see: nothing of a case, a count or a text from above', async () => {
		await open_('Known to all', 'clear');
		await open_('For the named only', 'red');
		const flood = row('telecom', 'availability', 500, 50);
		await run(0, (rank) => (rank < 2 ? calm : [...calm, flood]));
		const latest = await store.latest(stage.client.sql);
		expect([...latest.keys()]).toEqual([0, 1, 2, 3, 4]);
		const texts = (rank: number) => JSON.stringify(latest.get(rank));
		for (const rank of [0, 1, 2, 3]) expect(texts(rank)).not.toContain('For the named only');
		for (const rank of [0, 1]) expect(texts(rank)).not.toContain('floods');
		expect(texts(2)).toContain('floods and outages at 10 times the usual');
		expect(sector(latest.get(4), 'telecom').contributions.map((c) => c.text)).toEqual([
			'severe incident “Known to all”',
			'severe incident “For the named only”',
			'floods and outages at 10 times the usual'
		]);
	});

	it('tells the log of those that say something new, and of nothing else', async () => {
		await run(0);
		expect((await told()).map((p) => p.map((x) => x.clearance))).toEqual([[0, 1, 2, 3, 4]]);
		await run(1);
		expect(await told()).toHaveLength(1);
		await open_('Strict', 'amber+strict');
		await run(2);
		expect((await told()).map((p) => p.map((x) => x.clearance))).toEqual([
			[0, 1, 2, 3, 4],
			[3, 4]
		]);
		expect((await store.latest(stage.client.sql)).get(0)!.at).toBe(now);
	});

	it('recovers by the clock, whoever led in between: nothing is remembered but in the database', async () => {
		const made = await open_('Flood', 'green');
		await run(0);
		await incident.change(stage.client, viewer(), made.id, 1, { status: 'closed' }, stage.rules);
		for (let minute = 1; minute <= 59; minute++) await run(minute);
		const slow = (await store.latest(stage.client.sql)).get(4)!;
		expect(sector(slow, 'telecom')).toMatchObject({ value: 79, contributions: [{ cause: 'recovery', points: -21 }] });
		await run(300);
		expect(sector((await store.latest(stage.client.sql)).get(4), 'telecom').value).toBe(100);
	});

	it('does not rise at once by what it could have risen while it was low', async () => {
		const made = await open_('Flood', 'green');
		for (let minute = 0; minute < 50; minute += 10) await run(minute);
		await incident.change(stage.client, viewer(), made.id, 1, { status: 'closed' }, stage.rules);
		await run(41);
		expect(sector((await store.latest(stage.client.sql)).get(4), 'telecom').value).toBe(74);
	});

	it('keeps the last of each hour, for 400 days, and answers for a moment within the scope of who asks', async () => {
		await run(0);
		await open_('Flood', 'green');
		await run(30);
		await stage.client
			.sql`insert into postures select at - interval '401 days', clearance, posture, state from postures`;
		await run(60);
		const [kept] = await stage.client.sql<{ n: number }[]>`select count(*)::int as n from postures where clearance = 4`;
		expect(kept!.n).toBe(2);
		const past = (at: number, more = {}) => store.past(stage.client, viewer(more), at);
		expect(sector((await past(now + 50 * 60))!, 'telecom').value).toBe(74);
		expect(await past(now - 2 * HOUR)).toBeNull();
		expect(await past(now + 20 * HOUR)).toBeNull();
		const mine = await past(now, { sectors: ['telecom'] });
		expect([mine!.nation, mine!.sectors.map((s) => s.sector)]).toEqual([null, ['telecom']]);
		expect(sector((await past(now, { clearance: 'clear' }))!, 'telecom').value).toBe(100);
	});

	it('counts a product that is known to be exploited and exposed, within the clearance of its alarm', async () => {
		await stage.client.sql`
			insert into alarms (rule, key, kind, priority, standing, response, sector, tlp, said, href, parts, constituents, raised_at, updated_at)
			values ('kev-exposed', 'k', 'exposure', 'medium', 'acknowledged', 'x', 'energy', 2, '[{"rank":2,"priority":"medium","title":"CVE-2026-90001 exposed at one constituent","why":"","facts":{}}]', '/alarms', '{}', '{}', to_timestamp(${now - 60}), now())`;
		await run(0);
		const latest = await store.latest(stage.client.sql);
		expect(sector(latest.get(1), 'energy').value).toBe(100);
		expect(sector(latest.get(2), 'energy').contributions).toMatchObject([
			{ cause: 'exposure', points: -4, text: 'CVE-2026-90001 exposed at one constituent', href: '/alarms' }
		]);
	});

	it('is unknown before any source has reported', async () => {
		await run(0, () => []);
		const { nation, sectors } = (await store.latest(stage.client.sql)).get(4)!;
		expect(nation).toMatchObject({
			value: null,
			unknown: `${sectors.length} of ${sectors.length} sectors are unknown`
		});
		expect(sectors.every((s) => s.value === null)).toBe(true);
	});
});

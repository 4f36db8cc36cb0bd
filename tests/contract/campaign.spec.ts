import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catchUp } from '../../src/lib/server/analysis/campaigns';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { identify } from '../../src/lib/server/store/indicator';
import * as campaign from '../../src/lib/server/store/campaign';
import { change, merge, split } from '../../src/lib/server/store/campaign/change';
import { deliver, open, report, viewer, type Stage } from './stage';

const ALL = viewer();
const now = () => Math.floor(Date.now() / 1000);
let stage: Stage;
let ingest: Ingest;
let source: number;

/** A system of a sector that talks to a controller. */
const infected = (sector: string, domain: string, more: Record<string, unknown> = {}, days = 0) =>
	report(10 + days * 1440, {
		'classification.type': 'infected-system',
		'destination.fqdn': domain,
		'extra.sector': sector,
		'extra.province': 'PK-SD',
		...more
	});
const settle = () => catchUp(stage.client, now());
const list = async (who = ALL, state?: campaign.Filter['state']) =>
	(await campaign.list(stage.client, who, { state })).campaigns;
/** What belongs together, in words. */
const parts = async () =>
	(
		await stage.client.sql<{ values: string }[]>`
			select string_agg(k.value, '+' order by k.value) as values from campaigns c join campaign_members m on m.campaign_id = c.id and m.removed_at is null join clues k on k.id = m.clue_id
			where c.state in ('open', 'quiet') group by c.id`
	)
		.map((r) => r.values)
		.sort();

const begin = async () => {
	stage = await open();
	ingest = stage.intake();
	source = await stage.source('green');
};

describe('campaigns', () => {
	beforeEach(begin);
	afterEach(() => stage.close());

	it('are what two sectors share, with its spread; nothing that one has alone', async () => {
		await deliver(ingest, source, [
			infected('banking', 'shared.example', {}, 2),
			infected('energy', 'shared.example', { 'extra.province': 'PK-PB' }),
			infected('banking', 'alone.example')
		]);
		await settle();
		const [one, ...more] = await list();
		expect(more).toEqual([]);
		expect(one).toMatchObject({
			name: 'shared.example',
			named: false,
			state: 'open',
			count: 2,
			sectors: ['banking', 'energy'],
			provinces: ['PK-PB', 'PK-SD'],
			members: 1
		});
		const found = await campaign.get(stage.client, ALL, one!.id);
		expect(found.bySector.map((s) => s.name)).toEqual(['banking', 'energy']);
		expect(found.shared).toMatchObject([
			{ kind: 'domain-name', value: 'shared.example', why: 'shared', indicator: false }
		]);
		expect(found.history).toMatchObject([{ action: 'found', actor: null }]);
		await settle();
		expect(await list()).toEqual([one]);
	});

	it('grow by what comes later, and two that turn out to be one become the older', async () => {
		await deliver(ingest, source, [
			...['banking', 'energy'].map((s) => infected(s, 'a.example')),
			...['health', 'telecom'].map((s) => infected(s, 'b.example'))
		]);
		await settle();
		expect(await parts()).toEqual(['a.example', 'b.example']);
		await deliver(ingest, source, [
			infected('media', 'a.example', { 'source.url': 'http://b.example/x', 'source.fqdn': 'b.example' })
		]);
		await settle();
		expect(await parts()).toEqual(['a.example+b.example']);
		const [one] = await list();
		const merged = await stage.client.sql<{ id: number }[]>`select id from campaigns where state = 'merged'`;
		expect(merged[0]!.id).toBeGreaterThan(one!.id);
		expect(await campaign.get(stage.client, ALL, merged[0]!.id)).toMatchObject({ id: one!.id });
	});

	it('exist for whoever sees two sectors of them, and count only what that viewer sees', async () => {
		await deliver(ingest, source, [
			...['banking', 'energy'].map((s) => infected(s, 'a.example')),
			infected('health', 'a.example', { 'extra.tlp': 'red', 'source.fqdn': 'secret.example' }),
			infected('media', 'a.example', { 'extra.tlp': 'red', 'source.fqdn': 'secret.example' }),
			...['banking', 'media'].map((s) => infected(s, 'red.example', { 'extra.tlp': 'red' }))
		]);
		await settle();
		expect((await list()).length).toBe(2);
		const green = viewer({ clearance: 'green' });
		const seen = await list(green);
		expect(seen).toMatchObject([{ name: 'a.example', count: 2, sectors: ['banking', 'energy'], members: 1 }]);
		expect(JSON.stringify(await campaign.get(stage.client, green, seen[0]!.id))).not.toContain('secret');
		expect(await list(viewer({ sectors: ['banking'] }))).toEqual([]);
		const hidden = (await list()).find((c) => c.id !== seen[0]!.id)!;
		await expect(campaign.get(stage.client, green, hidden.id)).rejects.toMatchObject({ status: 404 });
		await expect(campaign.list(stage.client, viewer({ role: 'wall' }))).rejects.toMatchObject({ status: 403 });
	});

	it('do not tell that two values are one where only others know it, nor what only others have seen of late', async () => {
		const old = (sector: string, domain: string) => infected(sector, domain, {}, 9);
		await deliver(ingest, source, [
			...['banking', 'energy', 'it'].map((s) => old(s, 'a.example')),
			...['health', 'media'].map((s) => old(s, 'b.example'))
		]);
		await deliver(ingest, source, [
			infected('water', 'a.example', { 'extra.tlp': 'red', 'source.fqdn': 'b.example' }),
			infected('telecom', 'a.example', { 'extra.tlp': 'red', 'source.fqdn': 'b.example' })
		]);
		await settle();
		expect(await parts()).toEqual(['a.example+b.example']);
		const [whole] = await list();
		expect(whole).toMatchObject({ state: 'open', members: 2 });
		const green = viewer({ clearance: 'green' });
		const [part, ...more] = await list(green);
		expect(more).toEqual([]);
		expect(part).toMatchObject({ state: 'quiet', members: 1, name: 'a.example', sectors: ['banking', 'energy', 'it'] });
		expect(JSON.stringify(await campaign.get(stage.client, green, part!.id))).not.toContain('b.example');
		expect(await campaign.of(stage.client, green, identify('domain-name', 'b.example'))).toBeNull();
		expect(await list(green, 'open')).toEqual([]);
		expect(await list(green, 'quiet')).toEqual([part]);
		// By a report that this viewer sees too it is known to both.
		await deliver(ingest, source, [infected('banking', 'a.example', { 'source.fqdn': 'b.example' })]);
		await settle();
		expect(await list(green, 'open')).toMatchObject([{ members: 2 }]);
	});

	it('were found for a viewer only when there was one for that viewer', async () => {
		await deliver(ingest, source, [
			infected('banking', 'a.example'),
			infected('energy', 'a.example', { 'extra.tlp': 'red' })
		]);
		await settle();
		await deliver(ingest, source, [infected('health', 'a.example')]);
		await settle();
		const green = viewer({ clearance: 'green' });
		const [one] = await list(green);
		const history = async () => (await campaign.get(stage.client, green, one!.id)).history.map((e) => e.action);
		expect(await history()).toEqual(['found']);
		// Found by the others two hours before.
		await stage.client.sql`alter table campaign_events disable trigger user`;
		await stage.client.sql`update campaign_events set at = now() - interval '2 hours'`;
		expect(await history()).toEqual([]);
	});

	it('a name, a note and an event are for clearances like that of whoever wrote them', async () => {
		await deliver(
			ingest,
			source,
			['banking', 'energy'].map((s) => infected(s, 'a.example'))
		);
		await settle();
		const [{ id, version } = { id: 0, version: 0 }] = await list();
		await change(stage.client, ALL, id, version, { name: 'Paper lantern', note: 'as the case says' });
		expect(await list()).toMatchObject([{ name: 'Paper lantern', named: true }]);
		const green = viewer({ clearance: 'green' });
		expect(await list(green)).toMatchObject([{ name: 'a.example', named: false }]);
		expect((await campaign.get(stage.client, green, id)).history.map((e) => e.action)).toEqual(['found']);
		const scoped = viewer({ sectors: ['banking', 'energy'], name: 'Somebody' });
		expect(await list(scoped)).toMatchObject([{ name: 'a.example' }]);
		await expect(change(stage.client, scoped, id, version + 1, { name: 'x' })).rejects.toMatchObject({ status: 403 });
		await expect(change(stage.client, ALL, id, version, { name: 'x' })).rejects.toMatchObject({ status: 412 });
		await expect(change(stage.client, ALL, id, version + 1, {})).rejects.toMatchObject({ status: 400 });
		const [audit] = await stage.client
			.sql`select actor, action, subject, detail from audit where action = 'campaign.name'`;
		expect(audit).toEqual({
			actor: 'cli',
			action: 'campaign.name',
			subject: `C-${id}`,
			detail: { name: 'Paper lantern', note: 'as the case says' }
		});
	});

	it('what was dismissed stays so when more of the same comes, and comes back with a new kind of evidence', async () => {
		await deliver(
			ingest,
			source,
			['banking', 'energy'].map((s) => infected(s, 'a.example'))
		);
		await settle();
		const [{ id, version } = { id: 0, version: 0 }] = await list();
		await change(stage.client, ALL, id, version, { state: 'dismissed', note: 'a sinkhole of ours' });
		const more = (value: Record<string, unknown>) =>
			deliver(
				ingest,
				source,
				['health', 'media'].map((s) => infected(s, 'a.example', value))
			);
		await more({ 'source.fqdn': 'b.example' });
		await settle();
		expect(await list()).toEqual([]);
		expect(await list(ALL, 'dismissed')).toMatchObject([{ id, members: 2 }]);
		await more({ 'malware.hash.sha256': 'ab'.repeat(32) });
		await settle();
		expect(await list()).toMatchObject([{ id, state: 'open', members: 3 }]);
		expect((await campaign.get(stage.client, ALL, id)).history.at(-1)).toMatchObject({
			action: 'reopen',
			actor: null,
			detail: { kinds: ['sha-256'] }
		});
	});

	it('what a person split is never made one by the machine, and by a person it is again', async () => {
		const both = (s: string) => infected(s, 'a.example', { 'source.fqdn': 'b.example' });
		await deliver(ingest, source, ['banking', 'energy'].map(both));
		await settle();
		expect(await parts()).toEqual(['a.example+b.example']);
		const [one] = await list();
		const b = identify('domain-name', 'b.example');
		await expect(
			split(stage.client, ALL, one!.id, one!.version, { members: [identify('domain-name', 'x.example')] })
		).rejects.toMatchObject({ status: 400 });
		const made = await split(stage.client, ALL, one!.id, one!.version, { members: [b], name: 'The other' });
		expect(made).toMatchObject({ name: 'The other', members: 1 });
		await deliver(ingest, source, ['health', 'media'].map(both));
		await settle();
		expect(await parts()).toEqual(['a.example', 'b.example']);
		const again = await campaign.get(stage.client, ALL, one!.id);
		const whole = await merge(stage.client, ALL, one!.id, again.version, { from: [`C-${made.id}`] });
		expect(whole).toMatchObject({ id: one!.id, members: 2 });
		await deliver(ingest, source, ['water', 'it'].map(both));
		await settle();
		expect(await parts()).toEqual(['a.example+b.example']);
	});

	it('a person may make one of what the machine sees no link in, and it stays so', async () => {
		await deliver(ingest, source, [
			...['banking', 'energy'].map((s) => infected(s, 'a.example')),
			...['health', 'media'].map((s) => infected(s, 'b.example'))
		]);
		await settle();
		const [x, y] = await list();
		await merge(stage.client, ALL, y!.id, y!.version, { from: [String(x!.id)] });
		await deliver(ingest, source, [
			...['water', 'it'].map((s) => infected(s, 'a.example')),
			...['water', 'it'].map((s) => infected(s, 'b.example'))
		]);
		await settle();
		expect(await parts()).toEqual(['a.example+b.example']);
	});

	it('what is known to be good ties nothing, and a campaign of it is gone when that is learned', async () => {
		await deliver(
			ingest,
			source,
			['banking', 'energy'].map((s) => infected(s, 'resolver.example'))
		);
		await settle();
		expect(await parts()).toEqual(['resolver.example']);
		const id = identify('domain-name', 'resolver.example');
		await stage.client
			.sql`insert into indicators (id, kind, value, warnings) values (${id}, 'domain-name', 'resolver.example', '{Resolvers}')`;
		await deliver(ingest, source, [infected('health', 'resolver.example')]);
		await settle();
		expect(await parts()).toEqual([]);
	});

	it('reports that are placed anew are counted where they now are', async () => {
		await deliver(
			ingest,
			source,
			['banking', 'energy'].map((s) => infected(s, 'a.example'))
		);
		await settle();
		const count = () => stage.client.sql<{ n: number }[]>`select sum(n)::int as n from traces`.then((r) => r[0]!.n);
		expect(await count()).toBe(2);
		// The same entries of the log, read once more.
		await stage.client.sql`update marks set seq = 0 where name = 'campaigns'`;
		await settle();
		expect(await count()).toBe(2);
		expect(await parts()).toEqual(['a.example']);
	});
});

describe('the order of arrival', () => {
	beforeAll(begin);
	afterAll(() => stage.close());

	it('changes nothing of what belongs together', { timeout: 600_000 }, async () => {
		const domain = fc.integer({ min: 0, max: 5 }).map((n) => `d${n}.example`);
		const one = fc.record({
			sector: fc.constantFrom('banking', 'energy', 'health'),
			domain,
			beside: fc.option(domain, { freq: 2, nil: undefined }),
			days: fc.integer({ min: 0, max: 25 })
		});
		await fc.assert(
			fc.asyncProperty(
				fc.array(one, { minLength: 4, maxLength: 25 }),
				fc.integer({ min: 1, max: 5 }),
				async (rows, step) => {
					const results: string[][] = [];
					for (const way of [
						rows,
						[...rows].reverse(),
						[...rows].sort((a, b) => a.domain.localeCompare(b.domain) || a.days - b.days)
					]) {
						await stage.client
							.sql`truncate traces, clues, campaigns, campaign_members, campaign_apart, observations, cells_minute, cells_hour, cells_day`;
						await stage.client.sql`delete from marks`;
						await settle();
						for (let i = 0; i < way.length; i += step) {
							await deliver(
								ingest,
								source,
								way
									.slice(i, i + step)
									.map((r) => infected(r.sector, r.domain, r.beside ? { 'source.fqdn': r.beside } : {}, r.days))
							);
							await settle();
						}
						results.push(await parts());
					}
					expect(results[1]).toEqual(results[0]);
					expect(results[2]).toEqual(results[0]);
				}
			),
			{ numRuns: 12 }
		);
	});
});

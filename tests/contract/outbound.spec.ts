import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayOf } from '../../src/lib/core/remedy';
import * as constituent from '../../src/lib/server/store/constituent';
import * as notice from '../../src/lib/server/store/notice';
import * as outbound from '../../src/lib/server/store/outbound';
import { refresh } from '../../src/lib/server/store/outbound/days';
import * as reattribute from '../../src/lib/server/ingest/reattribute';
import { Facets } from '../../src/lib/server/store/facet';
import { deliver, open, report, viewer, type Stage } from './stage';

const DAY = 1440;
/** A report of abuse from Pakistan, some days ago. */
const abuse = (days: number, more: Record<string, unknown> = {}) =>
	report(days * DAY, { 'source.geolocation.cc': 'PK', 'source.asn': 64500, 'source.ip': '203.0.113.9', ...more });

describe('outbound abuse', () => {
	let stage: Stage;
	beforeEach(async () => {
		stage = await open();
	});
	afterEach(() => stage.close());

	const rule = (days = 0) => ({ quiet: 7, now: Date.now() / 1000 + days * 86_400 });
	const list = async (filter: outbound.Filter = {}, who = viewer()) =>
		(await outbound.list(stage.client, who, rule(), filter)).pairs;
	const short = (pairs: outbound.Pair[]) => pairs.map((p) => `${p.network} ${p.type} ${p.count}`);
	const told = (network: string, type: 'phishing' | 'spam' | null, days: number, more: Partial<notice.New> = {}) =>
		notice.add(stage.client, viewer(), {
			kind: 'abuse',
			network,
			type,
			party: 'abuse desk',
			at: new Date(Date.now() - days * 86_400_000).toISOString(),
			...more
		});
	/** The sums over all days, from the days and as they are kept, and the days from the observations. */
	const exact = async () => {
		const { sql } = stage.client;
		const days =
			await sql`select network, facet_id, sum(n)::int as n, min(first_at) as f, max(last_at) as l, range_agg(daterange(day, day + 1))::text as days from outbound_days group by 1, 2 order by 1, 2`;
		const pairs =
			await sql`select network, facet_id, n::int, first_at as f, last_at as l, days::text from outbound_pairs order by 1, 2`;
		expect([...pairs]).toEqual([...days]);
		const [kept] = await sql`select coalesce(sum(n), 0)::int as n from outbound_days`;
		const [seen] =
			await sql`select count(*)::int as n from observations o join facets f on f.id = o.facet_id where f.direction = 'outbound' and f.type in ('phishing', 'spam', 'c2-server', 'ddos-amplifier')`;
		expect(kept!.n).toBe(seen!.n);
	};

	it('is counted by network and type: what is not abuse, not ours, or against ourselves does not count', async () => {
		const source = await stage.source();
		await deliver(stage.intake(), source, [
			abuse(1),
			abuse(1.5, { 'source.ip': '203.0.113.10' }),
			abuse(2, { 'source.asn': undefined }),
			abuse(2, { 'source.asn': undefined, 'source.ip': '2001:db8:1:2::3', 'classification.type': 'spam' }),
			abuse(2, { 'classification.type': 'ddos-amplifier' }),
			abuse(2, { 'classification.type': 'vulnerable-system' }),
			abuse(2, { 'destination.ip': '203.0.113.20', 'destination.geolocation.cc': 'PK' }),
			report(DAY, { 'source.asn': 64501 })
		]);
		expect(await outbound.freshness(stage.client)).toEqual({ counted: false, stale: 0 });
		await refresh(stage.client.sql);
		expect(await outbound.freshness(stage.client)).toEqual({ counted: true, stale: 0 });
		expect(short(await list({ sort: 'count' })).sort()).toEqual([
			'2001:db8:1::/48 spam 1',
			'203.0.113.0/24 phishing 1',
			'AS64500 ddos-amplifier 1',
			'AS64500 phishing 2'
		]);
		expect(short(await list({ type: 'spam' }))).toEqual(['2001:db8:1::/48 spam 1']);
		expect(short(await list({ network: 'AS64500', type: 'phishing' }))).toEqual(['AS64500 phishing 2']);
		await exact();
	});

	it('follows what comes late, twice, at once, and what is placed elsewhere', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		const first = abuse(40);
		await deliver(intake, source, [first, abuse(3)]);
		await refresh(stage.client.sql);
		await deliver(intake, source, [first, abuse(40.01), abuse(60), abuse(0)]);
		const [a, b] = await Promise.all([refresh(stage.client.sql), refresh(stage.client.sql)]);
		expect([a, b].filter((r) => r === null).length).toBeLessThanOrEqual(1);
		await refresh(stage.client.sql);
		expect(short(await list())).toEqual(['AS64500 phishing 5']);
		await exact();

		// The network turns out to be a constituent's, with a sector: the facet is another, the sum the same.
		await constituent.put(stage.client, viewer(), stage.reference, {
			organisation: 'Example Hosting',
			sector: 'it',
			assets: 'AS64500 203.0.113.0/24'
		});
		await reattribute.run(stage.client, stage.reference, new Facets(stage.client.sql), {});
		await refresh(stage.client.sql);
		await exact();
		expect(short(await list({ sector: 'it' }))).toEqual(['AS64500 phishing 5']);
		expect(short(await list({ sector: 'unattributed' }))).toEqual([]);
		const names = async (role: 'analyst' | 'executive') => (await list({}, viewer({ role })))[0]!.name;
		expect([await names('analyst'), await names('executive')]).toEqual(['Example Hosting', null]);
	});

	it('is made again when the log does not reach back, and stays when its observations are dropped', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		await deliver(intake, source, [abuse(100), abuse(1)]);
		await refresh(stage.client.sql);
		await deliver(intake, source, [abuse(2)]);
		await stage.client.sql`delete from log`;
		await deliver(intake, source, [abuse(3)]);
		await refresh(stage.client.sql);
		await exact();
		const [old] = await stage.client.sql<{ name: string }[]>`
			select min(c.relname) as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'observations'::regclass`;
		await stage.client.sql.unsafe(`drop table ${old!.name}`);
		await stage.client.sql`insert into outbound_stale select distinct day from outbound_days on conflict do nothing`;
		await refresh(stage.client.sql);
		expect(short(await list())).toEqual(['AS64500 phishing 4']);
	});

	it('is shown to each viewer as far as they may see, the standing too', async () => {
		const source = await stage.source();
		await deliver(stage.intake(), source, [
			abuse(30, { 'extra.sector': 'banking' }),
			abuse(1, { 'extra.tlp': 'red', 'extra.sector': 'telecom' })
		]);
		await refresh(stage.client.sql);
		await stage.client
			.sql`insert into outbound_watch select ${source}, current_date - i from generate_series(0, 60) i on conflict do nothing`;
		await told('AS64500', 'phishing', 29, { tlp: 'green' });
		const seen = async (who: ReturnType<typeof viewer>) =>
			(await list({}, who)).map((p) => `${p.count} ${p.standing} ${p.reported === null ? 'untold' : 'told'}`);
		expect(await seen(viewer())).toEqual(['2 returned told']);
		expect(await seen(viewer({ clearance: 'green' }))).toEqual(['1 remedied told']);
		expect(await seen(viewer({ sectors: ['banking'] }))).toEqual(['1 remedied told']);
		expect(await seen(viewer({ clearance: 'clear' }))).toEqual([]);
		expect(await seen(viewer({ sectors: ['energy'] }))).toEqual([]);
		await expect(list({}, viewer({ role: 'wall' }))).rejects.toThrow(/role/);
	});

	it('is remedied only while its source delivers, and returns', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		await deliver(intake, source, [abuse(20), abuse(15)]);
		await refresh(stage.client.sql);
		await told('AS64500', 'phishing', 18);
		expect(await list()).toMatchObject([{ standing: 'unwatched', remedied: null, returns: 0 }]);
		await stage.client
			.sql`insert into outbound_watch select ${source}, current_date - i from generate_series(1, 14) i on conflict do nothing`;
		const [pair] = await list();
		expect(pair).toMatchObject({ standing: 'remedied', days: 2 });
		expect(dayOf(pair!.remedied!)).toBe(dayOf(Date.now() / 1000 - 15 * 86_400));
		await deliver(intake, source, [abuse(0)]);
		await refresh(stage.client.sql);
		expect(await list()).toMatchObject([{ standing: 'returned', returns: 1, remedied: null }]);
		const { pair: one, episodes } = await outbound.one(stage.client, viewer(), rule(), {
			network: 'AS64500',
			type: 'phishing'
		});
		expect(one.standing).toBe('returned');
		expect(episodes).toMatchObject([{ by: 'quiet' }]);
		await expect(outbound.one(stage.client, viewer(), rule(), { network: 'AS64500', type: 'spam' })).rejects.toThrow(
			/does not exist/
		);
	});

	it('and the norms: what nobody recorded, or could see, is null and not nought', async () => {
		const norms = async () => {
			const told = await outbound.cases(stage.client.sql, viewer(), 7, rule().now);
			return outbound.norms(stage.client, viewer(), rule(), told);
		};
		expect(await norms()).toMatchObject({
			c: { foreign: null },
			h: { in: null, out: null },
			i: null,
			j: null,
			k: null
		});
		await constituent.put(stage.client, viewer(), stage.reference, { organisation: stage.reference.teams[0]!.name });
		await stage.client
			.sql`insert into objects (id, source_id, batch_id, kind, key, tlp, revoked, facts, raw) values ('00000000-0000-4000-8000-000000000001', 1, 1, 'vulnerability', 'CVE-2026-1', 0, false, '{"exploited": true}', '')`;
		await stage.client
			.sql`insert into heads (source_id, key, object_id, kind) values (1, 'CVE-2026-1', '00000000-0000-4000-8000-000000000001', 'vulnerability')`;
		await notice.add(stage.client, viewer(), { kind: 'foreign', party: 'CERT abroad' });
		expect(await norms()).toMatchObject({ c: { foreign: { n: 1, open: 1 } }, h: { in: null }, i: 0, k: 0 });
		await stage.client.sql`update rules set enabled = false where kind = 'cert'`;
		expect(await norms()).toMatchObject({ i: 0, k: null });
	});

	it('is read in pages, in every order, each once', async () => {
		const source = await stage.source();
		await deliver(
			stage.intake(),
			source,
			Array.from({ length: 23 }, (_, i) =>
				abuse(1 + (i % 5), { 'source.asn': 64500 + i, 'classification.type': i % 2 ? 'spam' : 'phishing' })
			)
		);
		await refresh(stage.client.sql);
		await told('AS64510', null, 0.5);
		await told('AS64511', 'spam', 0.5);
		for (const sort of outbound.SORTS) {
			const all: string[] = [];
			for (let cursor: string | undefined; ;) {
				const page = await outbound.list(stage.client, viewer(), rule(), { sort, cursor, limit: 4 });
				all.push(...short(page.pairs));
				if (!page.next) break;
				cursor = page.next;
			}
			expect(new Set(all).size).toBe(23);
			expect(all.length).toBe(23);
			if (sort === 'standing')
				expect(
					all
						.slice(0, 2)
						.map((s) => s.split(' ')[0])
						.sort()
				).toEqual(['AS64510', 'AS64511']);
		}
		expect((await list({ standing: 'open' })).length).toBe(2);
	});
});

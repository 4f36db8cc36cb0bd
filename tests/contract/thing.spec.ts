import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Format, Thing } from '../../src/lib/server/ingest/format';
import { FORMATS } from '../../src/lib/server/ingest/formats';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { Lookback } from '../../src/lib/server/ingest/lookback';
import * as reattribute from '../../src/lib/server/ingest/reattribute';
import * as split from '../../src/lib/server/ingest/split';
import * as log from '../../src/lib/server/ops/log';
import { connect } from '../../src/lib/server/store/client';
import * as constituents from '../../src/lib/server/store/constituent';
import * as dossier from '../../src/lib/server/store/dossier';
import { Facets } from '../../src/lib/server/store/facet';
import * as indicator from '../../src/lib/server/store/indicator';
import { random } from './corpus';
import { browser, deliver, ndjson, body, open, report, until, viewer, type Stage } from './stage';

/** Things as they are, a JSON object a line: what the exchange formats make of their records. */
const plain: Format = {
	name: 'plain',
	async *read(bytes, _type, limits) {
		for await (const pieces of split.lines(bytes, limits))
			yield pieces.map((p) => ({ ...this.one(p.bytes), line: p.line }));
	},
	one: (raw) => ({ kind: 'thing', line: 1, raw: raw.toString(), thing: JSON.parse(raw.toString()) as Thing })
};

let stage: Stage;
let ingest: Ingest;
let source: number;
let serial = 0;
const look = () => new Lookback(stage.client, { back: 90 * 86_400 }, log.open('silent')).round();
const bring = (things: Partial<Thing>[], from = source, through = ingest) =>
	through.deliver(from, { bytes: body(ndjson(things)), contentType: '', format: 'plain' });
/** An indicator for one value, of a version. */
const says = (value: string, more: Partial<Thing> = {}, kind = 'domain-name'): Partial<Thing> => ({
	kind: 'indicator',
	key: `indicator--${serial++}`,
	revision: '1',
	claims: [{ kind, value, actionable: true } as never],
	...more
});
const name = () => `evil${serial++}.example`;
const seen = async (value: string, kind = 'domain-name', who = viewer()) =>
	(await dossier.open(stage.client, who, indicator.identify(kind, value))).count;

beforeAll(async () => {
	FORMATS.set('plain', plain);
	stage = await open();
	ingest = stage.intake(stage.client);
});
afterAll(async () => {
	FORMATS.delete('plain');
	await stage.close();
});
beforeEach(async () => {
	source = await stage.source('green');
});

describe('versions of a thing', () => {
	const at = (n: number) => ({ revision: String(n), modified: `2026-01-01T00:00:00.${String(n).padStart(6, '0')}Z` });

	it('count once each, and the newest holds, in whatever order they come', async () => {
		for (const order of [
			[1, 2, 3],
			[3, 2, 1],
			[2, 3, 1]
		]) {
			const key = `k${serial++}`;
			const from = await stage.source('green');
			const values = { 1: name(), 2: name(), 3: name() } as Record<number, string>;
			for (const n of order)
				expect(await bring([says(values[n]!, { key, ...at(n) })], from)).toMatchObject({
					accepted: 1,
					duplicates: 0,
					kinds: { indicator: 1 }
				});
			expect(await bring([says(values[1]!, { key, ...at(1) })], from)).toMatchObject({
				accepted: 0,
				duplicates: 1,
				kinds: {}
			});
			const held = (await indicator.list(stage.client, viewer(), { value: values[3]! })).indicators;
			expect(held.map((i) => [i.value, i.actionable])).toEqual([[values[3], true]]);
			expect((await indicator.list(stage.client, viewer(), { value: values[2]! })).indicators).toEqual([]);
		}
	});

	it('of one delivery are told apart too, and without a time the last one holds', async () => {
		const [a, b, c] = [name(), name(), name()];
		const key = `k${serial++}`;
		await bring([says(a, { key, ...at(1) }), says(c, { key, ...at(3) }), says(b, { key, ...at(2) })]);
		expect((await indicator.list(stage.client, viewer(), { value: c })).indicators.length).toBe(1);
		expect((await indicator.list(stage.client, viewer(), { value: b })).indicators.length).toBe(0);
		const other = `k${serial++}`;
		await bring([says(a, { key: other, revision: 'x' }), says(b, { key: other, revision: 'y' })]);
		expect((await indicator.list(stage.client, viewer(), { value: b })).indicators.length).toBe(1);
	});

	it('that are withdrawn are not looked for any more, and are still known', async () => {
		const value = name();
		const key = `k${serial++}`;
		await bring([says(value, { key, ...at(1) })]);
		await bring([says(value, { key, ...at(2), revoked: true })]);
		const [found] = (await indicator.list(stage.client, viewer(), { value })).indicators;
		expect(found).toMatchObject({ value, actionable: false });
	});

	it('come to the same counts through two processes at once, in every order', { timeout: 120_000 }, async () => {
		const things = Array.from({ length: 400 }, (_, i) =>
			says(`h${i % 90}.example`, { key: `shared${i % 120}`, ...at(i % 7) })
		);
		const next = random(7);
		const others = [0, 1].map(() => stage.intake(connect(stage.client.url, 2, 30)));
		const all = await Promise.all(
			others.flatMap((through) =>
				[0, 1, 2].map(() =>
					bring(
						things.toSorted(() => next() - 0.5),
						source,
						through
					)
				)
			)
		);
		const distinct = new Set(things.map((t) => `${t.key} ${t.revision}`)).size;
		expect(all.reduce((n, d) => n + d.accepted, 0)).toBe(distinct);
		expect(all.reduce((n, d) => n + d.accepted + d.duplicates, 0)).toBe(6 * 400);
		const rows = await stage.client.sql<{ n: number; wrong: number }[]>`
			select count(*) as n, count(*) filter (where h.modified_at <> (select max(modified_at) from objects o where o.source_id = h.source_id and o.key = h.key)) as wrong from heads h where source_id = ${source}`;
		expect(rows[0]).toEqual({ n: 120, wrong: 0 });
		const claims = await stage.client.sql<{ n: number }[]>`
			select count(*) as n from claims c where source_id = ${source} and object_id <> (select object_id from heads h where h.source_id = c.source_id and h.key = c.key)`;
		expect(claims[0]!.n).toBe(0);
	});

	it('that cannot be kept go to quarantine, with their place, beside those that can', async () => {
		const done = await bring([
			says(name(), { key: '' }),
			says(name(), { modified: '0000-01-01T00:00:00Z' }),
			says(name(), { modified: 'yesterday' }),
			says(name(), { name: 'a\0b\ud800', facts: { text: '\0\udfff' } }),
			says('1.2.3', {}, 'ipv4-addr')
		]);
		expect(done).toMatchObject({ accepted: 2, quarantined: 3 });
	});
});

describe('a sighting', () => {
	const from = (value: string, more: Record<string, unknown> = {}) => report(1, { 'source.fqdn': value, ...more });

	it('is every observation that carries the value, whether it comes before the indicator or after', async () => {
		const value = name();
		await deliver(ingest, source, [from(value), from(value)]);
		await bring([says(value.toUpperCase())]);
		expect(await seen(value)).toBe(0);
		await look();
		expect(await seen(value)).toBe(2);
		const [entry] = await stage.client.sql<
			{ kind: string; payload: { indicators: { value: string }[] } }[]
		>`select kind, payload from log order by seq desc limit 1`;
		expect([entry!.kind, entry!.payload.indicators.map((i) => i.value)]).toEqual(['indicator', [value]]);
		await deliver(ingest, source, [from(value)]);
		expect(await seen(value)).toBe(3);
		await look();
		expect(await seen(value)).toBe(3);
	});

	it('is found by a process that has not heard of the indicator', async () => {
		const value = name();
		const deaf = stage.intake(connect(stage.client.url, 2, 30));
		await deaf.watch.ready();
		await deaf.watch.close(); // what it knows stays, and nothing is heard any more
		const before = deaf.watch.since;
		await bring([says(value), says('203.0.113.0/24', {}, 'ipv4-addr')]);
		await look();
		await deliver(deaf, source, [
			from(value),
			report(1, { 'source.url': `http://${value}/x` }),
			report(1, { 'destination.ip': '203.0.113.9' })
		]);
		expect(deaf.watch.since).toBe(before);
		expect(await seen(value)).toBe(2);
		expect(await seen('203.0.113.0/24', 'ipv4-addr')).toBe(1);
	});

	it('is of an address in a network, of the name in a URL, of a hash', async () => {
		const hash = 'ab'.repeat(32);
		await bring([
			says('198.18.7.0/28', {}, 'ipv4-addr'),
			says(hash, {}, 'sha-256'),
			says('2001:db8:7::/48', {}, 'ipv6-addr')
		]);
		await ingest.watch.refresh();
		await deliver(ingest, source, [
			report(1, { 'source.ip': '198.18.7.15' }),
			report(1, { 'source.ip': '198.18.7.16' }),
			report(1, { 'source.ip': '2001:db8:7:1::9', 'malware.hash.sha256': hash })
		]);
		expect(await seen('198.18.7.0/28', 'ipv4-addr')).toBe(1);
		expect(await seen('2001:db8:7::/48', 'ipv6-addr')).toBe(1);
		expect(await seen(hash, 'sha-256')).toBe(1);
	});

	it('is neither lost nor counted twice when indicators and reports come at once', { timeout: 120_000 }, async () => {
		const values = Array.from({ length: 40 }, () => name());
		const intakes = [ingest, stage.intake(connect(stage.client.url, 2, 30))];
		const sent = new Map<string, number>();
		const next = random(11);
		const work: Promise<unknown>[] = [];
		for (let i = 0; i < 60; i++) {
			const value = values[Math.floor(next() * values.length)]!;
			const through = intakes[i % 2]!;
			if (next() < 0.4) work.push(bring([says(value)], source, through));
			else {
				const n = 1 + Math.floor(next() * 5);
				sent.set(value, (sent.get(value) ?? 0) + n);
				work.push(
					deliver(
						through,
						source,
						Array.from({ length: n }, () => from(value))
					)
				);
			}
			if (i % 9 === 0) work.push(look());
			if (next() < 0.3) await new Promise((wait) => setTimeout(wait, next() * 15));
		}
		await Promise.all(work);
		await bring(values.map((v) => says(v)));
		await until(look, (r) => r?.indicators === 0);
		for (const value of values) expect([value, await seen(value)]).toEqual([value, sent.get(value) ?? 0]);
	});

	it('moves with its observation when the constituents change', async () => {
		const value = name();
		await bring([says(value)]);
		await ingest.watch.refresh();
		await deliver(ingest, source, [from(value)]);
		const place = async () =>
			(await dossier.open(stage.client, viewer(), indicator.identify('domain-name', value))).spread.map((s) => [
				s.sector,
				s.province
			]);
		expect(await place()).toEqual([['unattributed', 'unlocated']]);
		await constituents.put(stage.client, viewer(), stage.reference, {
			organisation: `Bank ${value}`,
			sector: 'banking',
			province: 'PK-SD',
			assets: value
		});
		await reattribute.run(stage.client, stage.reference, new Facets(stage.client.sql), {});
		expect(await place()).toEqual([['banking', 'PK-SD']]);
		const found = await dossier.open(stage.client, viewer(), indicator.identify('domain-name', value));
		expect(found.hits.map((h) => h.constituent)).toEqual([`Bank ${value}`]);
	});

	it('is told to nobody who may not see the report, and the indicator to nobody who may not see a claim', async () => {
		const value = name();
		await bring([says(value, { tlp: 'amber' })]);
		await ingest.watch.refresh();
		await deliver(ingest, source, [
			from(value, { 'extra.tlp': 'green', 'extra.sector': 'telecom', 'extra.province': 'PK-PB' }),
			from(value, { 'extra.tlp': 'red', 'extra.sector': 'banking', 'extra.province': 'PK-SD' })
		]);
		expect(await seen(value)).toBe(2);
		expect(await seen(value, 'domain-name', viewer({ clearance: 'amber' }))).toBe(1);
		expect(await seen(value, 'domain-name', viewer({ clearance: 'red', sectors: ['banking'] }))).toBe(1);
		await expect(seen(value, 'domain-name', viewer({ clearance: 'green' }))).rejects.toMatchObject({ status: 404 });
		expect((await indicator.list(stage.client, viewer({ clearance: 'green' }), { value })).indicators).toEqual([]);
	});
});

describe('live screens', () => {
	it('hear of an indicator that is seen somewhere new, and of an advisory, within their clearance and scope', async () => {
		const { port } = await stage.live();
		const value = name();
		const sockets = await Promise.all(
			[
				await stage.token('amber'),
				await stage.token('green'),
				await stage.token('amber', { sectors: ['telecom'] })
			].map((t) => browser(port, t))
		);
		const heard = sockets.map((s) => {
			const all: { indicators: unknown[]; advisories: unknown[] } = { indicators: [], advisories: [] };
			s.on('frame', (f) => {
				all.indicators.push(...(f.indicators ?? []));
				all.advisories.push(...(f.advisories ?? []));
			});
			return all;
		});
		for (const s of sockets) await s.emitWithAck('subscribe', {});
		await bring([
			says(value, { tlp: 'amber' }),
			{
				kind: 'advisory',
				key: `adv${serial++}`,
				revision: '1',
				name: 'Patch it',
				tlp: 'amber',
				facts: { publisher: 'NCERT', severity: 'critical' }
			}
		]);
		await ingest.watch.refresh();
		for (const sector of ['banking', 'telecom'])
			await deliver(ingest, source, [from_(value, sector), from_(value, sector)]);
		await until(
			() => heard[0]!.indicators.at(-1) as { sectors: string[] } | undefined,
			(last) => last?.sectors.length === 2
		);
		await until(
			() => heard[2]!.indicators.length,
			(n) => n >= 1
		);
		expect(heard[0]!.indicators.at(-1)).toMatchObject({ value, sectors: ['banking', 'telecom'], tlp: 'amber' });
		expect(heard[2]!.indicators).toMatchObject([{ value, sectors: ['telecom'] }]);
		expect(heard[0]!.advisories).toMatchObject([{ title: 'Patch it', publisher: 'NCERT', severity: 'critical' }]);
		expect(heard[1]).toEqual({ indicators: [], advisories: [] });
		const again = await browser(port, await stage.token('amber', { sectors: ['banking', 'telecom'] }));
		const answer = await again.emitWithAck('subscribe', {});
		if (!('snapshot' in answer)) throw new Error('no snapshot');
		expect(answer.snapshot.indicators.find((i) => i.value === value)).toMatchObject({
			sectors: ['banking', 'telecom']
		});
		expect(answer.snapshot.advisories).toMatchObject([{ title: 'Patch it' }]);
		for (const s of [...sockets, again]) s.close();
	});
	const from_ = (value: string, sector: string) =>
		report(1, { 'source.fqdn': value, 'extra.sector': sector, 'extra.province': 'PK-PB' });
});

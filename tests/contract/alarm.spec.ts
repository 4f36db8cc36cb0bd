import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alarm } from '../../src/lib/core/alarm';
import type { Tlp } from '../../src/lib/core/tlp';
import type { Viewer } from '../../src/lib/core/viewer';
import { Alarms } from '../../src/lib/server/analysis/alarms';
import { Judge } from '../../src/lib/server/analysis/judge';
import type { Context } from '../../src/lib/server/analysis/step';
import * as logs from '../../src/lib/server/ops/log';
import * as alarm from '../../src/lib/server/store/alarm';
import * as act from '../../src/lib/server/store/alarm/act';
import * as constituent from '../../src/lib/server/store/constituent';
import { Facets } from '../../src/lib/server/store/facet';
import * as incident from '../../src/lib/server/store/incident';
import * as indicator from '../../src/lib/server/store/indicator';
import * as log from '../../src/lib/server/store/log';
import * as rule from '../../src/lib/server/store/rule';
import { body, deliver, open, report, viewer, type Stage } from './stage';

/** From what is reported, open or silent to what a person must do, on a real database. */

let stage: Stage;
let facets: Facets;
/** what the rules complained about */
const complaints: unknown[] = [];
const now = () => Math.floor(Date.now() / 60_000) * 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

beforeEach(async () => {
	stage = await open();
	facets = new Facets(stage.client.sql);
});
afterEach(async () => {
	await stage.close();
	expect(complaints.splice(0)).toEqual([]);
});

const context = (at = now(), judge = new Judge(facets.byId)): Context => ({
	client: stage.client,
	log: Object.assign(logs.open('silent'), { error: (what: unknown) => void complaints.push(what) }),
	facets,
	reference: stage.reference,
	now: at,
	judge,
	judged: [],
	calendar: [],
	exercise: true
});
/** A minute of a process that has just started to lead. */
const look = (at?: number, judge?: Judge) => new Alarms().run(context(at, judge));
const list = async (more: Partial<Viewer> = {}, state: 'open' | 'all' = 'open'): Promise<Alarm[]> =>
	(await alarm.list(stage.client, viewer(more), { state })).alarms;
const events = async (id: number, more: Partial<Viewer> = {}) =>
	(await alarm.get(stage.client, viewer(more), id)).history.map((e) => e.what);
const seen = (tlp: Tlp, more: Partial<Viewer> = {}) => list({ clearance: tlp, ...more });
const head = () => log.head(stage.client.sql);

/** A source that has not delivered for some seconds. */
async function silent(seconds: number, tlp: Tlp = 'green'): Promise<number> {
	const id = await stage.source(tlp);
	await stage.client.sql`update sources set last_at = now() - make_interval(secs => ${seconds}) where id = ${id}`;
	return id;
}

describe('a source that is silent', () => {
	it('rings once it has been away for longer than its cadence explains, once whoever leads, and ends when it delivers', async () => {
		const id = await silent(4 * HOUR);
		await silent(2 * HOUR);
		await stage.source(); // has never delivered: it is only waiting
		await look();
		await Promise.all([look(), look()]);
		const [one, ...more] = await list();
		expect(more).toEqual([]);
		expect(one).toMatchObject({ rule: 'silence', priority: 'medium', standing: 'unacknowledged', href: '/sources' });
		expect(one!.response).toContain('unknown');
		await deliver(stage.intake(stage.client), id, [report(0)]);
		await look();
		expect((await list())[0]).toMatchObject({ standing: 'unacknowledged' });
		await look(now() + 10 * 60);
		const [after] = await list();
		expect(after).toMatchObject({ standing: 'returned', id: one!.id });
		expect(await events(one!.id)).toEqual(['raised', 'ended']);
		await act.acknowledge(stage.client, viewer(), one!.id);
		expect(await list()).toEqual([]);
		expect((await list({}, 'all')).map((a) => a.standing)).toEqual(['cleared']);
	});

	it('is not named to who may not know of it, and concerns every scope', async () => {
		await silent(DAY, 'red');
		await look();
		expect(await seen('amber+strict')).toEqual([]);
		const [one, ...more] = await seen('red', { sectors: ['energy'] });
		expect(more).toEqual([]);
		const part = viewer({ sectors: ['energy'] });
		await expect(act.acknowledge(stage.client, part, one!.id)).rejects.toMatchObject({ status: 403 });
		await expect(act.clear(stage.client, part, one!.id, { reason: 'x' })).rejects.toMatchObject({ status: 403 });
		expect((await list())[0]).toMatchObject({ standing: 'unacknowledged', version: 1 });
		await act.acknowledge(stage.client, viewer(), one!.id);
	});
});

describe('a case', () => {
	const draft = { title: 'Core switch taken over', type: 'system-compromise', sector: 'telecom', tlp: 'amber' };

	it('rings when it is severe, follows its marking, and is over when the case is closed', async () => {
		const made = await incident.open(stage.client, viewer(), { ...draft, severity: 'severe' }, stage.rules);
		await incident.open(stage.client, viewer(), { ...draft, severity: 'high' }, stage.rules);
		await look();
		const [one, ...more] = await list();
		expect(more).toEqual([]);
		expect(one).toMatchObject({ priority: 'high', sector: 'telecom', href: `/incidents/${made.id}`, tlp: 'amber' });
		expect(await seen('green')).toEqual([]);
		expect(await seen('amber', { sectors: ['banking'] })).toEqual([]);
		await incident.change(stage.client, viewer(), made.id, 1, { tlp: 'red', title: 'Renamed' }, stage.rules);
		await look();
		expect(await seen('amber')).toEqual([]);
		const told = (await log.after(stage.client.sql, 0, 100)).flatMap((e) => e.payload.alarms ?? []);
		expect(told.map((a) => a.was)).toEqual([undefined, { tlp: 'amber', sector: 'telecom', province: null }]);
		expect((await list())[0]).toMatchObject({ tlp: 'red', title: expect.stringContaining('Renamed') as string });
		await act.acknowledge(stage.client, viewer(), one!.id);
		await incident.change(stage.client, viewer(), made.id, 2, { status: 'closed', note: 'done' }, stage.rules);
		await look();
		expect(await list()).toEqual([]);
	});

	it('rings when it is past its proposed target, the more the more severe it is', async () => {
		const opened = (h: number) => new Date(Date.now() - h * HOUR * 1000).toISOString();
		for (const [severity, h] of [
			['severe', 9],
			['high', 25],
			['high', 23],
			['medium', 73],
			['low', 500]
		] as const)
			await incident.open(stage.client, viewer(), { ...draft, severity, opened: opened(h) }, stage.rules);
		await look();
		const late = (await list()).filter((a) => a.rule === 'incident-overdue');
		expect(late.map((a) => a.priority).sort()).toEqual(['high', 'low', 'medium']);
	});
});

describe('an indicator in several places', () => {
	const value = 'bad.example';
	const id = indicator.identify('domain-name', value);
	const facet = async (sector: string, tlp: number) => {
		await facets.add([
			{ province: 'PK-PB', sector, class: 'fraud', type: 'phishing', severity: 'medium', direction: 'inbound', tlp }
		]);
		return facets.find({
			province: 'PK-PB',
			sector,
			class: 'fraud',
			type: 'phishing',
			severity: 'medium',
			direction: 'inbound',
			tlp
		})!;
	};
	const sight = async (sector: string, tlp: number, whose: number | null = null, hours = 1) =>
		stage.client
			.sql`insert into sightings (indicator_id, observed_at, observation_id, facet_id, source_id, constituent_id)
			values (${id}, to_timestamp(${now() - hours * HOUR}), ${randomUUID()}, ${await facet(sector, tlp)}, 1, ${whose})`;
	const claim = (more: { actionable?: boolean; revoked?: boolean; until?: number | null; warnings?: string[] } = {}) =>
		stage.client.sql.begin(async (tx) => {
			await tx`delete from claims`;
			await tx`insert into indicators (id, kind, value, warnings) values (${id}, 'domain-name', ${value}, ${more.warnings ?? null}) on conflict (id) do update set warnings = excluded.warnings`;
			await tx`insert into claims (indicator_id, source_id, key, object_id, tlp, actionable, partial, revoked, valid_until)
				values (${id}, 1, 'k', ${id}, 1, ${more.actionable ?? true}, false, ${more.revoked ?? false}, ${more.until == null ? null : stage.client.sql`to_timestamp(${more.until})`})`;
		});

	it('rings in three sectors within a day, once more with a fourth, and names only the sectors of a clearance', async () => {
		await claim();
		await sight('banking', 1);
		await sight('telecom', 1);
		await sight('energy', 1, null, 30);
		await look();
		expect(await list()).toEqual([]);
		await sight('health', 3);
		await look();
		expect(await seen('amber')).toEqual([]);
		const [one] = await seen('amber+strict');
		expect(one).toMatchObject({ rule: 'indicator-sectors', priority: 'high', href: `/indicators/${id}` });
		expect(one!.facts.sectors).toEqual(['banking', 'health', 'telecom']);
		await act.acknowledge(stage.client, viewer(), one!.id);
		await sight('energy', 1);
		await look();
		const [low] = await seen('green');
		expect(low!.facts.sectors).toEqual(['banking', 'energy', 'telecom']);
		expect(low!.why).not.toMatch(/health/i);
		expect(low).toMatchObject({ standing: 'unacknowledged', acknowledged: null });
		expect((await list())[0]!.facts.sectors).toEqual(['banking', 'energy', 'health', 'telecom']);
		expect(await events(one!.id)).toEqual(['raised', 'acknowledged', 'grown']);
	});

	it.each([
		['withdrawn', { revoked: true }],
		['only context', { actionable: false }],
		['expired', { until: 1_700_000_000 }],
		['known to be good', { warnings: ['list'] }]
	])('does not ring when it is %s', async (_, more) => {
		await claim(more);
		for (const s of ['banking', 'telecom', 'energy', 'health']) await sight(s, 1);
		await look();
		expect(await list()).toEqual([]);
	});

	it('rings at three constituents of one sector, which is named to the scope of that sector without the names', async () => {
		await claim();
		const { ids } = await organisations('Bank A,banking,PK-PB,', 'Bank B,banking,PK-PB,', 'Bank C,banking,PK-PB,');
		for (const c of ids) await sight('banking', 1, c);
		await look();
		const [one, ...more] = await seen('green', { role: 'wall', sectors: ['banking'] });
		expect(more).toEqual([]);
		expect(one).toMatchObject({ rule: 'indicator-constituents', sector: 'banking' });
		expect(JSON.stringify(one)).not.toContain('Bank A');
		const names = async (role: Viewer['role']) =>
			(await alarm.get(stage.client, viewer({ role }), one!.id)).constituents.map((c) => c.organisation);
		expect(await names('analyst')).toEqual(['Bank A', 'Bank B', 'Bank C']);
		expect(await names('executive')).toEqual([]);
	});

	it('with more to it that only some may know of says nothing of that to the others', async () => {
		await claim();
		const { ids } = await organisations(
			'Bank A,banking,PK-PB,',
			'Bank B,banking,PK-PB,',
			'Bank C,banking,PK-PB,',
			'Bank D,banking,PK-PB,'
		);
		for (const c of ids.slice(0, 3)) await sight('banking', 1, c);
		await look();
		await sight('banking', 4, ids[3]);
		// something else that changes for everybody at the same time
		await sight('banking', 1, ids[0], 2);
		await look();
		const [one] = await seen('green');
		const names = async (clearance: Tlp) =>
			(await alarm.get(stage.client, viewer({ clearance }), one!.id)).constituents.map((c) => c.organisation);
		expect(await names('green')).toEqual(['Bank A', 'Bank B', 'Bank C']);
		expect(await names('red')).toEqual(['Bank A', 'Bank B', 'Bank C', 'Bank D']);
		expect(await events(one!.id, { clearance: 'green' })).toEqual(['raised']);
		expect(await events(one!.id)).toEqual(['raised', 'grown']);
		expect(JSON.stringify(await seen('red'))).not.toContain('"constituents"');
	});
});

async function organisations(...lines: string[]): Promise<{ ids: number[] }> {
	const answer = await constituent.importCsv(
		stage.client,
		viewer(),
		stage.reference,
		`organisation,sector,province,assets\n${lines.join('\n')}\n`,
		{ size: 1 << 20, rows: 100 }
	);
	expect(answer).toMatchObject({ imported: true });
	const rows = await stage.client.sql<{ id: number }[]>`select id from constituents order by id`;
	return { ids: rows.map((r) => r.id) };
}

describe('a product that is known to be exploited', () => {
	const kev = (more: Record<string, unknown>[]) =>
		JSON.stringify({
			title: 'KEV',
			vulnerabilities: more.map((m) => ({ vendorProject: 'Acme', product: 'Gate', ...m }))
		});
	const vulnerable = (cve: string, ip: string, more = {}) =>
		report(5, { 'classification.type': 'vulnerable-system', 'source.ip': ip, 'extra.cve': cve, ...more });

	it('rings once a constituent, is more with each product, and high when it is used for ransomware', async () => {
		await organisations('Bank A,banking,PK-SD,203.0.113.0/25', 'Hospital,health,PK-PB,203.0.113.128/25');
		const ingest = stage.intake(stage.client);
		const source = await stage.source();
		await ingest.deliver(source, {
			bytes: body(
				kev([
					{ cveID: 'CVE-2024-0001' },
					{ cveID: 'CVE-2024-0002', dueDate: '2026-12-01', knownRansomwareCampaignUse: 'Known' }
				])
			),
			contentType: 'application/json',
			format: 'kev'
		});
		await deliver(ingest, source, [
			vulnerable('cve-2024-0001', '203.0.113.7'),
			vulnerable('CVE-2024-9999', '203.0.113.200'), // in no catalogue
			vulnerable('CVE-2024-0001', '198.51.100.1'), // nobody's
			report(5, { 'source.ip': '203.0.113.200', 'extra.cve': 'CVE-2024-0001' }) // no exposure
		]);
		await look();
		const [one, ...more] = await list();
		expect(more).toEqual([]);
		expect(one).toMatchObject({ rule: 'kev-exposed', priority: 'medium', sector: 'banking', province: 'PK-SD' });
		expect(one!.title).toContain('Acme Gate');
		await deliver(ingest, source, [vulnerable('CVE-2024-0002', '203.0.113.8', { 'extra.tlp': 'red' })]);
		await look();
		expect((await seen('green'))[0]).toMatchObject({ priority: 'medium', facts: { cves: ['CVE-2024-0001'] } });
		expect((await list())[0]).toMatchObject({ priority: 'high', facts: { due: '2026-12-01' } });
		expect(await events(one!.id, { clearance: 'green' })).toEqual(['raised']);
		expect(await events(one!.id)).toEqual(['raised', 'escalated']);
	});
});

describe('a CERT', () => {
	it('rings when it is attacked itself, not when it is scanned, nor when it is another', async () => {
		await organisations('National CERT,government,PK-IS,203.0.113.0/26', 'Shop,health,PK-SD,203.0.113.64/26');
		const ingest = stage.intake(stage.client);
		const source = await stage.source();
		const attack = (type: string, ip: string) =>
			report(5, { 'classification.type': type, 'source.ip': undefined, 'destination.ip': ip });
		const many = (n: number, type: string, ip: string) => Array.from({ length: n }, () => attack(type, ip));
		await deliver(ingest, source, [
			...many(9, 'scanner', '203.0.113.1'),
			...many(4, 'exploit', '203.0.113.1'),
			...many(9, 'exploit', '203.0.113.65')
		]);
		await look();
		expect(await list()).toEqual([]);
		await deliver(ingest, source, many(2, 'brute-force', '203.0.113.2'));
		await look();
		const [one, ...more] = await list();
		expect(more).toEqual([]);
		expect(one).toMatchObject({
			rule: 'cert-attacked',
			priority: 'high',
			title: 'National CERT is attacked itself',
			facts: { n: 6 }
		});
	});
});

describe('far more than usual', () => {
	const shape = {
		province: 'PK-IS',
		sector: 'telecom',
		class: 'availability',
		type: 'ddos',
		severity: 'high',
		direction: 'inbound'
	} as const;
	const flood = async (burst: number, red: number) => {
		await facets.add([
			{ ...shape, tlp: 1 },
			{ ...shape, tlp: 4 }
		]);
		const judge = new Judge(facets.byId);
		const tell = (tlp: number, at: number, n: number) => {
			const f = facets.find({ ...shape, tlp })!;
			judge.learn(1, at, f, n);
			if (at >= now() - 2 * DAY) judge.count(1, at, f, n);
		};
		for (let t = now() - 30 * DAY; t < now(); t += 60) {
			tell(1, t, 1);
			if (t >= now() - 30 * 60) {
				if (burst) tell(1, t, burst);
				if (red) tell(4, t, red);
			}
		}
		await judge.refit(now());
		return judge;
	};

	it('rings for the series that explains it, with its numbers for each clearance, and once over a restart', async () => {
		const judge = await flood(8, 4);
		await look(now(), judge);
		await look(now(), judge);
		const all = await list();
		expect(all).toHaveLength(1);
		expect(all[0]).toMatchObject({
			rule: 'surge',
			sector: 'telecom',
			province: 'PK-IS',
			priority: 'high',
			href: '/sectors/telecom'
		});
		expect(all[0]!.title).toMatch(/^Telecom, Islamabad: \d+ times the usual denial of service$/);
		expect(all[0]!.why).toMatch(/^\d+ reports in the last (5 minutes|hour|6 hours), usually \d+ to \d+\.$/);
		const [low] = await seen('green');
		expect(low!.facts.n).toBeLessThan(all[0]!.facts.n as number);
		expect(await seen('clear')).toEqual([]);
		expect(await events(all[0]!.id)).toEqual(['raised']);
	});

	it('of reports that only some may see is theirs alone', async () => {
		await look(now(), await flood(0, 8));
		expect(await seen('amber+strict')).toEqual([]);
		expect(await seen('red')).toHaveLength(1);
	});
});

describe('what people do', () => {
	const one = async (): Promise<Alarm> => {
		await silent(DAY);
		await look();
		return (await list())[0]!;
	};

	it('is audited, kept in the history, and in the log for every screen', async () => {
		const { id } = await one();
		const before = await head();
		const who = viewer({ id: 'user:7', name: 'Ayesha', role: 'analyst' });
		await act.acknowledge(stage.client, who, id, { note: 'calling them' });
		const until = new Date(Date.now() + HOUR * 1000).toISOString();
		await act.shelve(stage.client, who, id, { until, reason: 'planned work' });
		await act.unshelve(stage.client, who, id);
		await act.clear(stage.client, who, id, { reason: 'gone for good' });
		const entries = await log.after(stage.client.sql, before, 10);
		expect(entries.map((e) => [e.kind, e.payload.alarms?.map((a) => [a.id, a.standing, a.shelved !== null])])).toEqual([
			['alarm', [[id, 'acknowledged', false]]],
			['alarm', [[id, 'acknowledged', true]]],
			['alarm', [[id, 'acknowledged', false]]],
			['alarm', [[id, 'cleared', false]]]
		]);
		const { history } = await alarm.get(stage.client, viewer(), id);
		expect(history.slice(1)).toMatchObject([
			{ actor: 'Ayesha', what: 'acknowledged', detail: { note: 'calling them' } },
			{ actor: 'Ayesha', what: 'shelved', detail: { reason: 'planned work', until } },
			{ actor: 'Ayesha', what: 'unshelved' },
			{ actor: 'Ayesha', what: 'cleared', detail: { reason: 'gone for good' } }
		]);
		const audit = await stage.client.sql<
			{ actor: string; action: string; subject: string }[]
		>`select actor, action, subject from audit where action like 'alarm.%' order by id`;
		expect(audit.map((a) => [a.actor, a.action, a.subject])).toEqual(
			['acknowledge', 'shelve', 'unshelve', 'clear'].map((a) => ['user:7', `alarm.${a}`, String(id)])
		);
	});

	it('is refused to who may not, and to who may not see the alarm', async () => {
		await silent(DAY, 'red');
		await look();
		const [{ id }] = (await list()) as [Alarm];
		const as = (more: Partial<Viewer>) => act.acknowledge(stage.client, viewer(more), id);
		await expect(as({ role: 'executive' })).rejects.toMatchObject({ status: 403 });
		await expect(as({ role: 'wall' })).rejects.toMatchObject({ status: 403 });
		await expect(as({ clearance: 'amber' })).rejects.toMatchObject({ status: 404 });
		await expect(alarm.get(stage.client, viewer({ clearance: 'amber' }), id)).rejects.toMatchObject({ status: 404 });
		await expect(act.clear(stage.client, viewer(), id, {})).rejects.toMatchObject({ status: 400 });
	});

	it('is done by one of two who do it at the same time', async () => {
		const { id } = await one();
		const both = await Promise.allSettled(
			['A', 'B'].map((name) => act.acknowledge(stage.client, viewer({ name }), id))
		);
		expect(both.map((b) => b.status).sort()).toEqual(['fulfilled', 'rejected']);
		expect(both.find((b) => b.status === 'rejected')).toMatchObject({ reason: { status: 409, code: 'conflict' } });
		expect(await events(id)).toEqual(['raised', 'acknowledged']);
	});

	it('puts an alarm aside for a day at the most, and it rings again when that is over', async () => {
		const { id } = await one();
		const at = (s: number) => new Date(Date.now() + s * 1000).toISOString();
		const put = (s: number) => act.shelve(stage.client, viewer(), id, { until: at(s), reason: 'work' });
		await expect(put(-60)).rejects.toMatchObject({ status: 400 });
		await expect(put(25 * HOUR)).rejects.toMatchObject({
			status: 400,
			message: expect.stringContaining('24 h') as string
		});
		await put(HOUR);
		await look(now() + HOUR / 2);
		expect((await list())[0]!.shelved).toMatchObject({ reason: 'work', by: 'Test' });
		await look(now() + HOUR + 120);
		expect((await list())[0]).toMatchObject({ shelved: null, standing: 'unacknowledged' });
		expect(await events(id)).toEqual(['raised', 'shelved', 'expired']);
	});

	it('clears what still holds, which stays quiet until it is over and comes again', async () => {
		const id = await silent(DAY);
		await look();
		await act.clear(stage.client, viewer(), (await list())[0]!.id, { reason: 'known' });
		await look();
		expect(await list()).toEqual([]);
		await stage.client.sql`update sources set last_at = now() where id = ${id}`;
		await look();
		await look(now() + 6 * 60);
		await stage.client.sql`update sources set last_at = now() - interval '1 day' where id = ${id}`;
		await look();
		expect(await list()).toHaveLength(1);
		expect(await list({}, 'all')).toHaveLength(2);
	});
});

describe('rules', () => {
	it('can be changed by who has the right, from the version that was seen, within what they may be', async () => {
		const [first] = await rule.list(stage.client, viewer({ role: 'wall' }));
		expect(first).toMatchObject({ slug: 'surge', version: 1, by: null });
		const change = (version: number, input: unknown, more: Partial<Viewer> = {}) =>
			rule.change(stage.client, viewer(more), 'silence', version, input);
		await expect(change(1, { enabled: false }, { role: 'analyst' })).rejects.toMatchObject({ status: 403 });
		for (const scope of [{ sectors: ['banking'] }, { provinces: ['PK-PB'] }])
			await expect(change(1, { enabled: false }, scope)).rejects.toMatchObject({ status: 403 });
		await expect(change(1, { params: { grace: -1 } })).rejects.toMatchObject({
			status: 400,
			message: expect.stringContaining('params.grace') as string
		});
		await expect(change(1, { params: { nothing: 1 } })).rejects.toMatchObject({ status: 400 });
		expect(await change(1, { params: { grace: 600 }, priority: 'low' }, { name: 'Omar' })).toMatchObject({
			version: 2,
			by: 'Omar',
			priority: 'low',
			params: { grace: 600, hold: 5 }
		});
		await expect(change(1, { enabled: false })).rejects.toMatchObject({ status: 412, detail: { version: 2 } });
		await silent(5 * HOUR);
		await look();
		expect(await list()).toEqual([]);
		await silent(20 * HOUR);
		await look();
		expect((await list()).map((a) => a.priority)).toEqual(['low']);
		await change(2, { enabled: false });
		await look();
		await look(now() + 6 * 60);
		expect((await list())[0]).toMatchObject({ standing: 'returned' });
	});

	it('name constituents only to who may read all of them', async () => {
		await rule.change(stage.client, viewer(), 'cert-attacked', 1, { params: { organisations: ['Watchers Ltd'] } });
		const named = async (more: Partial<Viewer>) =>
			(await rule.list(stage.client, viewer(more))).flatMap((r) => (r.kind === 'cert' ? r.params.organisations : []));
		expect(await named({ role: 'operator' })).toEqual(['Watchers Ltd']);
		for (const more of [
			{ role: 'wall' },
			{ role: 'executive' },
			{ sectors: ['banking'] },
			{ provinces: ['PK-PB'] }
		] as const)
			expect(await named(more as Partial<Viewer>)).toEqual(['withheld']);
	});

	it('that cannot be read, or that fail, leave the others at work', async () => {
		await stage.client.sql`update rules set params = '{}' where slug = 'surge'`;
		await silent(DAY);
		await look();
		expect(await list()).toHaveLength(1);
		expect(complaints.splice(0)).toEqual([{ rule: 'surge', why: expect.stringContaining('sigma') as string }]);
	});
});

it('the rate of alarms counts what rang, for whoever may see it', async () => {
	await silent(DAY, 'green');
	await silent(DAY, 'red');
	await look();
	const rate = (clearance: Tlp) => alarm.rate(stage.client, viewer({ clearance }), now() + 30);
	expect(await rate('red')).toMatchObject({ day: 2, hour: 2, peak: 2, share: { medium: 1 } });
	expect(await rate('green')).toMatchObject({ day: 1, peak: 1 });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ALL } from '../../src/lib/core/judgement';
import { deviation } from '../../src/lib/core/usual';
import { Engine } from '../../src/lib/server/analysis/engine';
import type { Context, Step } from '../../src/lib/server/analysis/step';
import * as reattribute from '../../src/lib/server/ingest/reattribute';
import * as logs from '../../src/lib/server/ops/log';
import * as metrics from '../../src/lib/server/ops/metrics';
import { connect } from '../../src/lib/server/store/client';
import * as constituent from '../../src/lib/server/store/constituent';
import { Facets } from '../../src/lib/server/store/facet';
import * as judgement from '../../src/lib/server/store/judgement';
import * as log from '../../src/lib/server/store/log';
import * as usual from '../../src/lib/server/store/usual';
import * as verify from '../../src/lib/server/store/verify';
import { deliver, open, report, until, viewer, type Stage } from './stage';

/** Whoever judges knows each report once, whatever happens to processes, connections, the log and the reports. */

let stage: Stage;
const engines: Engine[] = [];
const DAY = 86_400;

beforeAll(async () => {
	stage = await open();
});
afterEach(async () => {
	await Promise.all(engines.splice(0).map((e) => e.close()));
	await stage.rest();
});
afterAll(() => stage.close());

/** An engine of a process of its own. */
function engine(steps: Step[] = [], keep = 70 * DAY) {
	const client = connect(stage.client.url, 2, 30);
	const gauges = metrics.open();
	const made = new Engine(
		{
			client,
			facets: new Facets(client.sql),
			reference: stage.reference,
			settings: { keep, exercise: true },
			log: logs.open('silent'),
			metrics: gauges
		},
		steps
	);
	const close = made.close.bind(made);
	let over: Promise<void> | undefined;
	made.close = () => (over ??= close().then(() => client.close()));
	engines.push(made);
	return made;
}
/** What is learned from equals the observations, and is as new as the log. */
async function exact(counted: number) {
	const { differences } = await verify.run(stage.client.sql);
	expect(differences).toEqual([]);
	const [all] = await stage.client.sql<{ n: number }[]>`select coalesce(sum(n), 0)::bigint as n from usual_cells`;
	expect(all!.n).toBe(counted);
	expect((await usual.mark(stage.client.sql))!.seq).toBe(await log.head(stage.client.sql));
}
const total = async (): Promise<number> =>
	(
		await stage.client.sql<
			{ n: number }[]
		>`select count(*) as n from observations where facet_id not in (select id from facets where class = 'test')`
	)[0]!.n;
const days = (n: number) => n * 24 * 60;

describe('what is learned from', () => {
	it('is made of the past, then follows the log: late reports, tests and all', async () => {
		const source = await stage.source();
		const other = await stage.source();
		const intake = stage.intake();
		await deliver(intake, source, [report(1), report(2), report(days(3)), report(days(69))]);
		await deliver(intake, other, [report(1), report(days(30)), report(1, { 'classification.type': 'test' })]);
		const one = engine();
		expect(await one.turn()).toBe(true);
		await exact(6);
		await deliver(intake, other, [report(0), report(days(60)), report(days(71))]);
		await one.turn();
		const [old] = await stage.client.sql<
			{ n: number }[]
		>`select count(*) as n from usual_cells where at < now() - interval '70 days 1 hour'`;
		expect(old!.n).toBe(0);
		await exact(8);
		// Kept for less, then for longer again: what was thrown away is counted anew.
		expect(await usual.forget(stage.client.sql, Date.now() / 1000 - 65 * DAY)).toBe(1);
		await exact(7);
		await one.turn();
		await exact(7);
		await one.close();
		await engine().turn();
		await exact(8);
	});

	it('moves with reports that are placed anew', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		const one = engine();
		await one.turn();
		const before = await total();
		await deliver(intake, source, [
			report(5, { 'source.ip': '203.0.113.9' }),
			report(days(4), { 'source.ip': '203.0.113.9' })
		]);
		await one.turn();
		await constituent.importCsv(
			stage.client,
			viewer(),
			stage.reference,
			'organisation,sector,province,assets\nBank,banking,PK-SD,203.0.113.0/24\n',
			{ size: 1 << 20, rows: 10 }
		);
		const done = await reattribute.run(stage.client, stage.reference, new Facets(stage.client.sql), {});
		expect(done.moved).toBeGreaterThanOrEqual(2);
		await one.turn();
		const placed = await stage.client.sql<{ n: number }[]>`
			select u.n from usual_cells u join facets f on f.id = u.facet_id where u.source_id = ${source} and f.province = 'PK-SD' and f.sector = 'banking'`;
		expect(placed.map((p) => p.n)).toEqual([1, 1]);
		const { differences } = await verify.run(stage.client.sql);
		expect(differences).toEqual([]);
		expect(await total()).toBe(before + 2);
	});

	it.each([
		['before its mark is moved', 'marks'],
		['between its mark and its counts', 'usual_cells']
	])('loses nothing and counts nothing twice when it is cut off %s', async (_, table) => {
		const { sql } = stage.client;
		const source = await stage.source();
		const intake = stage.intake();
		let one = engine();
		await one.turn();
		for (const who of ['the same', 'another']) {
			const reports = Array.from({ length: 40 }, (_, i) => report(i * 97));
			await deliver(intake, source, reports);
			// It waits for this lock, in the middle of its transaction, when its connection is ended.
			await sql.begin(async (tx) => {
				await tx.unsafe(`lock table ${table} in exclusive mode`);
				const turn = one.turn().then(
					() => 'done',
					() => 'cut off'
				);
				const [waiting] = await until(
					() => sql<{ pid: number }[]>`
						select l.pid from pg_locks l where not l.granted and l.relation = ${table}::regclass and l.database = (select oid from pg_database where datname = current_database())`,
					(rows) => rows.length > 0
				);
				await sql`select pg_terminate_backend(${waiting!.pid})`;
				expect(await turn).toBe('cut off');
			});
			expect((await usual.mark(sql))!.seq).toBeLessThan(await log.head(sql));
			if (who === 'another') {
				await one.close();
				one = engine();
			}
			await one.turn();
			expect((await usual.mark(sql))!.seq).toBe(await log.head(sql));
			expect((await verify.run(sql)).differences).toEqual([]);
		}
	});

	it('is counted anew when the log does not reach back to its mark, and when an entry does not name its source', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		const first = engine();
		await first.turn();
		await first.close();
		await deliver(intake, source, [report(1)]);
		await deliver(intake, source, [report(2)]);
		await stage.client.sql`delete from log where seq < (select seq from log_head)`;
		const second = engine();
		await second.turn();
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
		const [facet] = await stage.client.sql<{ id: number }[]>`select min(id) as id from facets`;
		await stage.client.sql.begin((tx) => log.append(tx, 'cells', { cells: [[60, facet!.id, 1]] }));
		await second.turn();
		expect(await usual.mark(stage.client.sql)).toBeUndefined();
		await second.turn();
		expect((await usual.mark(stage.client.sql))!.seq).toBe(await log.head(stage.client.sql));
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
	});

	it('is shown by verify when it is wrong', async () => {
		await engine().turn();
		await stage.client
			.sql`update usual_cells set n = n + 1 where (at, source_id, facet_id) = (select at, source_id, facet_id from usual_cells limit 1)`;
		const { differences } = await verify.run(stage.client.sql);
		expect(differences).toMatchObject([{ table: 'usual_cells', source: expect.stringMatching(/^source-/) }]);
		await usual.unmark(stage.client.sql);
	});
});

describe('the lead', () => {
	it('is with one at a time, and goes on when that one ends or loses its connection', async () => {
		const one = engine();
		const two = engine();
		expect(await one.turn()).toBe(true);
		expect(await two.turn()).toBe(false);
		await one.close();
		expect(await two.turn()).toBe(true);
		// The lock goes with its session; whoever asks first has it then.
		await stage.client.sql`
			select pg_terminate_backend(l.pid) from pg_locks l where locktype = 'advisory' and objid = 7407014 and granted and database = (select oid from pg_database where datname = current_database())`;
		const three = engine();
		expect(await three.turn()).toBe(true);
		expect(await two.turn().catch(() => false)).toBe(false);
		await deliver(stage.intake(), await stage.source(), [report(), report()]);
		await three.turn();
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
	});

	it('cannot be written with by who has lost it: the mark has moved', async () => {
		const head = await log.head(stage.client.sql);
		await engine().turn();
		const [facet] = await stage.client.sql<{ id: number }[]>`select min(id) as id from facets`;
		expect(await usual.add(stage.client.sql, head - 1, head, [[Date.now() / 1000, facet!.id, 5, 1]])).toBe(false);
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
	});
});

describe('a judgement', () => {
	it('is kept for each clearance, with what a burst was expected to be, and followed by every step', async () => {
		const source = await stage.source('green');
		const secret = await stage.source('red');
		const intake = stage.intake();
		const hourly = (n: number, from: number, tlp: string) =>
			Array.from({ length: 24 * 22 }, (_, h) =>
				Array.from({ length: n }, (_, i) =>
					report(from + h * 60 + 1 + i, {
						'classification.type': 'scanner',
						'extra.province': 'PK-PB',
						'extra.sector': 'health',
						'extra.tlp': tlp
					})
				)
			).flat();
		await deliver(intake, source, hourly(4, 60, 'green'));
		await deliver(intake, secret, hourly(4, 60, 'red'));
		// Of the last hour: usual for whoever sees green, and thirty more for whoever sees red.
		await deliver(intake, source, hourly(4, 0, 'green').slice(0, 4));
		await deliver(
			intake,
			secret,
			Array.from({ length: 34 }, (_, i) =>
				report(2 + i, {
					'classification.type': 'scanner',
					'extra.province': 'PK-PB',
					'extra.sector': 'health',
					'extra.tlp': 'red'
				})
			)
		);
		const seen: Context[] = [];
		const one = engine([
			{ name: 'broken', run: () => Promise.reject(new Error('broken')) },
			{ name: 'whole', run: async (context) => void seen.push(context) }
		]);
		let told = '';
		const { unlisten } = await stage.client.sql.listen(judgement.CHANNEL, (text) => (told = text));
		await one.turn();
		const kept = await judgement.latest(stage.client.sql);
		expect(kept.seq).toBe(await log.head(stage.client.sql));
		expect(kept.at % 60).toBe(0);
		expect(Date.now() / 1000 - kept.at).toBeLessThan(120);
		const find = (rank: number) =>
			kept.rows.get(rank)!.find((r) => r[0] === 'now' && r[2] === 'PK-PB' && r[3] === 'health' && r[4] === ALL)!;
		const green = find(1);
		expect(green.slice(5, 6)).toEqual([4]);
		expect(green[8]).toBe('judged');
		expect(Math.abs(deviation(green[5], { mean: green[6], variance: green[7] }))).toBeLessThan(2);
		const red = find(4);
		expect(red[5]).toBe(38);
		expect(deviation(red[5], { mean: red[6], variance: red[7] })).toBeGreaterThan(5);
		expect(find(3)).toEqual(green);
		expect(seen).toMatchObject([{ now: kept.at, exercise: true }]);
		expect(one.work.metrics.stepErrors).toBeDefined();
		for (let i = 0; i < 100 && !told; i++) await new Promise((soon) => setTimeout(soon, 10));
		expect(told).toBe(String(kept.at));
		await unlisten();
		// Once a minute: another turn in the same one judges nothing.
		await one.turn();
		expect(seen.length).toBeLessThanOrEqual(2);
	});
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as incident from '../../src/lib/server/store/incident';
import * as log from '../../src/lib/server/store/log';
import * as verify from '../../src/lib/server/store/verify';
import { deliver, open, report, viewer, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
	stage = await open();
});
afterEach(() => stage.rest());
afterAll(() => stage.close());

describe('the log', () => {
	it('shows a reader every number in its order and none before the one before it, whoever writes', async () => {
		const sources = await Promise.all([stage.source(), stage.source()]);
		let writing = true;
		const first = await log.head(stage.client.sql);
		const readers = Array.from({ length: 3 }, async () => {
			const sql = stage.client.open(1, 30);
			const seen: number[] = [];
			for (let last = first, over = false; !over;) {
				over = !writing;
				// Not from the last one on, but all of them: a row that appears late among earlier ones would show.
				const rows = await sql<{ seq: number }[]>`select seq from log where seq > ${first} order by seq`;
				expect(rows.map((r) => r.seq)).toEqual(Array.from({ length: rows.length }, (_, i) => first + 1 + i));
				const head = first + rows.length;
				expect(head).toBeGreaterThanOrEqual(last);
				seen.push(head - last);
				last = head;
			}
			await sql.end();
			return seen;
		});
		const intakes = [stage.intake(), stage.intake(), stage.intake()];
		await Promise.all([
			...intakes.map(async (intake, i) => {
				for (let n = 0; n < 40; n++)
					await deliver(
						intake,
						sources[(i + n) % 2]!,
						Array.from({ length: 1 + (n % 5) }, () => report(n))
					);
			}),
			(async () => {
				for (let n = 0; n < 40; n++) {
					const made = await incident.open(
						stage.client,
						viewer(),
						{ title: `Case ${n}`, type: 'phishing' },
						stage.rules
					);
					await incident.change(stage.client, viewer(), made.id, 1, { status: 'triage' }, stage.rules);
				}
			})()
		]);
		writing = false;
		for (const seen of await Promise.all(readers)) {
			expect(seen.reduce((a, b) => a + b)).toBe((await log.head(stage.client.sql)) - first);
			expect(seen.filter((n) => n > 0).length, 'times that a reader saw something new').toBeGreaterThan(5);
		}
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
	});

	it('is waited for by a writer that comes later, and has no number of one that gives up', async () => {
		const before = await log.head(stage.client.sql);
		const order: string[] = [];
		const write = (name: string, hold: Promise<void>, fail = false) =>
			stage.client.sql
				.begin(async (tx) => {
					const seq = await log.append(tx, 'level', {});
					order.push(`${name} ${seq - before}`);
					await hold;
					if (fail) throw new Error('given up');
				})
				.catch(() => order.push(`${name} gone`));
		let go = () => {};
		const a = write('a', new Promise((done) => (go = done)), true);
		const b = new Promise<void>((done) => setTimeout(done, 100)).then(() => write('b', Promise.resolve()));
		await new Promise((done) => setTimeout(done, 300));
		expect([order, await log.head(stage.client.sql)]).toEqual([['a 1'], before]);
		go();
		await Promise.all([a, b]);
		expect(order.sort()).toEqual(['a 1', 'a gone', 'b 1']);
		expect(await log.head(stage.client.sql)).toBe(before + 1);
	});

	it('is read in pages, from any number, and nothing from its end on', async () => {
		const head = await log.head(stage.client.sql);
		const all = await log.after(stage.client.sql, 0, 10_000);
		const pages: number[] = [];
		for (let at = 0; ;) {
			const page = await log.after(stage.client.sql, at, 7);
			if (!page.length) break;
			pages.push(...page.map((e) => e.seq));
			at = pages.at(-1)!;
		}
		expect(pages).toEqual(all.map((e) => e.seq));
		expect(pages.at(-1)).toBe(head);
		expect(await log.after(stage.client.sql, head, 10)).toEqual([]);
	});
});

describe('what was answered', () => {
	it('is there after the connection of the writer is cut in the middle, and nothing is there twice', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		const admin = stage.client.open(1, 30);
		let working = true;
		let cuts = 0;
		const cutter = (async () => {
			while (working) {
				await new Promise((wait) => setTimeout(wait, 150));
				// The writer is the one that has temporary tables, or is in a transaction of its own.
				cuts += (
					await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query ~ 'stage|cells_|batches' and state <> 'idle'`
				).length;
			}
		})();
		const records = Array.from({ length: 24_000 }, (_, i) => report(i % 3000));
		const answers = await Promise.all(
			Array.from({ length: 8 }, (_, i) =>
				deliver(intake, source, records.slice(i * 3000, i * 3000 + 3000)).catch(() => null)
			)
		);
		working = false;
		await cutter;
		await admin.end();
		const failed = answers.filter((a) => !a).length;
		const answered = answers.reduce((n, a) => n + (a ? a.accepted + a.duplicates : 0), 0);
		expect(cuts).toBeGreaterThan(0);
		expect(answered).toBe((8 - failed) * 3000);
		const [row] = await stage.client.sql<
			{ n: number }[]
		>`select count(*)::int as n from observations where source_id = ${source}`;
		expect(row!.n).toBeGreaterThanOrEqual(answered);
		await deliver(intake, source, records);
		expect(
			await stage.client.sql`select count(*)::int as n from observations where source_id = ${source}`
		).toMatchObject([{ n: 24_000 }]);
		expect((await verify.run(stage.client.sql)).differences).toEqual([]);
	});

	it('says whether it reaches back to a number: not when what came after has been removed, nor to one that is still to come', async () => {
		const { sql } = stage.client;
		await deliver(stage.intake(), await stage.source(), [report(1)]);
		const head = await log.head(sql);
		expect([await log.reaches(sql, head), await log.reaches(sql, head - 1), await log.reaches(sql, head + 1)]).toEqual([
			true,
			true,
			false
		]);
		await sql`delete from log`;
		expect([await log.reaches(sql, head), await log.reaches(sql, head - 1)]).toEqual([true, false]);
	});
});

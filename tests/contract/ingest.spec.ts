import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/lib/server/ingest/ingest';
import * as aggregate from '../../src/lib/server/store/aggregate';
import * as log from '../../src/lib/server/store/log';
import * as quarantine from '../../src/lib/server/store/quarantine';
import * as verify from '../../src/lib/server/store/verify';
import { body, deliver, ndjson, open, report, until, viewer, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
	stage = await open();
});
afterEach(() => stage.rest());
afterAll(() => stage.close());

const day = { from: Date.now() / 1000 - 40 * 86_400, to: Date.now() / 1000 + 3600 };
const total = async (source: string) =>
	(await aggregate.run(stage.client, viewer(), { by: ['province'], ...day, source })).total;
const clean = async () => expect((await verify.run(stage.client.sql)).differences).toEqual([]);
const slug = async (id: number) =>
	(await stage.client.sql<{ slug: string }[]>`select slug from sources where id = ${id}`)[0]!.slug;
/** Reports of some days, some of them twice, broken, or tests. */
const mixed = (n: number) =>
	Array.from({ length: n }, (_, i) => {
		if (i % 50 === 0) return i % 100 ? '{not json' + i : report(0, { 'classification.type': `no-such-type-${i}` });
		if (i % 33 === 0) return report(i, { 'classification.type': 'test' });
		return report(i * 7, {
			'extra.province': ['PK-PB', 'PK-SD', 'nwfp', undefined][i % 4],
			'extra.sector': ['telecom', 'Banking', undefined][i % 3],
			'extra.tlp': ['clear', 'green', 'amber', 'TLP:RED'][i % 4]
		});
	});

describe('a delivery', () => {
	it('counts each record once as accepted, duplicate, quarantined or ignored', async () => {
		const records = mixed(3000);
		records.push(...records.slice(100, 200));
		const source = await stage.source();
		const got = await deliver(stage.intake(), source, records);
		expect(got.accepted + got.duplicates + got.quarantined + got.ignored).toBe(records.length);
		expect([got.accepted, got.duplicates]).toEqual([2940, 98]);
		expect(got.kinds).toEqual({ observation: 2940 });
		expect(await total(await slug(source))).toBe(
			2940 - Array.from({ length: 3000 }, (_, i) => i).filter((i) => i % 33 === 0 && i % 50 !== 0).length
		);
		await clean();
	});

	it('gives the same counts in one piece and in a hundred, and nothing new when it is sent again', async () => {
		const records = mixed(5000);
		const text = ndjson(records);
		const counts = async (source: number, bytes: AsyncIterable<Uint8Array>) => {
			const { accepted, duplicates, quarantined, ignored } = await stage
				.intake()
				.deliver(source, { bytes, contentType: 'application/x-ndjson' });
			return { accepted, duplicates, quarantined, ignored };
		};
		const [a, b] = [await stage.source(), await stage.source()];
		const whole = await counts(a, body(text));
		expect(await counts(b, body(text, Math.ceil(Buffer.byteLength(text) / 100)))).toEqual(whole);
		expect(await counts(a, body(text, 777))).toEqual({ ...whole, accepted: 0, duplicates: whole.accepted });
		expect(await total(await slug(b))).toBe(await total(await slug(a)));
		await clean();
	});

	it('counts once what two processes take at the same time, in whatever order, and both finish', async () => {
		const source = await stage.source();
		const records = mixed(4000);
		const intakes = [stage.intake(), stage.intake(), stage.intake()];
		const orders = [records, [...records].reverse(), [...records.slice(2000), ...records.slice(0, 2000)]];
		const got = await Promise.all(
			intakes.flatMap((intake, i) => [
				deliver(intake, source, orders[i]!),
				deliver(intake, source, orders[(i + 1) % 3]!)
			])
		);
		const sum = (of: (d: (typeof got)[number]) => number) => got.reduce((n, d) => n + of(d), 0);
		const held = records.filter((_, i) => i % 50 === 0).length;
		expect(sum((d) => d.accepted)).toBe(4000 - held);
		expect(sum((d) => d.duplicates)).toBe(5 * (4000 - held));
		expect(sum((d) => d.quarantined)).toBe(6 * held);
		const [row] = await stage.client
			.sql`select accepted::int, duplicates::int, quarantined::int from sources where id = ${source}`;
		expect(row).toEqual({ accepted: 4000 - held, duplicates: 5 * (4000 - held), quarantined: 6 * held });
		await clean();
	});

	it('is one entry of the log a commit, and the entry says what the cells gained', async () => {
		const source = await stage.source();
		const before = await log.head(stage.client.sql);
		const { seq } = await deliver(stage.intake(), source, [
			report(),
			report(),
			report(0, { 'classification.type': 'test' })
		]);
		const entries = await log.after(stage.client.sql, before, 10);
		expect([entries.length, entries[0]!.seq]).toEqual([1, seq]);
		expect(entries[0]!.payload.cells!.reduce((n, c) => n + c[2], 0)).toBe(2);
		const again = await deliver(stage.intake(), source, []);
		expect(again).toMatchObject({ accepted: 0, duplicates: 0, quarantined: 0 });
		expect(again.seq).toBeGreaterThan(seq);
	});

	it('that breaks in the middle says what had been taken before, and has taken it', async () => {
		const source = await stage.source();
		const text = `[${Array.from({ length: 2500 }, () => JSON.stringify(report())).join(',')},{"a":`;
		const failure = await stage
			.intake()
			.deliver(source, { bytes: body(text, 5000), contentType: 'application/json' })
			.catch((e: unknown) => e);
		expect(failure).toMatchObject({ code: 'broken_envelope', status: 400, detail: { line: 2501 } });
		const { accepted } = (failure as { detail: { accepted: number } }).detail;
		expect(await total(await slug(source))).toBe(accepted);
		await clean();
	});

	it('of an unknown format, of an unknown source, or after the end is refused', async () => {
		const intake = stage.intake();
		const source = await stage.source();
		const text = () => ({ bytes: body(ndjson([report()])), contentType: 'text/plain' });
		await expect(intake.deliver(source, { ...text(), format: 'constructor' })).rejects.toMatchObject({
			status: 415,
			code: 'unknown_format'
		});
		await expect(intake.deliver(999_999, text())).rejects.toMatchObject({ status: 404 });
		await intake.close();
		await expect(intake.deliver(source, text())).rejects.toMatchObject({ status: 503 });
	});

	it('is refused while too much waits, and what waited is taken when it can be', async () => {
		const source = await stage.source();
		const intake = stage.intake(undefined, { WATCHFLOOR_MAX_QUEUE: 200_000 });
		const extra: Promise<unknown>[] = [];
		const busy = () => {
			const one = deliver(intake, source, [report()]).catch((e: { code: string; status: number; detail: object }) => [
				e.code,
				e.status,
				e.detail
			]);
			extra.push(one);
			return Promise.race([one, new Promise((go) => setTimeout(() => go('waits'), 50))]);
		};
		const gate = stage.client.open(1, 60);
		let slow: Promise<Delivery> | undefined;
		await gate.begin(async (tx) => {
			await tx`select seq from log_head for update`;
			slow = deliver(
				intake,
				source,
				Array.from({ length: 6000 }, () => report())
			);
			expect(await until(busy, Array.isArray)).toEqual(['busy', 429, { retryAfter: 1 }]);
		});
		await gate.end();
		expect((await slow)?.accepted).toBe(6000);
		const taken = (await Promise.all(extra)).filter((a) => !Array.isArray(a)).length;
		expect(await total(await slug(source))).toBe(6000 + taken);
	});
});

describe('quarantine', () => {
	const held = (source: string, who = viewer()) => quarantine.list(stage.client, who, { source, limit: 100 });

	it('holds a record once, however often it is sent, as it came, byte by byte, and says when and why', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0, 0xff, 0xc3, 0x28]), Buffer.from('" nothing}')]);
		for (let i = 0; i < 3; i++) await intake.deliver(source, { bytes: body(bytes), contentType: 'text/plain' });
		const { records } = await held(await slug(source));
		expect(records).toMatchObject([{ times: 3, line: 1, path: '', code: 'not_json', tlp: 'red' }]);
		expect((await quarantine.raw(stage.client, viewer(), records[0]!.id)).raw).toEqual(bytes);
	});

	it('takes a record again after a fix: once', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		await deliver(intake, source, [
			report(0, { 'classification.type': 'brand-new' }),
			report(0, { 'classification.type': 'brand-new-too' })
		]);
		const name = await slug(source);
		const { records } = await held(name);
		const [first, second] = ['"brand-new"', '"brand-new-too"'].map((type) =>
			records.find((r) => r.reason.includes(type))
		);
		expect(await intake.retry(viewer(), first!.id)).toMatchObject({ result: 'quarantined' });
		stage.reference.type.set('brand-new', stage.reference.type.get('phishing')!);
		try {
			expect(await intake.retry(viewer(), first!.id)).toEqual({ id: first!.id, result: 'accepted' });
			await expect(intake.retry(viewer(), first!.id)).rejects.toMatchObject({ status: 404 });
		} finally {
			stage.reference.type.delete('brand-new');
		}
		expect((await held(name)).records.map((r) => r.id)).toEqual([second!.id]);
		expect(await total(name)).toBe(1);
		expect(await stage.client.sql`select action from audit where subject = ${String(first!.id)}`).toMatchObject([
			{ action: 'quarantine.retry' }
		]);
		await clean();
	});

	it('shows a record only within the TLP that it states, and never to a viewer with a scope', async () => {
		const source = await stage.source('clear');
		await deliver(stage.intake(), source, [
			report(0, { 'source.ip': 'x', 'extra.tlp': 'amber' }),
			report(0, { 'source.ip': 'y', 'extra.tlp': 'clear' }),
			'{broken'
		]);
		const name = await slug(source);
		const see = async (who: Parameters<typeof viewer>[0]) =>
			(await held(name, viewer(who))).records.map((r) => r.tlp).sort();
		expect(await see({})).toEqual(['amber', 'clear', 'red']);
		expect(await see({ clearance: 'green' })).toEqual(['clear']);
		expect(await see({ sectors: ['telecom'] })).toEqual([]);
		await expect(see({ role: 'wall' })).rejects.toMatchObject({ status: 403 });
		const [red] = (await held(name)).records.filter((r) => r.tlp === 'red');
		await expect(stage.intake().retry(viewer({ clearance: 'amber' }), red!.id)).rejects.toMatchObject({ status: 404 });
	});
});

describe('whatever comes', () => {
	/** A good report with something done to it. */
	const mutated = fc
		.tuple(
			fc.constantFrom(
				...Object.keys(report()),
				'extra.province',
				'extra.sector',
				'extra.severity',
				'destination.ip',
				'source.url',
				'time.observation',
				'extra',
				'__proto__',
				'a\u0000b'
			),
			fc.oneof(
				fc.jsonValue({ maxDepth: 3 }),
				fc.string({ unit: 'binary', maxLength: 30 }),
				fc.constantFrom(
					'PK-PB',
					'amber',
					'9.8',
					'::1',
					'2026-11-01T00:00:00Z',
					1e308,
					-0,
					'\ud800',
					'\0',
					'x'.repeat(5000)
				)
			)
		)
		.map(([k, v]) => JSON.stringify({ ...report(Math.random() * 5000), [k]: v }));
	const scratched = fc
		.tuple(mutated, fc.nat(300), fc.string({ unit: 'binary', maxLength: 4 }))
		.map(([text, at, junk]) => text.slice(0, at) + junk.replaceAll('\n', '') + text.slice(at + junk.length));
	const lines = fc.array(
		fc.oneof(
			{ weight: 6, arbitrary: mutated },
			{ weight: 3, arbitrary: scratched },
			{ weight: 1, arbitrary: fc.json({ maxDepth: 4 }) }
		),
		{ minLength: 2000, maxLength: 2000, size: 'max' }
	);

	it('twenty-four thousand mutated records are each accounted for, and the counts are right', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		let sent = 0;
		const sums = { accepted: 0, duplicates: 0, quarantined: 0, ignored: 0 };
		for (const records of fc.sample(lines, { numRuns: 12, seed: 7 })) {
			const present = records.filter((r) => /[^\s]/.test(r) && !/^[ \t\r]*$/.test(r));
			const got = await deliver(intake, source, records.join('\n') + '\n');
			expect(got.accepted + got.duplicates + got.quarantined + got.ignored).toBe(present.length);
			sent += present.length;
			for (const k of Object.keys(sums) as (keyof typeof sums)[]) sums[k] += got[k];
		}
		expect(sent).toBeGreaterThan(20_000);
		expect(Math.min(sums.accepted, sums.quarantined)).toBeGreaterThan(3000);
		const [row] = await stage.client
			.sql`select (select count(*)::int from observations where source_id = ${source}) as stored, (select sum(times)::int from quarantine where source_id = ${source}) as held, (select count(*)::int from quarantine where source_id = ${source} and (reason = '' or code = '')) as mute`;
		expect(row).toMatchObject({ stored: sums.accepted, mute: 0 });
		await clean();
	});

	it('any bytes at all get an answer', async () => {
		const source = await stage.source();
		const intake = stage.intake();
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, json) => {
				const got = await intake
					.deliver(source, { bytes: body(bytes, 7), contentType: json ? 'application/json' : 'text/plain' })
					.catch((e: { status: number }) => e.status);
				expect(typeof got === 'number' ? got : 200).toBeLessThan(500);
			}),
			{ numRuns: 150 }
		);
		await deliver(intake, source, gzipSync('not unpacked').toString('latin1'));
	});
});

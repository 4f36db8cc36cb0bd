import {
	appendFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { fetch, fetching, ground, row } from './fetching';
import { open, ndjson, report, until, type Stage } from './stage';

let stage: Stage;
let ingest: Ingest;
let dir: string;
const reports = (n: number) => ndjson(Array.from({ length: n }, () => report()));
const put = (name: string, bytes: string | Buffer) => writeFileSync(join(dir, name), bytes);

beforeAll(async () => {
	stage = await open();
	ingest = stage.intake(stage.client);
});
afterAll(() => stage.close());
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'watchfloor-folder-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A source that takes files which have not changed for a second. */
const source = (base = ground(stage, ingest)) =>
	fetching(stage, base, 'intelmq', { kind: 'folder', path: dir, settle: 1 });
const settled = () => new Promise((done) => setTimeout(done, 1100));

describe('a watched folder', () => {
	it('delivers each file once, those of folders in it and packed ones too, and leaves them as they are', async () => {
		const text = reports(3);
		put('a.jsonl', text);
		put('b.jsonl.gz', gzipSync(reports(2)));
		mkdirSync(join(dir, '2026'));
		put('2026/c.jsonl', reports(4));
		put('d.jsonl.part', reports(1));
		put('.e.jsonl', reports(1));
		const base = ground(stage, ingest);
		const id = await source(base);
		await settled();
		expect(await fetch(base, id)).toMatchObject({ accepted: 9, bodies: 3, failed: false, error: null });
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, failed: false });
		expect(readFileSync(join(dir, 'a.jsonl'), 'utf8')).toBe(text);
	});

	it('waits until a file is complete, also when its time was set back', async () => {
		put('a.jsonl', reports(1));
		utimesSync(join(dir, 'a.jsonl'), new Date('2020-01-01'), new Date('2020-01-01'));
		const base = ground(stage, ingest);
		const id = await source(base);
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, failed: false });
		await settled();
		expect(await fetch(base, id)).toMatchObject({ accepted: 1 });
		appendFileSync(join(dir, 'a.jsonl'), reports(1));
		expect(await fetch(base, id)).toMatchObject({ bodies: 0 });
		await settled();
		expect(await fetch(base, id)).toMatchObject({ accepted: 1, duplicates: 1 });
	});

	it('does not take a file as done that grows while it is read', async () => {
		put('a.jsonl', reports(1));
		const growing = {
			deliver: (...[to, body]: Parameters<Ingest['deliver']>) =>
				ingest.deliver(to, {
					...body,
					bytes: (async function* () {
						appendFileSync(join(dir, 'a.jsonl'), reports(1));
						yield* body.bytes;
					})()
				})
		};
		const base = ground(stage, growing);
		const id = await source(base);
		await settled();
		expect(await fetch(base, id)).toMatchObject({
			failed: false,
			error: expect.stringContaining('read again') as string
		});
		await settled();
		await fetch(ground(stage, ingest), id);
		const [n] = await stage.client.sql<{ n: number }[]>`select count(*) as n from observations where source_id = ${id}`;
		expect(n!.n).toBe(2);
	});

	it('follows no link out of the folder, and says so', async () => {
		const outside = mkdtempSync(join(tmpdir(), 'watchfloor-outside-'));
		try {
			writeFileSync(join(outside, 'secret.jsonl'), reports(1));
			symlinkSync(join(outside, 'secret.jsonl'), join(dir, 'link.jsonl'));
			symlinkSync(outside, join(dir, 'links'));
			put('good.jsonl', reports(1));
			const base = ground(stage, ingest);
			const id = await source(base);
			await settled();
			const outcome = await fetch(base, id);
			expect(outcome).toMatchObject({ accepted: 1, bodies: 1, failed: false });
			expect(outcome.error).toMatch(/leads out of the folder\. And 1 more/);
		} finally {
			rmSync(outside, { recursive: true, force: true });
		}
	});

	it('delivers the others when one cannot be read, and does not ask for that again until it changes', async () => {
		put('a.jsonl.gz', gzipSync(reports(50)).subarray(0, 200));
		put('b.jsonl', reports(2));
		const base = ground(stage, ingest);
		const id = await source(base);
		await settled();
		expect(await fetch(base, id)).toMatchObject({
			accepted: expect.any(Number) as number,
			failed: false,
			error: expect.stringContaining('a.jsonl.gz: ') as string
		});
		expect(await fetch(base, id)).toMatchObject({ bodies: 0, error: null });
	});

	it('says when a file is too large, and takes it when it may be', async () => {
		put('a.jsonl', reports(100));
		const small = ground(stage, ingest, { limits: { size: 1000, document: 1000, connect: 5, idle: 5, time: 30 } });
		const id = await source(small);
		await settled();
		expect(await fetch(small, id)).toMatchObject({
			failed: false,
			error: expect.stringContaining('WATCHFLOOR_FETCH_SIZE') as string
		});
		await fetch(ground(stage, ingest), id);
		const [n] = await stage.client.sql<{ n: number }[]>`select count(*) as n from observations where source_id = ${id}`;
		expect(n!.n).toBe(100);
	});

	it('that is not there is an error in words', async () => {
		const base = ground(stage, ingest);
		const id = await source(base);
		rmSync(dir, { recursive: true });
		expect(await fetch(base, id)).toMatchObject({ failed: true, error: `The folder ${dir} cannot be read.` });
		await until(
			async () => (await row(stage, id)).failures,
			(n) => n === 1
		);
	});
});

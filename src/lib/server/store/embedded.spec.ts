import { spawn, type ChildProcess } from 'node:child_process';
import {
	chmodSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import postgres from 'postgres';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { open, type Embedded } from './embedded';
import { running } from './embedded/cluster';
import { alive, inside, until } from './embedded/process';

// Other processes cannot import TypeScript: they get a bundle, at a place where it finds its packages.
const bundle = resolve('node_modules/.cache', `embedded-${process.pid}.mjs`);

let dir: string;
const children: ChildProcess[] = [];
const opened: Embedded[] = [];

beforeAll(async () => {
	const build = await rolldown({
		input: resolve('src/lib/server/store/embedded.ts'),
		platform: 'node',
		external: /^[^./]/,
		tsconfig: false
	});
	await build.write({ file: bundle, format: 'esm' });
});
afterAll(() => rmSync(bundle, { force: true }));

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'embedded-'));
});
afterEach(async () => {
	for (const child of children.splice(0)) if (alive(child.pid ?? 0)) process.kill(-(child.pid ?? 0), 'SIGKILL');
	for (const one of opened.splice(0)) await one.close();
	await until(() => inside(join(dir, 'postgres')).length === 0, 20_000);
	expect(inside(join(dir, 'postgres'))).toEqual([]);
	rmSync(dir, { recursive: true, force: true });
});

async function here(): Promise<Embedded> {
	const one = await open(dir);
	opened.push(one);
	return one;
}

/** A process in a group of its own that has opened the database, and stays. */
async function elsewhere(then = ''): Promise<{ child: ChildProcess; url: string; started: boolean }> {
	const code = `import { open } from ${JSON.stringify(pathToFileURL(bundle).href)};
		const db = await open(${JSON.stringify(dir)});
		process.on('SIGUSR2', () => db.close().then(() => process.exit(0)));
		setInterval(() => {}, 1000);
		${then}
		console.log(JSON.stringify({ url: db.url, started: db.started }));`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
		detached: true,
		stdio: ['ignore', 'pipe', 'inherit']
	});
	children.push(child);
	const line = await new Promise<string>((done, fail) => {
		createInterface({ input: child.stdout! }).once('line', done);
		child.once('exit', () => fail(new Error('the other process ended')));
	});
	return { child, ...(JSON.parse(line) as { url: string; started: boolean }) };
}

async function ask<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
	const sql = postgres(url, { max: 1, onnotice: () => {} });
	try {
		return await work(sql);
	} finally {
		await sql.end();
	}
}

const postmaster = () => running(join(dir, 'postgres'))?.pid ?? 0;
const guard = () => Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${postmaster()}/stat`, 'utf8'))?.[1]);

/** A process that does nothing, or one that has ended and that nobody reaps. */
async function stranger(kind: 'live' | 'zombie'): Promise<number> {
	const child = spawn('sh', ['-c', kind === 'live' ? 'echo $$; exec sleep 600' : 'sleep 0 & echo $!; exec sleep 600'], {
		detached: true,
		stdio: ['ignore', 'pipe', 'ignore']
	});
	children.push(child);
	const pid = Number(await new Promise<string>((done) => createInterface({ input: child.stdout! }).once('line', done)));
	if (kind === 'zombie') {
		await until(() => !alive(pid), 5000);
		process.kill(pid, 0); // it exists
	}
	return pid;
}

describe('an embedded database', () => {
	test('starts, and its role owns a database but is no superuser', async () => {
		const { url, started } = await here();
		expect(started).toBe(true);
		const [row] = await ask(
			url,
			(sql) =>
				sql`select current_database() as base, current_user as role, rolsuper as super, current_setting('data_checksums') as sums from pg_roles where rolname = current_user`
		);
		expect(row).toEqual({ base: 'watchfloor', role: 'watchfloor', super: false, sums: 'on' });
	});

	test('keeps its password in one file that only its owner may read', async () => {
		const { url } = await here();
		const password = new URL(url).password;
		expect(password).toMatch(/^[0-9a-f]{48}$/);
		expect(statSync(join(dir, 'postgres.secret')).mode & 0o777).toBe(0o600);
		expect(readFileSync(join(dir, 'postgres.log'), 'utf8')).not.toContain(password);
		expect(readdirSync(join(dir, 'postgres.run')).filter((name) => !name.startsWith('users.'))).toEqual([]);
		await expect(ask(url.replace(password, 'x'.repeat(48)), (sql) => sql`select 1`)).rejects.toThrow(/password/);
	});

	test('is joined by others, and ends with the last one', async () => {
		const first = await elsewhere();
		const second = await here();
		expect([first.started, second.started]).toEqual([true, false]);
		expect(second.url).toBe(first.url);
		const gone = new Promise((done) => first.child.once('exit', done));
		first.child.kill('SIGUSR2');
		await gone;
		expect(await ask(second.url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
		await second.close();
		expect(postmaster()).toBe(0);
		expect(inside(join(dir, 'postgres'))).toEqual([]);
	});

	test('is started once by processes that open it at the same time', async () => {
		const all = await Promise.all([elsewhere(), elsewhere(), elsewhere(), here()]);
		expect(all.filter((one) => one.started)).toHaveLength(1);
		expect(new Set(all.map((one) => one.url)).size).toBe(1);
	});

	test('can be opened again at once after each clean end, with what was written', async () => {
		for (let n = 0; n < 5; n++) {
			const { url, close } = await here();
			await ask(url, async (sql) => {
				await sql`create table if not exists kept (n integer)`;
				await sql`insert into kept values (${n})`;
			});
			await close();
		}
		const { url } = await here();
		expect(await ask(url, (sql) => sql`select count(*)::int as n from kept`)).toEqual([{ n: 5 }]);
	});

	test('outlives a Ctrl-C that its starter survives', async () => {
		const { child, url } = await elsewhere(`process.on('SIGINT', () => {}); process.on('SIGHUP', () => {});`);
		process.kill(-(child.pid ?? 0), 'SIGINT');
		process.kill(-(child.pid ?? 0), 'SIGHUP');
		await until(() => false, 500);
		expect(await ask(url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
	});

	test('ends by itself when its only process is killed', async () => {
		const { child } = await elsewhere();
		const pid = postmaster();
		process.kill(child.pid ?? 0, 'SIGKILL');
		expect(await until(() => !alive(pid), 5000)).toBe(true);
	});

	test('stays for the others when the process that started it is killed', async () => {
		const { child } = await elsewhere();
		const { url } = await here();
		process.kill(-(child.pid ?? 0), 'SIGKILL');
		await until(() => false, 500);
		expect(await ask(url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
	});
});

describe('after a crash', () => {
	test('of the process group, the next start finds every commit', async () => {
		const { child, url } = await elsewhere();
		const sql = postgres(url, { max: 1 });
		await sql`create table kept as select generate_series(1, 100000) as n`;
		process.kill(-(child.pid ?? 0), 'SIGKILL');
		const again = await here();
		expect(await ask(again.url, (sql) => sql`select count(*)::int as n from kept`)).toEqual([{ n: 100_000 }]);
		await sql.end({ timeout: 1 });
	});

	test.runIf(process.platform === 'linux')('of everything, PostgreSQL and its guard included, too', async () => {
		const { child, url } = await elsewhere();
		const sql = postgres(url, { max: 1 });
		await sql`create table kept as select generate_series(1, 100000) as n`;
		const busy = sql`select pg_sleep(600)`.catch(() => {});
		await until(() => false, 100);
		for (const pid of [-(child.pid ?? 0), guard(), ...inside(join(dir, 'postgres'))]) process.kill(pid, 'SIGKILL');
		const again = await here();
		expect(again.started).toBe(true);
		expect(await ask(again.url, (sql) => sql`select count(*)::int as n from kept`)).toEqual([{ n: 100_000 }]);
		await busy;
		await sql.end({ timeout: 1 });
	});

	test.runIf(process.platform === 'linux')('of PostgreSQL alone, with queries under way, too', async () => {
		const { url } = await elsewhere();
		const sql = postgres(url, { max: 1 });
		const busy = sql`select pg_sleep(600)`.catch(() => {});
		await until(() => false, 100);
		process.kill(postmaster(), 'SIGKILL');
		const again = await here();
		expect(again.started).toBe(true);
		await busy;
		await sql.end({ timeout: 1 });
	});

	test.runIf(process.platform === 'linux')(
		'of the guard alone, its PostgreSQL is ended and a new one is started',
		async () => {
			await elsewhere();
			const before = postmaster();
			process.kill(guard(), 'SIGKILL');
			expect((await here()).started).toBe(true);
			expect(alive(before)).toBe(false);
		}
	);

	for (const kind of ['zombie', 'live'] as const)
		test(`a postmaster.pid that names a ${kind === 'zombie' ? 'zombie' : 'process of another program'} is in nobody's way`, async () => {
			await (await here()).close();
			const pid = await stranger(kind);
			const cluster = join(dir, 'postgres');
			writeFileSync(
				join(cluster, 'postmaster.pid'),
				`${pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n  1234567         1\nready   \n`
			);
			const again = await here();
			expect(again.started).toBe(true);
			expect(alive(pid)).toBe(kind === 'live');
		});

	test('of the making of the cluster, the half of it is thrown away', async () => {
		await (await here()).close();
		rmSync(join(dir, 'postgres'), { recursive: true });
		const half = join(dir, 'postgres.new-123456');
		writeFileSync(half, '');
		expect((await here()).started).toBe(true);
		expect(existsSync(half)).toBe(false);
	});
});

describe('what cannot be mended is said in one line', () => {
	test('a damaged cluster, with what PostgreSQL said about it', async () => {
		const { url, close } = await here();
		await close();
		writeFileSync(join(dir, 'postgres/global/pg_control'), 'nonsense');
		const error = await open(dir).then(
			() => null,
			(e: Error) => e.message
		);
		expect(error).toMatch(/^PostgreSQL did not start: .*(pg_control|control file)/i);
		expect(error).not.toContain('\n');
		expect(error).not.toContain(new URL(url).password);
	});

	test('a cluster of another version', async () => {
		await (await here()).close();
		writeFileSync(join(dir, 'postgres/PG_VERSION'), '15\n');
		await expect(open(dir)).rejects.toThrow(/is of PostgreSQL 15/);
	});

	test('something else in its place', async () => {
		writeFileSync(join(dir, 'postgres'), '');
		await expect(open(dir)).rejects.toThrow(/is not a database/);
	});

	test.runIf(process.getuid?.() === 0)('as root below a closed directory it works all the same', async () => {
		const closed = dir;
		chmodSync(closed, 0o700);
		dir = join(closed, 'data');
		expect((await here()).started).toBe(true);
		for (const one of opened.splice(0)) await one.close();
		dir = closed;
	});
});

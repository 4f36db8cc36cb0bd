import { createHash } from 'node:crypto';
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import * as binaries from './embedded/binaries';
import * as cluster from './embedded/cluster';
import * as lease from './embedded/lease';
import * as lock from './embedded/lock';
import { alive, inside, sleep, until, works } from './embedded/process';
import * as user from './embedded/user';

/**
 * A real PostgreSQL under the data directory, for whoever sets no DATABASE_URL. Any number of processes use it; the
 * first starts it, the last turns it off, and whichever of them crashes, the next one can start.
 *
 *          ┌────────────── it ends, or is ended ◄──────────────┐
 *          ▼                                                   │ the guard refuses (it is stopping), or is gone
 *   LOCK ─► LOOK ── postmaster.pid names a live PostgreSQL ──► JOIN ── the guard accepts ──► WAIT ── "ready" ──► OPEN
 *           LOOK ── nobody, or a pid that is a zombie's or another program's: the file is removed ──► CLEAR
 *   CLEAR   orphans of a killed postmaster still in the directory: they end by themselves, or are ended ──► START
 *   START   initdb if there is no cluster; a free port; PostgreSQL under a guard ──► WAIT; port taken ──► START
 *   WAIT    until PostgreSQL says "ready" (after a crash it first reads its log); it ends ──► one error with its last words
 *   OPEN    the lock is free, the lease is held; close() or the death of this process gives it back
 *
 * LOCK to WAIT is done by one process at a time (embedded/lock.ts). Who uses it, and when it stops, is counted by the
 * kernel and carried out by a guard (embedded/lease.ts). As root, PostgreSQL runs as someone else (embedded/user.ts).
 */
export type Embedded = {
	/** `postgres://watchfloor:…@127.0.0.1:…/watchfloor`: holds the password, so never to be logged. */
	url: string;
	/** This process started it. */
	started: boolean;
	/**
	 * Gives it back; when nobody else uses it, waits until it has written everything and ended. End your own
	 * connections first: it cuts those that are left.
	 */
	close(): Promise<void>;
};

/**
 * Starts or joins the PostgreSQL of a data directory. The role `watchfloor` owns the database `watchfloor`, may make
 * others (tests do) and see everyone's activity, and is no superuser.
 * @param dir the product's data directory, made if missing; the cluster is in `dir/postgres`
 * @param log gets a line when there is something to wait for
 * @throws Error, one line for a person, without the password
 */
export async function open(dir: string, log: (line: string) => void = () => {}): Promise<Embedded> {
	const at = cluster.place(dir);
	const name = createHash('sha256').update(at.dir).update(at.password).digest('hex').slice(0, 32);
	const unlock = await lock.hold(name, join(at.dir, 'postgres.lock'), () =>
		log('Another process is starting the database: waiting for it.')
	);
	try {
		const joined = await look(at, log);
		const { held, port } = joined ?? (await start(at, log));
		return { url: url(at, port), started: !joined, close: once(() => close(held, log)) };
	} finally {
		unlock();
	}
}

type Open = { held: lease.Lease; port: number };

/** LOOK, JOIN and CLEAR: null when nothing runs any more and the way is free. */
async function look(at: cluster.Place, log: (line: string) => void): Promise<Open | null> {
	for (let found; (found = cluster.running(at.cluster));) {
		if (!works(found.pid, at.cluster)) {
			rmSync(join(at.cluster, 'postmaster.pid'), { force: true });
			break;
		}
		const held = await lease.join(lease.pipe(at.run, found.port));
		if (held) {
			if (await ready(at, held, log)) {
				try {
					await provide(at, found.port);
					return { held, port: found.port };
				} catch (e) {
					// Killed a moment ago, it can look alive until one asks it something.
					if (!(await until(() => !works(found.pid, at.cluster), 1000))) {
						await lease.leave(held);
						throw e;
					}
				}
			}
			await lease.leave(held);
		}
		await end(at, found.pid, log);
	}
	const orphans = () => inside(at.cluster);
	if (orphans().length && !(await until(() => !orphans().length, 3000))) {
		log('Ending what is left of a database that was killed.');
		for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
			for (const pid of orphans()) kill(pid, signal);
			if (await until(() => !orphans().length, 5000)) break;
		}
	}
	return null;
}

/** Waits for a PostgreSQL that cannot be joined: it is stopping, or has lost its guard and must be told to. */
async function end(at: cluster.Place, pid: number, log: (line: string) => void): Promise<void> {
	const gone = () => !works(pid, at.cluster);
	const stopping = () => cluster.running(at.cluster)?.status === 'stopping';
	if (await until(() => gone() || stopping(), 2000)) {
		if (await until(gone, 30_000)) return;
	}
	for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
		log(`Stopping a database that nobody looks after (process ${pid}).`);
		kill(pid, signal);
		if (await until(gone, 20_000)) return;
	}
	throw new Error(`A PostgreSQL that does not stop still uses ${at.cluster}: end process ${pid}.`);
}

/** START. */
async function start(at: cluster.Place, log: (line: string) => void): Promise<Open> {
	const bin = await binaries.find();
	let as = user.choose(at.cluster);
	mkdirSync(at.run, { recursive: true, mode: 0o700 });
	if (as.root) chownSync(at.run, as.uid, as.gid);
	as = user.admit(as, at.dir, [bin.initdb, bin.postgres, at.run]);
	await cluster.init(at, bin, as);
	for (const file of readdirSync(at.run)) rmSync(join(at.run, file), { force: true });
	for (let attempt = 1; ; attempt++) {
		const port = await free();
		const said = openSync(at.log, (statSync(at.log, { throwIfNoEntry: false })?.size ?? 0) > 4e6 ? 'w' : 'a', 0o600);
		const before = statSync(at.log).size;
		const flags = [['port', String(port)], ...cluster.settings].map(([name, value]) => `--${name}=${value}`);
		let held: lease.Lease | undefined;
		try {
			held = await lease.start(
				lease.pipe(at.run, port),
				[bin.postgres, '-D', at.cluster, ...flags],
				as,
				cluster.env,
				said
			);
			if (await ready(at, held, log)) {
				await provide(at, port);
				return { held, port };
			}
		} catch (e) {
			if (held) await lease.leave(held);
			throw e;
		} finally {
			closeSync(said);
		}
		await lease.leave(held);
		const words = readFileSync(at.log).subarray(before).toString('utf8');
		// Another program took the port in between; or one that a killed process has just started still ends.
		const again = /could not (bind|create any TCP)|pre-existing shared memory|lock file .* already exists/.test(words);
		if (!again || attempt === 5)
			throw new Error(`PostgreSQL did not start: ${cluster.last(words)} (all of it is in ${at.log})`);
		if (!words.includes('could not')) await sleep(1000);
	}
}

/** WAIT: false when PostgreSQL ended instead. */
async function ready(at: cluster.Place, held: lease.Lease, log: (line: string) => void): Promise<boolean> {
	const state = () => {
		const now = cluster.running(at.cluster);
		return now?.pid === held.pid ? now.status : '';
	};
	const over = () => state() === 'ready' || state() === 'stopping' || !alive(held.pid);
	if (!(await until(over, 3000))) log('The database recovers after a crash: this can take a moment.');
	while (!(await until(over, 60_000)));
	return state() === 'ready' && alive(held.pid);
}

/** Makes the role and the database if they are missing; shows on the way that PostgreSQL answers. */
async function provide(at: cluster.Place, port: number): Promise<void> {
	const sql = postgres({
		host: '127.0.0.1',
		port,
		user: 'postgres',
		password: at.password,
		database: 'postgres',
		max: 1,
		onnotice: () => {},
		connection: { application_name: `watchfloor/${process.pid}` }
	});
	try {
		const [has] =
			await sql`select exists (select from pg_roles where rolname = 'watchfloor') as role, exists (select from pg_database where datname = 'watchfloor') as base`;
		if (!has?.role) {
			await sql.unsafe(`create role watchfloor login createdb in role pg_monitor password '${at.password}'`);
		}
		if (!has?.base) await sql.unsafe('create database watchfloor owner watchfloor');
	} catch (e) {
		throw new Error(`The database in ${at.cluster} runs, but does not let us in: ${(e as Error).message}`);
	} finally {
		await sql.end({ timeout: 5 });
	}
}

async function close(held: lease.Lease, log: (line: string) => void): Promise<void> {
	if (await lease.leave(held)) return;
	if (!(await until(() => !alive(held.pid), 30_000)))
		log(`The database has not ended after 30 s (process ${held.pid}).`);
}

function url(at: cluster.Place, port: number): string {
	return `postgres://watchfloor:${at.password}@127.0.0.1:${port}/watchfloor`;
}

function kill(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch (e) {
		if ((e as NodeJS.ErrnoException).code !== 'ESRCH') throw e;
	}
}

function free(): Promise<number> {
	return new Promise((done, fail) => {
		const server = createServer();
		server.once('error', fail);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => done(port));
		});
	});
}

function once(work: () => Promise<void>): () => Promise<void> {
	let result: Promise<void> | undefined;
	return () => (result ??= work());
}

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	chownSync,
	existsSync,
	linkSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	realpathSync,
	renameSync,
	rmSync,
	rmdirSync,
	writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries';
import type { User } from './user';

/** Where everything is. */
export type Place = {
	/** the product's data directory */
	dir: string;
	/** the cluster */
	cluster: string;
	/** the pipe, answers, and initdb's password file: PostgreSQL's user owns it */
	run: string;
	/** what PostgreSQL says */
	log: string;
	/** only in this file, which only its owner may read */
	password: string;
};

/** The version of the format on disk, which is that of the programs. */
const version = '18';

/** What differs from PostgreSQL's defaults, and why: modest on two cores and 24 GiB. */
export const settings: [name: string, value: string, why: string][] = [
	['listen_addresses', '127.0.0.1', 'never reachable from elsewhere'],
	['unix_socket_directories', '', 'a socket path has at most 107 bytes, a data directory may have more'],
	['max_connections', '60', 'a server with its pool and a few command lines'],
	['shared_buffers', '256MB', 'the cells and the recent partitions; the rest is the file cache of the system'],
	['effective_cache_size', '2GB', 'what that file cache can be expected to hold'],
	['work_mem', '16MB', 'sorts and groups of a screen in memory'],
	['maintenance_work_mem', '128MB', 'indexes of new partitions'],
	['random_page_cost', '1.1', 'solid-state disks'],
	['jit', 'off', 'the queries are short; compiling them costs more than it gains'],
	['synchronous_commit', 'on', 'what is acknowledged survives a crash'],
	['max_wal_size', '2GB', 'fewer checkpoints, so fewer full pages in the log during bursts'],
	['checkpoint_timeout', '15min', 'likewise; a start after a crash still takes seconds'],
	['wal_compression', 'off', 'these programs are built without lz4, and pglz costs more CPU than the disk is worth'],
	['autovacuum', 'on', 'deduplication and roll-ups update rows'],
	['client_connection_check_interval', '2s', 'a query whose process was killed ends, and frees its locks'],
	['timezone', 'UTC', 'stored time is UTC; screens show PKT'],
	['log_timezone', 'UTC', 'so is the log'],
	['log_checkpoints', 'off', 'the log shall stay short'],
	['log_min_error_statement', 'panic', 'no data, and no password, in the log']
];

/** No locale, no time zone and no database settings of our own environment shall reach PostgreSQL. */
export const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/**
 * Makes the directories and the password if they are missing.
 * @param dir the data directory, as the user named it
 */
export function place(dir: string): Place {
	mkdirSync(dir, { recursive: true, mode: 0o711 });
	const real = realpathSync(dir);
	const secret = join(real, 'postgres.secret');
	if (!existsSync(secret)) {
		// Whole or not at all, and the first of several processes wins.
		const draft = `${secret}.${randomBytes(6).toString('hex')}`;
		writeFileSync(draft, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' });
		try {
			linkSync(draft, secret);
		} catch (e) {
			if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
		} finally {
			rmSync(draft, { force: true });
		}
	}
	const password = readFileSync(secret, 'utf8').trim();
	return {
		dir: real,
		cluster: join(real, 'postgres'),
		run: join(real, 'postgres.run'),
		log: join(real, 'postgres.log'),
		password
	};
}

/**
 * Makes the cluster if there is none. It is made under another name and renamed when it is complete, so that a crash
 * on the way leaves no half of one.
 */
export async function init(at: Place, bin: Binaries, user: User): Promise<void> {
	if (existsSync(join(at.cluster, 'PG_VERSION'))) {
		const found = readFileSync(join(at.cluster, 'PG_VERSION'), 'utf8').trim();
		if (found !== version)
			throw new Error(
				`The database in ${at.cluster} is of PostgreSQL ${found}, these programs are ${version}: dump it with the old version, or move it away.`
			);
		return;
	}
	try {
		rmdirSync(at.cluster);
	} catch (e) {
		if ((e as NodeJS.ErrnoException).code !== 'ENOENT')
			throw new Error(`${at.cluster} is there but is not a database: move it away, or choose another WATCHFLOOR_DATA.`);
	}
	for (const name of readdirSync(at.dir))
		if (name.startsWith('postgres.new-')) rmSync(join(at.dir, name), { recursive: true, force: true });
	const draft = join(at.dir, `postgres.new-${randomBytes(6).toString('hex')}`);
	const password = join(at.run, 'initdb.password');
	mkdirSync(draft, { mode: 0o700 });
	rmSync(password, { force: true });
	writeFileSync(password, at.password, { mode: 0o600, flag: 'wx' });
	if (user.root) for (const path of [draft, password]) chownSync(path, user.uid, user.gid);
	const options = [
		'--username=postgres',
		`--pwfile=${password}`,
		'--auth=scram-sha-256',
		'--locale=C',
		'--encoding=UTF8',
		'--data-checksums',
		'--no-instructions'
	];
	const [program = '', ...args] = [...user.prefix, bin.initdb, ...options, '-D', draft];
	try {
		await promisify(execFile)(program, args, { env, cwd: at.run, ...user.spawn });
		renameSync(draft, at.cluster);
	} catch (e) {
		rmSync(draft, { recursive: true, force: true });
		throw new Error(
			`The database could not be made in ${at.cluster}: ${last((e as { stderr?: string }).stderr || String(e))}`
		);
	} finally {
		rmSync(password, { force: true });
	}
}

/** What PostgreSQL notes about itself while it runs; null when it does not, or has only just begun to. */
export function running(cluster: string): { pid: number; port: number; status: string } | null {
	try {
		const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
		return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() };
	} catch (e) {
		if (['ENOENT', 'ENOTDIR'].includes((e as NodeJS.ErrnoException).code ?? '')) return null;
		throw e;
	}
}

/** The last lines of what a program said, in one. */
export function last(text: string): string {
	return (
		text
			.trim()
			.split('\n')
			.slice(-6)
			.map((line) => line.trim())
			.join(' | ') || 'it said nothing'
	);
}

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	chownSync,
	closeSync,
	constants,
	existsSync,
	openSync,
	readFileSync,
	readSync,
	rmSync,
	writeSync
} from 'node:fs';
import { dirname, join as path } from 'node:path';
import { sleep } from './process';
import type { User } from './user';

/**
 * Who uses the database, kept by the kernel: each process holds the writing end of a named pipe, a small shell (the
 * guard, in a session of its own) reads it, and its end of file says that the last user has gone, however it went.
 *
 *   user    opens the pipe, writes `join TOKEN`; waits until the guard has made `answer.TOKEN` (which holds the pid of
 *           PostgreSQL) or until the pipe's name is gone, which means: too late, this PostgreSQL ends
 *   guard   starts PostgreSQL; answers until the end of file; removes the pipe's name, so that nobody new can come;
 *           waits for those who opened it in that moment (they get no answer, and go); stops PostgreSQL
 *
 * A user that leaves in good order says `leave TOKEN` before: then PostgreSQL has 20 s to write everything back
 * (SIGINT). After a crash it has a tenth of a second, then it is told to drop everything (SIGQUIT): the commits are in
 * its log, and whoever cleans up or starts again does not have to wait. Signals repeat, because a PostgreSQL that has
 * only just been started ignores them.
 *
 * The guard survives Ctrl-C, a closing terminal and the kill of our process group, and so does PostgreSQL until the
 * guard stops it: it never goes away under a server that still finishes its commits.
 */
const guard = `
trap '' HUP INT TERM
pipe=$1; shift
"$@" &
pg=$!
patience=2
while read -r word token; do
	case $word in leave) patience=400 ;; *) patience=2 ;; esac
	echo $pg > "\${pipe%/*}/answer.$token"
done
rm -f "$pipe"
cat > /dev/null
n=0
while kill -0 $pg 2> /dev/null; do
	if [ $n -lt $patience ]; then kill -INT $pg; else kill -QUIT $pg; fi
	n=$((n + 1))
	sleep 0.05
done
`;

export type Lease = { /** the postmaster's process id */ pid: number; pipe: string; fd: number };

/** Where the pipe of the PostgreSQL on this port is. */
export function pipe(run: string, port: number): string {
	return path(run, `users.${port}`);
}

/**
 * Starts PostgreSQL under a guard, and leases it.
 * @param command the program and its arguments
 * @param log file descriptor for what PostgreSQL says
 */
export async function start(
	pipe: string,
	command: string[],
	user: User,
	env: NodeJS.ProcessEnv,
	log: number
): Promise<Lease> {
	execFileSync('mkfifo', ['-m', '600', pipe]);
	if (user.root) chownSync(pipe, user.uid, user.gid);
	// Opened for both, so that neither of the next two has to wait for a partner, nor the guard sees an end too early.
	const both = openSync(pipe, constants.O_RDWR);
	const reading = openSync(pipe, constants.O_RDONLY);
	const [program = '', ...args] = [
		...user.prefix,
		'/bin/sh',
		'-c',
		guard,
		'watchfloor-postgres-guard',
		pipe,
		...command
	];
	const child = spawn(program, args, {
		detached: true,
		stdio: [reading, log, log],
		env,
		cwd: dirname(pipe),
		...user.spawn
	});
	const failed = new Promise<never>((_, fail) => child.once('error', fail));
	child.unref();
	closeSync(reading);
	try {
		const lease = await Promise.race([join(pipe), failed]);
		if (!lease) throw new Error('its guard ended at once');
		return lease;
	} finally {
		closeSync(both);
	}
}

/** Leases a running PostgreSQL; null if it is about to end, or has no guard. */
export async function join(pipe: string): Promise<Lease | null> {
	let fd: number;
	try {
		fd = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
	} catch (e) {
		// ENXIO: nobody reads it.
		if (['ENOENT', 'ENXIO'].includes((e as NodeJS.ErrnoException).code ?? '')) return null;
		throw e;
	}
	const pid = await ask('join', pipe, fd);
	if (pid) return { pid, pipe, fd };
	closeSync(fd);
	return null;
}

/** Gives the lease back in good order; true if others still use this PostgreSQL, otherwise it ends now. */
export async function leave(lease: Lease): Promise<boolean> {
	await ask('leave', lease.pipe, lease.fd);
	closeSync(lease.fd);
	return others(lease.pipe);
}

/** The guard's answer, the pid of PostgreSQL; 0 if there will be none. */
async function ask(word: 'join' | 'leave', pipe: string, fd: number): Promise<number> {
	const token = randomBytes(8).toString('hex');
	const answer = path(dirname(pipe), `answer.${token}`);
	try {
		for (let n = 0; existsSync(pipe); n++) {
			// Again now and then: whoever looks whether there are others may have read it (see there).
			if (n % 50 === 0) writeSync(fd, `${word} ${token}\n`);
			const pid = existsSync(answer) ? Number(readFileSync(answer, 'utf8')) : 0;
			if (pid) return pid;
			await sleep(2);
		}
	} catch (e) {
		// EPIPE: the guard is gone.
		if (!['EPIPE', 'ENOENT'].includes((e as NodeJS.ErrnoException).code ?? '')) throw e;
	} finally {
		rmSync(answer, { force: true });
	}
	return 0;
}

/** Whether anyone holds the writing end. */
function others(pipe: string): boolean {
	let fd: number;
	try {
		fd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
	} catch {
		return false;
	}
	try {
		return readSync(fd, Buffer.alloc(4096)) > 0;
	} catch (e) {
		return (e as NodeJS.ErrnoException).code === 'EAGAIN'; // empty, but someone holds the other end
	} finally {
		closeSync(fd);
	}
}

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';

const linux = process.platform === 'linux';

/**
 * Whether a process with this id runs. A zombie does not, although `kill(pid, 0)` finds it: after the kill of a
 * whole process group nobody may be left to reap it (in a container, often not even pid 1).
 */
export function alive(pid: number): boolean {
	const state = linux ? statOf(pid).state : ps(pid, 'stat');
	return state !== '' && !/^[ZX]/.test(state);
}

/** Whether this process is a PostgreSQL that works in the cluster directory: its id alone may have been reused. */
export function works(pid: number, cluster: string): boolean {
	if (!alive(pid)) return false;
	return linux ? statOf(pid).name === 'postgres' && standsIn(pid, cluster) : ps(pid, 'command').includes('postgres');
}

/**
 * The ids of the PostgreSQL processes that work in the cluster directory, whoever started them. Elsewhere than on
 * Linux nobody says so, and the list is empty: PostgreSQL then refuses to start beside them, and we try again.
 */
export function inside(cluster: string): number[] {
	if (!linux) return [];
	return readdirSync('/proc')
		.map(Number)
		.filter((pid) => pid > 0 && works(pid, cluster));
}

/** Resolves after so many milliseconds. */
export function sleep(ms: number): Promise<void> {
	return new Promise((done) => setTimeout(done, ms));
}

/** Waits until `done` says so; false if it has not within so many milliseconds. */
export async function until(done: () => boolean, ms: number): Promise<boolean> {
	for (const end = Date.now() + ms; !done(); await sleep(10)) if (Date.now() > end) return done();
	return true;
}

function statOf(pid: number): { name: string; state: string } {
	try {
		// "pid (name) state …": the name may hold spaces and brackets.
		const [, name = '', state = ''] = /^\d+ \((.*)\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
		return { name, state };
	} catch {
		return { name: '', state: '' };
	}
}

function standsIn(pid: number, directory: string): boolean {
	try {
		const [a, b] = [statSync(`/proc/${pid}/cwd`), statSync(directory)];
		return a.ino === b.ino && a.dev === b.dev;
	} catch {
		return false;
	}
}

function ps(pid: number, column: string): string {
	try {
		return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore']
		}).trim();
	} catch {
		return '';
	}
}

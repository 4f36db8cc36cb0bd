import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';

/** Whom PostgreSQL runs as: it refuses to run as root, so root has to find someone else. */
export type User = {
	/** Whether we are root, and files for PostgreSQL must be given to this user. */
	root: boolean;
	uid: number;
	gid: number;
	/** Goes before a command that is to run as this user … */
	prefix: string[];
	/** … and this into the options of spawn. */
	spawn: { uid?: number; gid?: number };
};

const names = ['postgres', 'watchfloor'];

/**
 * As root: the owner of the cluster if there is one, else the system's user `postgres`, else a system user that is
 * made for it, else `nobody`. Otherwise ourselves.
 */
export function choose(cluster: string): User {
	const uid = process.getuid?.() ?? -1;
	const gid = process.getgid?.() ?? -1;
	const owner = statSync(cluster, { throwIfNoEntry: false });
	if (uid !== 0) {
		if (owner && owner.uid !== uid)
			throw new Error(
				`The database in ${cluster} belongs to ${nameOf(owner.uid)}: run as that user or as root, or set DATABASE_URL.`
			);
		return { root: false, uid, gid, prefix: [], spawn: {} };
	}
	const found = owner?.uid ? owner : (known() ?? make() ?? entry('nobody'));
	if (!found)
		throw new Error(
			'PostgreSQL cannot run as root, and no other user could be found or made: add a user named watchfloor, or set DATABASE_URL.'
		);
	return { root: true, uid: found.uid, gid: found.gid, prefix: [], spawn: { uid: found.uid, gid: found.gid } };
}

/**
 * Makes sure that the user can get at these paths: opens our own data directory to be passed through (not listed), and
 * where that is not enough (a checkout below root's home, say) lets PostgreSQL keep the two capabilities that root
 * passes closed directories with.
 * @param dir our data directory
 * @param paths what the user must be able to enter or run
 */
export function admit(user: User, dir: string, paths: string[]): User {
	if (!user.root || reaches(user, paths)) return user;
	const { uid, mode } = statSync(dir);
	if (uid === 0) chmodSync(dir, (mode & 0o7777) | 0o011);
	if (reaches(user, paths)) return user;
	const keep = capabilities();
	const caps = keep.map((c) => `+${c}`).join(',');
	// Without that bit, access(2), with which initdb looks for its programs, knows nothing of capabilities.
	const bits = ['--securebits', '+no_setuid_fixup', '--inh-caps', caps, '--ambient-caps', caps];
	const prefix = ['setpriv', '--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups', ...bits, '--'];
	const strong: User = { ...user, prefix, spawn: {} };
	if (keep.length && reaches(strong, paths)) return strong;
	throw new Error(
		`PostgreSQL cannot run as root, and ${nameOf(user.uid)} cannot reach ${paths.find((p) => !reaches(user, [p])) ?? dir}: move it out of the closed directory, or set DATABASE_URL.`
	);
}

function reaches(user: User, paths: string[]): boolean {
	const test = 'for p do test -x "$p" || exit 1; done';
	const [program = '', ...args] = [...user.prefix, '/bin/sh', '-c', test, 'sh', ...paths];
	return spawnSync(program, args, { stdio: 'ignore', cwd: '/', ...user.spawn }).status === 0;
}

/** Those of the two capabilities that this process may hand on at all: containers often take some away. */
function capabilities(): string[] {
	try {
		const bounding = BigInt(
			'0x' + (/^CapBnd:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0')
		);
		return ['dac_override', 'dac_read_search'].filter((_, i) => bounding & (1n << BigInt(i + 1)));
	} catch {
		return [];
	}
}

function known() {
	return names.map(entry).find((e) => e !== undefined);
}

function make() {
	const commands = [
		[
			'useradd',
			'--system',
			'--no-create-home',
			'--home-dir',
			'/nonexistent',
			'--shell',
			'/usr/sbin/nologin',
			'watchfloor'
		],
		['adduser', '-S', '-D', '-H', 'watchfloor'] // BusyBox
	];
	for (const [program = '', ...args] of commands) if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) break;
	return known();
}

// initdb asks the same file: a user without an entry is of no use.
function passwd(): string[][] {
	try {
		return readFileSync('/etc/passwd', 'utf8')
			.split('\n')
			.map((line) => line.split(':'));
	} catch {
		return [];
	}
}

function entry(name: string): { uid: number; gid: number } | undefined {
	const line = passwd().find((fields) => fields[0] === name);
	return line && Number(line[2]) > 0 ? { uid: Number(line[2]), gid: Number(line[3]) } : undefined;
}

function nameOf(uid: number): string {
	return `the user ${passwd().find((fields) => Number(fields[2]) === uid)?.[0] ?? uid}`;
}

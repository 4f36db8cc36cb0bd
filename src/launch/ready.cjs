'use strict';

const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const {
	closeSync,
	constants,
	existsSync,
	openSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync
} = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '..', '..');
const modules = join(root, 'node_modules');
const stamp = join(root, 'build', '.stamp');

/** What the build is made of; tests are not. */
const sources = [
	'src',
	'static',
	'drizzle',
	'tests/bench',
	'tests/screens',
	'tests/browser.ts',
	'package.json',
	'package-lock.json',
	'svelte.config.js',
	'vite.config.ts',
	'tsconfig.json'
];

/**
 * Installs the packages unless they are there, as package-lock.json names them: by whom does not matter.
 * @param {boolean} all also those that only development needs
 */
async function install(all) {
	if (installed(all)) return;
	await alone(async () => {
		if (installed(all)) return; // another process was faster
		console.error('Installing the packages (first start only) …');
		// Not `ci`: it removes everything first, also below a server that runs, and refuses a package-lock.json that was
		// made on a system which could not see the optional packages of another. This one leaves that file alone too.
		const code = await npm(['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=warn'], ['ignore', 2, 2]);
		if (code !== 0) throw new Error('The packages could not be installed: npm says why above.');
		writeFileSync(join(modules, '.watchfloor-lock'), lockHash());
	});
}

function installed(all) {
	try {
		if (readFileSync(join(modules, '.watchfloor-lock'), 'utf8') === lockHash()) return true;
	} catch {
		// Not installed from here: see what npm itself has noted.
	}
	try {
		const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
		const have = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
		return Object.keys(want).every((name) => {
			const it = want[name];
			if (name === '' || it.optional || it.devOptional || it.peer || (it.dev && !all)) return true;
			return have[name]?.version === it.version && existsSync(join(root, name));
		});
	} catch {
		return false;
	}
}

function lockHash() {
	return createHash('sha256')
		.update(readFileSync(join(root, 'package-lock.json')))
		.digest('hex');
}

/** Builds unless the build is of exactly these sources. */
async function build() {
	if (fresh()) return;
	await alone(async () => {
		if (fresh()) return; // another process was faster
		console.error(existsSync(stamp) ? 'Building, since the sources have changed …' : 'Building (first start only) …');
		const hash = content();
		rmSync(stamp, { force: true });
		let said = '';
		const code = await npm(['run', 'build', '--loglevel=warn'], ['ignore', 'pipe', 'pipe'], (chunk) => (said += chunk));
		if (code !== 0) throw new Error(`${said.trim()}\nThe build failed: the reason is above.`);
		writeFileSync(stamp, JSON.stringify({ times: times(), hash }));
	});
}

// Times and sizes are quick to look at; where they differ (after a checkout, say), the content decides.
function fresh() {
	let built;
	try {
		built = JSON.parse(readFileSync(stamp, 'utf8'));
	} catch {
		return false;
	}
	const now = times();
	if (built.times === now) return true;
	if (built.hash !== content()) return false;
	writeFileSync(stamp, JSON.stringify({ times: now, hash: built.hash }));
	return true;
}

function times() {
	return digest((path) => {
		const { mtimeMs, size } = statSync(path);
		return `${mtimeMs} ${size}`;
	});
}

function content() {
	return digest((path) => createHash('sha256').update(readFileSync(path)).digest('hex'));
}

function digest(of) {
	const hash = createHash('sha256');
	const visit = (path) => {
		const stat = statSync(join(root, path), { throwIfNoEntry: false });
		if (stat?.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
		else if (stat && !path.endsWith('.spec.ts')) hash.update(`${path} ${of(join(root, path))}\n`);
	};
	sources.forEach(visit);
	return hash.digest('hex');
}

/** Runs npm, the one that started us if there is one; resolves to its exit code. */
function npm(args, stdio, hear) {
	const own = process.env.npm_execpath;
	return start(own ? process.execPath : 'npm', own ? [own, ...args] : args, { stdio }, hear);
}

/**
 * Runs a program in the project's folder; resolves to its exit code. A signal that ends us ends it too.
 * @param {string} program @param {string[]} args @param {import('node:child_process').SpawnOptions} options
 * @param {(chunk: string) => void} [hear] gets what it says on pipes
 */
function start(program, args, options, hear) {
	return new Promise((done, fail) => {
		const child = spawn(program, args, { cwd: root, ...options });
		const stop = (signal) => {
			child.kill(signal);
			child.once('close', () => process.exit(1));
		};
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
		for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
		child.once('error', fail);
		child.once('close', (code) => {
			for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
			done(code ?? 1);
		});
	});
}

/**
 * Does the work while no other process does it in this folder. The lock is the kernel's (a name bound to, or a file
 * opened, exclusively), so no crash leaves it behind; src/lib/server/store/embedded/lock.ts says more.
 */
async function alone(work) {
	let release;
	while (!(release = await (process.platform === 'linux' ? bind() : open())))
		await new Promise((done) => setTimeout(done, 50));
	try {
		await work();
	} finally {
		release();
	}
}

const lockName = `watchfloor-launch-${createHash('sha256').update(root).digest('hex').slice(0, 32)}`;

function bind() {
	return new Promise((done, fail) => {
		const server = createServer((visitor) => visitor.destroy());
		server.unref();
		server.once('error', (e) => (e.code === 'EADDRINUSE' ? done(null) : fail(e)));
		server.listen({ path: `\0${lockName}-${process.getuid()}` }, () => done(() => server.close()));
	});
}

function open() {
	const O_EXLOCK = process.platform === 'win32' ? 0 : 0x20;
	const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NONBLOCK ?? 0) | O_EXLOCK;
	try {
		const fd = openSync(join(tmpdir(), lockName), flags, 0o600);
		return () => closeSync(fd);
	} catch (e) {
		if (e.code === 'EAGAIN') return null;
		throw e;
	}
}

module.exports = { build, install, root, start };

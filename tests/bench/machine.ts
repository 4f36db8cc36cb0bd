import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as proc from './process';

const BUILD = dirname(process.argv[1]!);

/** The product as its users run it: a process of its own, on a data directory of its own. */
export type Machine = {
	base: string;
	port: number;
	data: string;
	readonly pid: number;
	readonly postmaster: number;
	/** token of a source that delivers IntelMQ */
	source(slug: string): Promise<string>;
	/** token of a program; `clearance` is a TLP label */
	token(name: string, clearance: string, role?: string): Promise<string>;
	cli(...args: string[]): Promise<Record<string, unknown>>;
	/** starts the process again after `stop`, from another file if one is given; answers the milliseconds to the first good answer of /readyz */
	start(file?: string): Promise<number>;
	stop(): Promise<void>;
	/** seconds of CPU so far of the server, and of its PostgreSQL */
	cpu(): { server: number; postgres: number };
	memory(): { now: number; peak: number };
	/** address of the database, for floors and for looking; `database` other than the product's own */
	url(database?: string, role?: string): string;
	close(): Promise<void>;
};

/**
 * @param env settings that differ
 * @param flags of Node.js for the server
 */
export async function open(env: Record<string, string> = {}, flags: string[] = []): Promise<Machine> {
	const data = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'));
	const port = await free();
	const base = `http://127.0.0.1:${port}`;
	const settings: NodeJS.ProcessEnv = {
		...process.env,
		NODE_ENV: 'production',
		PORT: String(port),
		HOST: '127.0.0.1',
		ORIGIN: base,
		WATCHFLOOR_DATA: data,
		WATCHFLOOR_LOG_LEVEL: 'warn',
		...env
	};
	delete settings.DATABASE_URL;
	let child: ChildProcess | undefined;

	const start = async (file = join(BUILD, 'main.js')) => {
		const said = openSync(join(data, 'server.log'), 'a');
		const from = performance.now();
		const started = spawn(process.execPath, [...flags, file, 'serve'], {
			env: settings,
			stdio: ['ignore', said, said]
		});
		closeSync(said);
		child = started;
		while (
			!(await fetch(`${base}/readyz`).then(
				(r) => r.ok,
				() => false
			))
		) {
			if (started.exitCode !== null || started.signalCode !== null)
				throw new Error(`The server ended:\n${readFileSync(join(data, 'server.log'), 'utf8').slice(-4000)}`);
			if (performance.now() - from > 120_000) throw new Error('The server was not ready in two minutes.');
			await new Promise((done) => setTimeout(done, 10));
		}
		return performance.now() - from;
	};
	const stop = async () => {
		const ended = child;
		child = undefined;
		if (!ended || ended.exitCode !== null || ended.signalCode !== null) return;
		const exit = new Promise((done) => ended.once('exit', done));
		ended.kill('SIGTERM');
		await exit;
	};
	const cli = async (...args: string[]) => {
		const { stdout } = await promisify(execFile)(process.execPath, [join(BUILD, 'cli.js'), ...args, '--json'], {
			env: settings,
			maxBuffer: 1 << 26
		});
		return JSON.parse(stdout) as Record<string, unknown>;
	};
	const postmaster = () => Number(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

	const close = async () => {
		process.off('exit', abandon);
		await stop();
		rmSync(data, { recursive: true, force: true });
	};
	// Whatever ends the bench ends the server; its PostgreSQL follows by itself.
	const abandon = () => {
		child?.kill('SIGKILL');
		rmSync(data, { recursive: true, force: true });
	};
	process.on('exit', abandon);
	try {
		await start();
	} catch (e) {
		await close();
		throw e;
	}
	return {
		base,
		port,
		data,
		get pid() {
			return child!.pid!;
		},
		get postmaster() {
			return postmaster();
		},
		source: async (slug) => String((await cli('source', 'add', slug, '--format', 'intelmq', '--tlp', 'green')).token),
		token: async (name, clearance, role = 'analyst') =>
			String((await cli('token', 'add', name, '--role', role, '--clearance', clearance)).token),
		cli,
		start,
		stop,
		cpu: () => ({ server: proc.cpu(child!.pid!), postgres: proc.family(postmaster()) }),
		memory: () => proc.memory(child!.pid!),
		url: (database = 'watchfloor', role = 'watchfloor') => {
			const password = readFileSync(join(data, 'postgres.secret'), 'utf8').trim();
			const at = readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3];
			return `postgres://${role}:${password}@127.0.0.1:${at}/${database}`;
		},
		close
	};
}

export function free(): Promise<number> {
	return new Promise((done, fail) => {
		const server = createServer();
		server.once('error', fail);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => done(port));
		});
	});
}

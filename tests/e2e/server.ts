import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

export type Delivery = { accepted: number; duplicates: number; quarantined: number; seq: number };

/** A server of its own, with a data directory and a port of its own, as a process group that can be killed whole. */
export class Server {
	#process: ChildProcess | undefined;
	#said = '';
	#sources = new Map<string, string>();

	private constructor(
		readonly data: string,
		readonly port: number,
		private env: Record<string, string>
	) {}

	static async open(env: Record<string, string> = {}): Promise<Server> {
		const server = new Server(mkdtempSync(join(tmpdir(), 'watchfloor-e2e-')), await free(), env);
		await server.start();
		return server;
	}

	get base(): string {
		return `http://127.0.0.1:${this.port}`;
	}
	/** What it has printed. */
	get said(): string {
		return this.#said;
	}
	get #env(): NodeJS.ProcessEnv {
		const { DATABASE_URL: _, ORIGIN: __, ...rest } = process.env;
		return {
			...rest,
			NODE_ENV: 'production',
			PORT: String(this.port),
			HOST: '127.0.0.1',
			WATCHFLOOR_DATA: this.data,
			WATCHFLOOR_LOG_LEVEL: 'warn',
			...this.env
		};
	}

	/** Starts it, with further settings if given, and answers when it is ready. */
	async start(env: Record<string, string> = {}): Promise<void> {
		Object.assign(this.env, env);
		const child = spawn(process.execPath, [join(root, 'build', 'main.js')], {
			cwd: root,
			env: this.#env,
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe']
		});
		this.#process = child;
		for (const stream of [child.stdout, child.stderr])
			stream?.setEncoding('utf8').on('data', (chunk: string) => (this.#said += chunk));
		for (const until = Date.now() + 60_000; Date.now() < until; await sleep(50)) {
			if (child.exitCode !== null) throw new Error(`The server ended:\n${this.#said}`);
			if (
				await fetch(`${this.base}/readyz`).then(
					(r) => r.ok,
					() => false
				)
			)
				return;
		}
		throw new Error(`The server was not ready in a minute:\n${this.#said}`);
	}

	/** To its whole process group: the database too. SIGKILL is a power cut. */
	async signal(name: 'SIGKILL' | 'SIGTERM'): Promise<void> {
		const child = this.#process;
		if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, 'exit');
		if (name === 'SIGKILL') process.kill(-child.pid, name);
		else child.kill(name);
		await gone;
	}

	/** To the serving process alone: stopped, it neither answers nor closes its connections. */
	freeze(still: boolean): void {
		this.#process?.kill(still ? 'SIGSTOP' : 'SIGCONT');
	}

	async close(): Promise<void> {
		this.freeze(false);
		await this.signal('SIGTERM');
		rmSync(this.data, { recursive: true, force: true });
	}

	/** A command, as a person would type it, with `--json`. */
	async cli<T>(...args: string[]): Promise<T> {
		const { stdout } = await run(process.execPath, [join(root, 'build', 'cli.js'), ...args, '--json'], {
			env: this.#env
		});
		return JSON.parse(stdout) as T;
	}

	/** Adds a token and answers its secret. */
	async token(name: string, role = 'analyst', clearance = 'red', ...more: string[]): Promise<string> {
		const args = ['token', 'add', name, '--role', role, '--clearance', clearance, ...more];
		return (await this.cli<{ token: string }>(...args)).token;
	}

	async source(slug: string, format = 'intelmq'): Promise<string> {
		const args = ['source', 'add', slug, '--format', format, '--tlp', 'green', '--cadence', '1h'];
		const { token } = await this.cli<{ token: string }>(...args);
		this.#sources.set(slug, token);
		return token;
	}

	/** Delivers lines of a source that `source` added. */
	async post(slug: string, lines: unknown[]): Promise<Delivery> {
		const answer = await fetch(`${this.base}/api/v1/ingest/${slug}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${this.#sources.get(slug)}`, 'content-type': 'application/x-ndjson' },
			body: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
		});
		if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
		return (await answer.json()) as Delivery;
	}

	/** A call of the interface with a viewer's token. */
	async api<T>(token: string, path: string, body?: unknown): Promise<T> {
		const answer = await fetch(this.base + path, {
			method: body === undefined ? 'GET' : 'POST',
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body)
		});
		if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
		return (await answer.json()) as T;
	}
}

let serial = 0;

/** A report that is like no other. `at` is its moment, now unless given. */
export function report(extra: Record<string, unknown> = {}, at = Date.now()): Record<string, unknown> {
	return {
		'classification.type': 'phishing',
		'time.source': new Date(at).toISOString(),
		'source.url': `https://login-${process.pid}-${serial++}.example/`,
		'extra.sector': 'banking',
		'extra.province': 'PK-SD',
		...extra
	};
}

async function free(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { read } from '$lib/server/ops/config';
import type { App } from '$lib/server/app';
import { get } from '$lib/server/shared';

/**
 * The serving process. SvelteKit's bundle composes the product when it is loaded (`hooks.server.ts`, `init`); this
 * takes the same instance, puts HTTP and sockets in front of it, and ends it in order.
 */

/** Set on each request, never taken from outside: how the browser reached us, when ORIGIN does not say it. */
const PROTOCOL = 'x-watchfloor-protocol';

async function start(): Promise<{ app: App; close(): Promise<void>; url: string }> {
	const config = read(process.env);
	process.env.BODY_SIZE_LIMIT = 'Infinity'; // our own limits hold (WATCHFLOOR_MAX_BODY), with our own answers
	process.env.PROTOCOL_HEADER = PROTOCOL;
	// A path that the bundler cannot follow: this file must not become part of the bundle.
	const { handler } = (await import(new URL('./handler.js', import.meta.url).href)) as {
		handler: (req: unknown, res: unknown, next: () => void) => void;
	};
	const app = get();
	const server = createServer((req, res) => {
		req.headers[PROTOCOL] = 'http';
		res.setHeader('x-content-type-options', 'nosniff'); // also on files, which no hook sees
		// SvelteKit's adapter takes a request without a type for one without a body: a report sent so would be lost in silence.
		req.headers['content-type'] ||= 'application/octet-stream';
		handler(req, res, () => res.writeHead(404).end());
	});
	server.requestTimeout = 300_000;
	app.live.attach(server);
	await new Promise<void>((done, failed) => {
		server.once('error', failed);
		server.listen(config.PORT, config.HOST, done);
	});
	const { port } = server.address() as AddressInfo;
	const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST;
	const close = async () => {
		const closed = new Promise<void>((done) => server.close(() => done()));
		server.closeIdleConnections();
		await app.close();
		server.closeAllConnections();
		await closed;
	};
	return { app, close, url: config.ORIGIN ?? `http://${host}:${port}` };
}

try {
	const { app, close, url } = await start();
	console.log(`Watchfloor is at ${url}${app.mode === 'exercise' ? ' (EXERCISE)' : ''}`);
	const code = app.mode === 'real' ? await app.access.setup() : null;
	if (code) console.log(`Nobody can sign in yet. Set up the administrator, once: ${url}/setup#${code}`);
	app.log.info({ url, mode: app.mode, node: process.version }, 'started');

	let stopping = false;
	const stop = (signal: string) => {
		if (stopping) return;
		stopping = true;
		app.log.info({ signal }, 'stopping');
		// Whatever hangs must not keep the machine from going down.
		setTimeout(() => process.exit(1), 30_000).unref();
		close().then(
			() => process.exit(0),
			(e: unknown) => {
				app.log.error({ err: e }, 'did not stop cleanly');
				process.exit(1);
			}
		);
	};
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
	process.on('unhandledRejection', (e) => app.log.error({ err: e }, 'a promise failed and nobody was waiting'));
} catch (e) {
	const ours = e instanceof Error && e.name === 'Problem';
	const taken = e instanceof Error && 'code' in e && (e.code === 'EADDRINUSE' || e.code === 'EACCES') && 'port' in e;
	console.error(
		taken
			? `PORT ${e.port} cannot be listened on: ${e.code === 'EACCES' ? 'that is not allowed here' : 'another program has it'}. Set PORT to another one.`
			: ours
				? e.message
				: e
	);
	process.exit(1);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import type { Tlp } from '../../src/lib/core/tlp';
import type { Viewer } from '../../src/lib/core/viewer';
import * as access from '../../src/lib/server/access';
import * as token from '../../src/lib/server/access/token';
import { Ingest, type Delivery } from '../../src/lib/server/ingest/ingest';
import { Live } from '../../src/lib/server/live/live';
import * as settings from '../../src/lib/server/ops/config';
import * as log from '../../src/lib/server/ops/log';
import * as metrics from '../../src/lib/server/ops/metrics';
import { connect, type Client } from '../../src/lib/server/store/client';
import { Facets } from '../../src/lib/server/store/facet';
import * as reference from '../../src/lib/server/store/reference';
import * as source from '../../src/lib/server/store/source';
import { NAMESPACE, type ClientEvents, type ServerEvents } from '../../src/lib/wire/live';
import { database } from '../database';

/** Who is looking, for tests: everything, unless less is said. */
export const viewer = (more: Partial<Viewer> = {}): Viewer => ({
	id: 'cli',
	name: 'Test',
	role: 'admin',
	clearance: 'red',
	sectors: null,
	provinces: null,
	...more
});

export type Browser = Socket<ServerEvents, ClientEvents>;
export type Stage = Awaited<ReturnType<typeof open>>;

/**
 * The parts of the product on a fresh database, each to be had as often as wanted: what stands for a process of its own
 * gets connections of its own.
 * @param env settings, as they stand in an environment
 */
export async function open(env: Record<string, string> = {}) {
	const client = await database();
	const data = mkdtempSync(join(tmpdir(), 'watchfloor-stage-'));
	const config = settings.read({
		WATCHFLOOR_DATA: data,
		WATCHFLOOR_LOG_LEVEL: 'silent',
		WATCHFLOOR_SECRET: 'x'.repeat(40),
		...env
	});
	const logger = log.open('silent');
	const words = await reference.load(client.db);
	const closers: (() => Promise<unknown>)[] = [];
	let sources = 0;

	return {
		client,
		config,
		reference: words,
		rules: { reference: words, prefix: 'NCT', exercise: true },
		/** A source; answers its number. */
		source: (tlp: Tlp = 'green', slug = `source-${sources++}`) =>
			source.add(client, 'cli', { slug, format: 'intelmq', tlp, cadence: 3600 }),
		/** An intake of a process of its own, or of this one when a client is given. */
		intake: (own: Client = connect(client.url, 2, 30), more: Partial<settings.Config> = {}) => {
			const ingest = new Ingest(
				own,
				words,
				new Facets(own.sql),
				{ ...config, ...more },
				logger,
				metrics.open(),
				'real'
			);
			closers.unshift(async () => {
				await ingest.close();
				if (own !== client) await own.close();
			});
			return ingest;
		},
		/** Live screens over a real port. */
		live: async (more: Partial<settings.Config> = {}) => {
			const door = await access.open({ client, config, log: logger });
			const gauges = metrics.open();
			const live = new Live(client.sql, new Facets(client.sql), door, words, { ...config, ...more }, logger, gauges);
			await live.start();
			const server: Server = createServer();
			live.attach(server);
			await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
			let over: Promise<void> | undefined;
			const close = () => (over ??= live.close().then(() => door.close()));
			closers.unshift(close);
			return { live, door, metrics: gauges, close, port: (server.address() as AddressInfo).port };
		},
		/** A token for a viewer of these rights. */
		token: async (
			clearance: Tlp,
			more: { sectors?: string[]; provinces?: string[]; role?: string } = {},
			name = `viewer-${sources++}`
		) => (await token.add(client, viewer(), { name, role: 'analyst', clearance, ...more } as token.Add)).token,
		revoke: (name: string) => token.revoke(client, viewer(), name),
		/** Ends the intakes and screens that were opened. */
		rest: async () => {
			for (const close of closers.splice(0)) await close();
		},
		close: async () => {
			for (const close of closers.splice(0)) await close();
			await client.close();
			rmSync(data, { recursive: true, force: true });
		}
	};
}

/** A body in pieces of `size` bytes, or whole. */
export async function* body(text: string | Uint8Array, size = Infinity): AsyncIterable<Uint8Array> {
	const bytes = Buffer.from(text as string);
	for (let i = 0; i < bytes.length; i += size)
		yield Uint8Array.from(bytes.subarray(i, Math.min(bytes.length, i + size)));
}

export const ndjson = (records: unknown[]): string =>
	records.map((r) => (typeof r === 'string' ? r : JSON.stringify(r))).join('\n') + '\n';

export const deliver = (ingest: Ingest, source: number, records: unknown[] | string): Promise<Delivery> =>
	ingest.deliver(source, {
		bytes: body(typeof records === 'string' ? records : ndjson(records)),
		contentType: 'application/x-ndjson'
	});

let serial = 0;
/** A report like no other, of some minutes ago. */
export const report = (minutes = 0, more: Record<string, unknown> = {}): Record<string, unknown> => ({
	'time.source': new Date(Date.now() - minutes * 60_000).toISOString(),
	'classification.type': 'phishing',
	'source.ip': '198.51.100.7',
	'event_description.text': `report ${serial++}`,
	'extra.tlp': 'green',
	...more
});

/** A connected socket. @throws Error what the server said when it refused */
export function browser(port: number, token: string): Promise<Browser> {
	const socket: Browser = io(`http://127.0.0.1:${port}${NAMESPACE}`, {
		auth: { token },
		transports: ['websocket'],
		forceNew: true,
		reconnection: false
	});
	return new Promise((done, fail) => {
		socket.on('connect', () => done(socket));
		socket.on('connect_error', (e) => {
			socket.close();
			fail(e);
		});
	});
}

/** Waits until something holds; what it was, when it never does. */
export async function until<T>(
	look: () => T | Promise<T>,
	holds: (value: T) => boolean = Boolean,
	seconds = 20
): Promise<T> {
	let value = await look();
	for (const end = Date.now() + seconds * 1000; !holds(value); value = await look()) {
		if (Date.now() > end)
			throw new Error(`did not come true in ${seconds} s: ${String(look)}; last it was ${JSON.stringify(value)}`);
		await new Promise((wait) => setTimeout(wait, 20));
	}
	return value;
}

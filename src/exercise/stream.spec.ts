import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SOURCES, type Truth } from './generator';
import { run, type Progress } from './stream';

/** Stands where the server will be: remembers what arrives, and answers as `behave` says first. */
type Post = { path: string; lines: string[]; received: string | undefined; token: string | undefined };
type Double = {
	total?: number;
	server: Server;
	base: string;
	posts: Post[];
	incidents: unknown[];
	behave: (path: string) => { status: number; headers?: Record<string, string> } | undefined;
};

const open: Server[] = [];
afterEach(() => open.splice(0).forEach((s) => (s.closeAllConnections(), s.close())));

async function listen(double: Omit<Double, 'server' | 'base'>, port = 0): Promise<Double> {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (c: Buffer) => chunks.push(c));
		request.on('end', () => {
			const path = request.url ?? '';
			const wrong = double.behave(path);
			if (wrong) return response.writeHead(wrong.status, wrong.headers).end('{"code":"refused","detail":"as told"}');
			let body = Buffer.concat(chunks);
			if (request.headers['content-encoding'] === 'gzip') body = gunzipSync(body);
			response.setHeader('content-type', 'application/json');
			if (path.startsWith('/api/v1/ingest/'))
				double.posts.push({
					path,
					lines: body.toString().trimEnd().split('\n'),
					received: request.headers['x-exercise-received'] as string | undefined,
					token: request.headers.authorization
				});
			if (path === '/api/v1/incidents') double.incidents.push(JSON.parse(body.toString()));
			response.end(path.startsWith('/api/v1/aggregates') ? JSON.stringify({ total: double.total ?? 0 }) : '{}');
		});
	});
	open.push(server);
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	return { ...double, server, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const sources = SOURCES.map((s) => ({ slug: s.slug, token: `token-${s.slug}` }));

function play(base: string, days: number, until: (p: Progress) => boolean) {
	const stop = new AbortController();
	const said: string[] = [];
	const progress: Progress[] = [];
	const truths: Truth[] = [];
	const onProgress = (p: Progress) => {
		progress.push(p);
		if (until(p)) stop.abort();
	};
	const done = run({
		base,
		sources,
		analyst: 'analyst',
		seed: 7,
		days,
		rate: 0.2,
		signal: stop.signal,
		log: (m) => said.push(m),
		onProgress,
		onTruth: (found) => truths.push(...found)
	});
	return { done, stop, said, progress, truths };
}

describe('an exercise that is played to a server', () => {
	it('sends the last day first, opens the incidents, then sends the rest backwards, each source with its token', async () => {
		const double = await listen({ posts: [], incidents: [], behave: () => undefined });
		const { done, progress, truths } = play(double.base, 3, (p) => p.done >= p.total);
		await done;
		expect(truths.map((t) => t.name)).toContain('scene-flood');
		const phases = progress.map((p) => p.phase);
		expect(phases.indexOf('recent')).toBeLessThan(phases.indexOf('incidents'));
		expect(phases.indexOf('incidents')).toBeLessThan(phases.indexOf('history'));
		expect(double.incidents.length).toBeGreaterThan(30);
		expect(double.incidents[0]).toMatchObject({ title: expect.any(String), opened: expect.stringMatching(/Z$/) });
		for (const p of double.posts) expect(p.token).toBe(`Bearer token-${p.path.split('/').at(-1)}`);
		const scan = double.posts
			.filter((p) => p.path.endsWith('/shadow-scan') && p.received)
			.map((p) => Date.parse(p.received!));
		expect(scan.length).toBeGreaterThan(1);
		expect(scan).toEqual([...scan].sort((a, b) => b - a));
		expect(Math.max(...double.posts.map((p) => p.lines.length))).toBeLessThanOrEqual(5000);
		expect(progress.at(-1)!.sent).toBeGreaterThan(10_000);
	});

	it('does not send again what is there already', async () => {
		const double = await listen({ posts: [], incidents: [], behave: () => undefined, total: 1_000_000 });
		await play(double.base, 3, (p) => p.done >= p.total).done;
		expect(double.posts.filter((p) => p.received)).toEqual([]);
	});

	it('waits as long as it is told and tries again after a fault, and loses nothing', async () => {
		let refused = 0;
		const plain = await listen({ posts: [], incidents: [], behave: () => undefined });
		await play(plain.base, 1, (p) => p.phase === 'incidents').done;
		const rough = await listen({
			posts: [],
			incidents: [],
			behave: (path) =>
				path.includes('ingest') && refused < 3
					? { status: [429, 503, 500][refused++]!, headers: { 'retry-after': '1' } }
					: undefined
		});
		await play(rough.base, 1, (p) => p.phase === 'incidents').done;
		expect(refused).toBe(3);
		const lines = (d: Double) => d.posts.reduce((n, p) => n + p.lines.length, 0);
		expect(Math.abs(lines(rough) - lines(plain))).toBeLessThan(200);
		expect(rough.posts.map((p) => p.path)).toEqual(plain.posts.map((p) => p.path));
	});

	it('outlives a restart of the server', async () => {
		const state = { posts: [] as Post[], incidents: [] as unknown[], behave: () => undefined };
		const before = await listen(state);
		const port = Number(new URL(before.base).port);
		let cut = false;
		const { done, said } = play(before.base, 4, (p) => {
			if (p.phase === 'history' && !cut) {
				cut = true;
				before.server.closeAllConnections();
				before.server.close(() => setTimeout(() => void listen(state, port), 300));
			}
			return p.done >= p.total;
		});
		await done;
		expect(said.join('\n')).toContain('trying again');
		expect(said.join('\n')).toContain('answers again');
	});

	it('ends with a plain reason when a token is refused', async () => {
		const double = await listen({
			posts: [],
			incidents: [],
			behave: (path) => (path.includes('ingest') ? { status: 401 } : undefined)
		});
		await expect(play(double.base, 1, () => false).done).rejects.toThrow(/refused with 401: as told/);
	});

	it('stops at once when told, also while it waits for a server that is not there', async () => {
		const { done, stop, said } = play('http://127.0.0.1:9', 1, () => false);
		await expect.poll(() => said.length, { timeout: 10_000 }).toBeGreaterThan(0);
		stop.abort();
		await done;
	});
});

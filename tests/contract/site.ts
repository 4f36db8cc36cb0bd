import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a page of a site does: it answers by itself, or is answered with, at once or later (JSON, unless it is text or bytes). */
export type Page = (req: IncomingMessage, res: ServerResponse, url: URL) => unknown;
export type Site = {
	origin: string;
	port: number;
	/** by path; one that is not here is answered 404 */
	pages: Map<string, Page>;
	/** what was asked for, in its order */
	asked: { path: string; search: string; headers: IncomingMessage['headers'] }[];
	close(): Promise<void>;
};

/** A server on loopback, for one test file. */
export async function site(secure?: { key: string; cert: string }, host = '127.0.0.1'): Promise<Site> {
	const pages = new Map<string, Page>();
	const asked: Site['asked'] = [];
	const listener: RequestListener = (req, res) => {
		const url = new URL(req.url!, 'http://site');
		asked.push({ path: url.pathname, search: url.search, headers: req.headers });
		const page = pages.get(url.pathname);
		if (!page) return void res.writeHead(404).end('nothing here');
		void Promise.resolve(page(req, res, url)).then((body) => {
			if (body === undefined) return;
			if (!res.hasHeader('content-type')) res.setHeader('content-type', 'application/json');
			res.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
		});
	};
	const server = secure ? createSecure(secure, listener) : createServer(listener);
	await new Promise<void>((done) => server.listen(0, host, done));
	const { port } = server.address() as AddressInfo;
	return {
		origin: `${secure ? 'https' : 'http'}://${host}:${port}`,
		port,
		pages,
		asked,
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections();
			})
	};
}

/** A certificate that signs itself, for `feed.example` and 127.0.0.1. */
export function certificate(): { key: string; cert: string } {
	const dir = mkdtempSync(join(tmpdir(), 'watchfloor-cert-'));
	try {
		execFileSync(
			'openssl',
			[
				'req',
				'-x509',
				'-newkey',
				'ec',
				'-pkeyopt',
				'ec_paramgen_curve:P-256',
				'-nodes',
				'-days',
				'2',
				'-subj',
				'/CN=feed.example',
				'-addext',
				'subjectAltName=DNS:feed.example,DNS:other.example,IP:127.0.0.1',
				'-keyout',
				'key.pem',
				'-out',
				'cert.pem'
			],
			{ cwd: dir, stdio: 'pipe' }
		);
		return { key: readFileSync(join(dir, 'key.pem'), 'utf8'), cert: readFileSync(join(dir, 'cert.pem'), 'utf8') };
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

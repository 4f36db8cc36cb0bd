import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { certificate, site, type Site } from '../../../../tests/contract/site';
import { whole } from './bytes';
import { Gate, type Address } from './gate';
import { Web, type Limits } from './web';

const LIMITS: Limits = { size: 100_000, document: 50_000, connect: 5, idle: 5, time: 20 };
const SECRET = 'hunter2-hunter2';

let here: Site;
let there: Site;
const open: Web[] = [];

/** A web in which `names` are what the names are; asked names are kept. */
function web(
	more: {
		allow?: string;
		limits?: Partial<Limits>;
		names?: (host: string) => string;
		secret?: boolean;
		ca?: string;
		signal?: AbortSignal;
	} = {}
) {
	const looked: string[] = [];
	const gate = new Gate(more.allow ?? '127.0.0.1', (host) => {
		looked.push(host);
		const address = (more.names ?? (() => '127.0.0.1'))(host);
		return Promise.resolve<Address[]>([{ address, family: address.includes(':') ? 6 : 4 }]);
	});
	const it = new Web(
		gate,
		{ ...LIMITS, ...more.limits },
		more.signal ?? new AbortController().signal,
		more.secret ? { origin: here.origin, headers: { authorization: `Bearer ${SECRET}` } } : undefined,
		more.ca
	);
	open.push(it);
	return { get: it.get.bind(it), json: it.json.bind(it), looked };
}
const at = (path: string, of = here) => new URL(path, of.origin);
const text = async (got: Awaited<ReturnType<Web['get']>>) => (await whole(got!.bytes)).toString();
const failure = (work: Promise<unknown>): Promise<Error> =>
	work.then(
		() => Promise.reject(new Error('it went well')),
		(e: unknown) => e as Error
	);

beforeAll(async () => {
	here = await site();
	there = await site(undefined, '127.0.0.2');
});
afterEach(async () => {
	for (const w of open.splice(0)) await w.close();
	for (const s of [here, there]) {
		s.pages.clear();
		s.asked.length = 0;
	}
});
afterAll(() => Promise.all([here.close(), there.close()]));

describe('what is fetched', () => {
	it('comes whole, plain or packed', async () => {
		here.pages.set('/plain', () => 'one');
		here.pages.set('/packed', (_, res) => {
			res.setHeader('content-encoding', 'gzip');
			return gzipSync('two');
		});
		const { get } = web();
		expect(await text(await get(at('/plain')))).toBe('one');
		expect(await text(await get(at('/packed')))).toBe('two');
	});

	it('is asked for with what the server said of the last answer, and 304 is nothing new', async () => {
		here.pages.set('/list', (req, res) => {
			res.setHeader('etag', '"7"').setHeader('last-modified', 'Mon, 23 Nov 2026 10:00:00 GMT');
			if (req.headers['if-none-match'] !== '"7"') return 'list';
			res.writeHead(304).end();
		});
		const { get } = web();
		const first = await get(at('/list'));
		expect(await text(first)).toBe('list');
		expect(await get(at('/list'), { since: first!.validators })).toBeUndefined();
		expect(here.asked[1]!.headers['if-modified-since']).toBe('Mon, 23 Nov 2026 10:00:00 GMT');
	});

	it('is never larger than is allowed, also when it is packed small or packed to nothing', async () => {
		const flood = (chunk: Buffer, coding?: string) => (_: unknown, res: ServerResponse) => {
			if (coding) res.setHeader('content-encoding', coding);
			const more = () => {
				while (!res.destroyed && res.write(chunk));
			};
			res.on('drain', more).on('error', () => {});
			more();
		};
		here.pages.set('/bomb', (_, res) => {
			res.setHeader('content-encoding', 'gzip');
			return gzipSync(Buffer.alloc(5_000_000));
		});
		here.pages.set('/endless', flood(Buffer.alloc(65_536, 'a')));
		here.pages.set('/hollow', flood(gzipSync(''), 'gzip')); // members of gzip without anything in them, for ever
		for (const path of ['/bomb', '/endless', '/hollow']) {
			const e = await failure(web().get(at(path)).then(text));
			expect(e, path).toMatchObject({ code: 'too_large' });
			expect(e.message).toContain('WATCHFLOOR_FETCH_SIZE');
		}
	});

	it('is given up when the server is silent, drips, or lets nobody in', async () => {
		here.pages.set('/silent', () => undefined);
		here.pages.set('/stuck', (_, res) => void res.write('half'));
		here.pages.set('/drip', (_, res) => {
			const drip = setInterval(() => res.write('.'), 100);
			res.on('close', () => clearInterval(drip));
		});
		expect((await failure(web({ limits: { idle: 1 } }).get(at('/silent')))).message).toContain('went silent');
		expect(
			(
				await failure(
					web({ limits: { idle: 1 } })
						.get(at('/stuck'))
						.then(text)
				)
			).message
		).toContain('went silent');
		expect(
			(
				await failure(
					web({ limits: { time: 1 } })
						.get(at('/drip'))
						.then(text)
				)
			).message
		).toContain('took too long');
	});

	it('is given up at once when we stop', async () => {
		here.pages.set('/stuck', (_, res) => void res.write('half'));
		const stop = new AbortController();
		const reading = failure(web({ signal: stop.signal }).get(at('/stuck')).then(text));
		setTimeout(() => stop.abort(new Error('stopping')), 50);
		expect((await reading).message).toBe('stopping');
	});

	it.each([
		[404, 'The server answered 404 (not found) for'],
		[401, 'The server answered 401'],
		[500, 'The server answered 500 for']
	])('is an error in words when the server answers %i', async (status, words) => {
		here.pages.set('/x', (_, res) => void res.writeHead(status).end(`<b>${SECRET}</b>`));
		const e = await failure(web({ secret: true }).get(at(`/x?apikey=${SECRET}`)));
		expect(e.message).toContain(words);
		expect(e.message).toContain(`${here.origin}/x`);
		expect(JSON.stringify([e.message, (e as { detail?: unknown }).detail])).not.toContain(SECRET);
	});

	it('tells how long the server wants to be left alone', async () => {
		here.pages.set('/busy', (_, res) => void res.writeHead(429, { 'retry-after': '120' }).end());
		here.pages.set(
			'/later',
			(_, res) => void res.writeHead(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end()
		);
		expect(await failure(web().get(at('/busy')))).toMatchObject({ detail: { status: 429, retryAfter: 120 } });
		const { detail } = (await failure(web().get(at('/later')))) as unknown as { detail: { retryAfter: number } };
		expect(detail.retryAfter).toBeGreaterThan(50);
	});
});

describe('where a fetch may go', () => {
	it('is not to an inner address, nor by a redirect, a name, or a name that changes', async () => {
		const inner = 'refused_address';
		there.pages.set('/', () => 'secret of the house');
		here.pages.set('/away', (_, res) => void res.writeHead(302, { location: `${there.origin}/` }).end());
		here.pages.set(
			'/metadata',
			(_, res) => void res.writeHead(307, { location: 'http://169.254.169.254/latest/' }).end()
		);
		here.pages.set('/file', (_, res) => void res.writeHead(302, { location: 'file:///etc/passwd' }).end());
		expect(await failure(web({ allow: '10.0.0.0/8' }).get(at('/away')))).toMatchObject({ code: inner });
		expect(await failure(web().get(at('/away')))).toMatchObject({ code: inner });
		expect(await failure(web().get(at('/metadata')))).toMatchObject({ code: inner });
		expect((await failure(web().get(at('/file')))).message).toContain('Only http and https');
		const name = new URL(`http://feed.example:${there.port}/`);
		expect(await failure(web({ names: () => '127.0.0.2' }).get(name))).toMatchObject({ code: inner });
		expect(there.asked).toEqual([]);
	});

	it('is to the very address that was looked at: a name that turns round in between leads nowhere else', async () => {
		here.pages.set('/', () => 'outside');
		const faces = ['127.0.0.1', '127.0.0.2'];
		const { get, looked } = web({ names: () => faces.shift() ?? '127.0.0.2' });
		expect(await text(await get(new URL(`http://feed.example:${here.port}/`)))).toBe('outside');
		expect(looked).toEqual(['feed.example']);
		expect(there.asked).toEqual([]);
	});

	it('is not from outside to what the operator has listed for sources inside', async () => {
		const { get } = web({
			allow: '127.0.0.0/8',
			names: (host) => (host === 'outside.example' ? '127.0.0.1' : '127.0.0.2')
		});
		here.pages.set('/', (_, res) => void res.writeHead(302, { location: `${there.origin}/` }).end());
		there.pages.set('/', () => 'inside');
		// from inside to inside is fine
		expect(await text(await get(at('/')))).toBe('inside');
		const outside = new Web(
			Object.assign(new Gate('127.0.0.2,outside.example'), {
				admit: (host: string) =>
					Promise.resolve({
						verdict: host === 'outside.example' ? ('public' as const) : ('listed' as const),
						addresses: [{ address: host === 'outside.example' ? '127.0.0.1' : '127.0.0.2', family: 4 as const }]
					})
			}),
			LIMITS,
			new AbortController().signal
		);
		open.push(outside);
		expect((await failure(outside.get(new URL(`http://outside.example:${here.port}/`)))).message).toContain(
			'lies inside'
		);
	});

	it('is not to what has no TLS unless it is listed', async () => {
		const gate = new Gate(undefined, () => Promise.resolve([{ address: '8.8.8.8', family: 4 }]));
		const plain = new Web(gate, LIMITS, new AbortController().signal);
		open.push(plain);
		expect((await failure(plain.get(new URL('http://feed.example/')))).message).toContain('without TLS');
	});

	it('is five redirects far, and says when there are more', async () => {
		for (let i = 0; i < 10; i++)
			here.pages.set(`/${i}`, (_, res) =>
				i === 5 ? 'here' : void res.writeHead(302, { location: `/${i + 1}` }).end()
			);
		expect(await text(await web().get(at('/0')))).toBe('here');
		here.pages.set('/5', (_, res) => void res.writeHead(302, { location: '/6' }).end());
		expect((await failure(web().get(at('/0')))).message).toContain('more than 5 times');
	});
});

describe('credentials', () => {
	it('go to their own origin and to no other', async () => {
		here.pages.set('/in', (_, res) => void res.writeHead(302, { location: '/out' }).end());
		here.pages.set('/out', (_, res) => void res.writeHead(302, { location: `${there.origin}/` }).end());
		there.pages.set('/', () => 'taken');
		expect(await text(await web({ secret: true, allow: '127.0.0.0/8' }).get(at('/in')))).toBe('taken');
		expect(here.asked.map((a) => a.headers.authorization)).toEqual([`Bearer ${SECRET}`, `Bearer ${SECRET}`]);
		expect(there.asked[0]!.headers.authorization).toBeUndefined();
	});
});

describe('TLS', () => {
	it('is checked: a certificate that nobody vouches for is refused in words, one that is trusted is for its names only', async () => {
		const secure = certificate();
		const safe = await site(secure);
		safe.pages.set('/', () => 'safe');
		try {
			const url = (host: string) => new URL(`https://${host}:${safe.port}/`);
			expect((await failure(web().get(url('feed.example')))).message).toContain('is not trusted');
			expect(await text(await web({ ca: secure.cert }).get(url('feed.example')))).toBe('safe');
			expect((await failure(web({ ca: secure.cert }).get(url('wrong.example')))).message).toContain('is not trusted');
		} finally {
			await safe.close();
		}
	});
});

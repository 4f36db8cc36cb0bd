import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ingest } from '../../src/lib/server/ingest/ingest';
import { bytesOf, missing } from './corpus';
import { fetch, fetching, ground, held, row } from './fetching';
import { site, type Site } from './site';
import { open, type Stage } from './stage';

type Held = { added: string; object: { id: string } };
const TYPE = 'application/taxii+json;version=2.1';
const COLLECTION = '91a7b528-80eb-42ed-a74d-c6fbd5a26116';

let stage: Stage;
let ingest: Ingest;
let server: Site;

/** A domain that is looked for, like no other. */
const indicator = (n: number) => {
	const id = `indicator--00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
	const at = '2026-11-01T00:00:00.000Z';
	return {
		type: 'indicator',
		spec_version: '2.1',
		id,
		created: at,
		modified: at,
		valid_from: at,
		pattern_type: 'stix',
		pattern: `[domain-name:value = 'n${n}.example']`
	};
};

/** A server as the standard has it: strictly after `added_after`, sorted by the time of addition, in pages. */
function serve(objects: Held[], { page = 50, next = true, times = true } = {}) {
	const asked: URL[] = [];
	server.pages.set(`/api1/collections/${COLLECTION}/objects/`, (req, res, url) => {
		asked.push(url);
		if (req.headers.accept !== TYPE) return void res.writeHead(406).end();
		const after = Date.parse(url.searchParams.get('added_after') ?? '1970-01-01T00:00:00Z');
		const all = objects.filter((o) => Date.parse(o.added) > after);
		const token = url.searchParams.get('next');
		if (token && !/^page-\d+$/.test(token)) return void res.writeHead(400).end();
		const start = token ? Number(token.slice(5)) : 0;
		const size = Math.min(page, Number(url.searchParams.get('limit') ?? page));
		const part = all.slice(start, start + size);
		res.setHeader('content-type', TYPE);
		if (times && part.length) {
			res.setHeader('x-taxii-date-added-first', part[0]!.added);
			res.setHeader('x-taxii-date-added-last', part.at(-1)!.added);
		}
		const more = start + size < all.length;
		return {
			...(part.length ? { objects: part.map((p) => p.object) } : {}),
			...(more ? { more, ...(next ? { next: `page-${start + size}` } : {}) } : {})
		};
	});
	return asked;
}

const minutes = (n: number) => new Date(Date.UTC(2026, 10, 1) + n * 60_000).toISOString();
/** 200 of different times, 865 of one time, 100 more. */
const many = (): Held[] => [
	...Array.from({ length: 200 }, (_, i) => ({ added: minutes(i), object: indicator(i) })),
	...Array.from({ length: 865 }, (_, i) => ({
		added: minutes(500).replace('.000Z', '.123456Z'),
		object: indicator(1000 + i)
	})),
	...Array.from({ length: 100 }, (_, i) => ({ added: minutes(600 + i), object: indicator(3000 + i) }))
];
const collection = () => `${server.origin}/api1/collections/${COLLECTION}/`;

beforeAll(async () => {
	stage = await open();
	ingest = stage.intake(stage.client);
});
afterAll(() => stage.close());
beforeEach(async () => void (server = await site()));
afterEach(() => server.close());

describe('a collection of TAXII', () => {
	it('comes whole, although 865 of its objects were added in one moment, and once', async () => {
		const asked = serve(many());
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: collection() });
		expect(await fetch(base, id)).toMatchObject({
			accepted: 1165,
			duplicates: 0,
			quarantined: 0,
			failed: false,
			error: null,
			bodies: 24
		});
		expect(await held(stage, id)).toBe(1165);
		expect(asked[1]!.searchParams.get('next')).toBe('page-50');
		// the next sweep begins before the last moment, so that what is added in it is not lost
		expect(await fetch(base, id)).toMatchObject({ accepted: 0, duplicates: 1 });
		// and the same answer a second time is not taken again
		expect(await fetch(base, id)).toMatchObject({ accepted: 0, duplicates: 0, bodies: 0, failed: false });
	});

	it('brings what is added later, also in the very moment that was the last', async () => {
		const objects = many();
		serve(objects);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: collection() });
		await fetch(base, id);
		objects.push(
			{ added: objects.at(-1)!.added, object: indicator(5000) },
			{ added: minutes(900), object: indicator(5001) }
		);
		expect(await fetch(base, id)).toMatchObject({ accepted: 2 });
		expect(await held(stage, id)).toBe(1167);
	});

	it.each([
		['with pages that grow', 1000],
		['whose pages do not grow', 50]
	])('comes as far as the server lets it when it gives no word for the next page, %s', async (_, page) => {
		serve(many(), { next: false, page });
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: collection() });
		const outcome = await fetch(base, id);
		expect(outcome.failed).toBe(false);
		// 50 at once of 865 in one moment: there is no way to ask for the others, and that is said
		expect(await held(stage, id)).toBe(page === 1000 ? 1165 : 350);
		expect(outcome.error).toEqual(page === 1000 ? null : expect.stringContaining('some may be missing'));
	});

	it('goes on where the last commit left, when the server was stopped in the middle: nothing lost, nothing twice', async () => {
		const asked = serve(many());
		const stop = new AbortController();
		let bodies = 0;
		const breaking = {
			deliver: async (...args: Parameters<Ingest['deliver']>) => {
				const delivery = await ingest.deliver(...args);
				if (++bodies === 7) stop.abort(new Error('stopping'));
				return delivery;
			}
		};
		const base = ground(stage, breaking);
		const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: collection() });
		const { now } = await import('../../src/lib/server/fetch');
		await expect(now(base, id, stop.signal)).rejects.toThrow('stopping');
		expect(await held(stage, id)).toBe(350);
		expect(await row(stage, id)).toMatchObject({ cursor: { next: 'page-350' }, failures: 0, error: null, lease: null });
		const before = asked.length;
		expect(await fetch(ground(stage, ingest), id)).toMatchObject({ accepted: 815, duplicates: 0, failed: false });
		expect(asked[before]!.searchParams.get('next')).toBe('page-350');
		expect(await held(stage, id)).toBe(1165);
	});

	it('goes on from the last moment when the server has forgotten its pages meanwhile', async () => {
		serve(many());
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: collection() });
		const place = { objects: `${collection()}objects/`, next: 'forgotten', last: minutes(199), began: minutes(1000) };
		await stage.client.sql`update fetches set cursor = ${stage.client.sql.json(place)} where source_id = ${id}`;
		expect(await fetch(base, id)).toMatchObject({ accepted: 966, failed: false });
	});

	it('overlaps by the clock when the server tells no times', async () => {
		const asked = serve(many().slice(0, 20), { times: false });
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: collection() });
		await fetch(base, id);
		await fetch(base, id);
		const after = Date.parse(asked[1]!.searchParams.get('added_after')!);
		expect(Date.now() - after).toBeGreaterThan(299_000);
	});

	it('that turns in a circle is broken off and said', async () => {
		server.pages.set(`/api1/collections/${COLLECTION}/objects/`, () => ({
			more: true,
			next: 'again',
			objects: [indicator(1)]
		}));
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: collection() });
		expect(await fetch(base, id)).toMatchObject({ failed: true, error: expect.stringContaining('circle') as string });
	});

	it('that answers something else is an error in words', async () => {
		const base = ground(stage, ingest);
		for (const [answer, words] of [
			['<html>', 'no JSON'],
			[{ objects: 'none' }, 'no envelope'],
			[null, 'no envelope']
		] as const) {
			server.pages.set(`/api1/collections/${COLLECTION}/objects/`, () => (answer === null ? 'null' : answer));
			const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: collection() });
			expect((await fetch(base, id)).error).toContain(words);
		}
	});
});

describe.skipIf(missing)('answers that were recorded', () => {
	const recorded = (name: string) =>
		JSON.parse(bytesOf(`taxii/client-test-responses/v21/${name}.json`).toString()) as Record<string, unknown>;

	beforeEach(() => {
		const here = (value: unknown) =>
			JSON.parse(JSON.stringify(value).replaceAll(/https:\/\/example\.(com|net)/g, server.origin)) as unknown;
		server.pages.set('/taxii2/', () => here(recorded('DISCOVERY_RESPONSE')));
		server.pages.set('/api1/', () => recorded('API_ROOT_RESPONSE'));
		server.pages.set('/api1/collections/', () => recorded('COLLECTIONS_RESPONSE'));
		server.pages.set('/api2/collections/', () => ({ collections: [recorded('WRITABLE_COLLECTION')] }));
		serve([{ added: minutes(1), object: indicator(1) }]);
	});

	it.each(['/taxii2/', '/taxii2', '/api1/'])(
		'lead from %s to the collection that is meant, by id or by title',
		async (path) => {
			for (const name of [COLLECTION, 'High Value Indicator Collection']) {
				const base = ground(stage, ingest);
				const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: server.origin + path, collection: name });
				expect(await fetch(base, id)).toMatchObject({ accepted: 1, failed: false });
			}
		}
	);

	it('name the collections there are when it is not said which, and say when one may not be read', async () => {
		const base = ground(stage, ingest);
		const several = await fetching(stage, base, 'stix', { kind: 'taxii', url: `${server.origin}/taxii2/` });
		expect((await fetch(base, several)).error).toMatch(/several collections.*91a7b528.*52892447/);
		const closed = await fetching(stage, base, 'stix', {
			kind: 'taxii',
			url: `${server.origin}/taxii2/`,
			collection: 'e278b87e-0f9b-4c63-a34c-c8f0b3e91acb'
		});
		expect((await fetch(base, closed)).error).toContain('may be written and not be read');
		const none = await fetching(stage, base, 'stix', {
			kind: 'taxii',
			url: `${server.origin}/taxii2/`,
			collection: 'nothing'
		});
		expect((await fetch(base, none)).error).toContain('no collection "nothing"');
	});

	it('of a real collection come whole, page by page', async () => {
		const pages = [
			'pages_meta',
			...['2026-08-01.0', '2026-08-04.1', '2026-08-08.0', '2026-08-13.0'].map((p) => `pages/${p}`)
		];
		const objects = pages.flatMap((p) =>
			(JSON.parse(bytesOf(`taxii/tweetfeed/${p}.json`).toString()) as { id: string; created: string }[]).map(
				(object) => ({ added: object.created, object })
			)
		);
		serve(
			objects.sort((a, b) => Date.parse(a.added) - Date.parse(b.added)),
			{ page: 60 }
		);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'stix', { kind: 'taxii', url: collection() });
		expect(await fetch(base, id)).toMatchObject({ accepted: 426, quarantined: 0, failed: false, bodies: 8 });
	});
});

describe('who asks', () => {
	it.each([
		[{ user: 'cert' }, { authorization: `Basic ${Buffer.from('cert:s3cret-s3cret').toString('base64')}` }],
		[{ header: 'X-Api-Key' }, { 'x-api-key': 's3cret-s3cret' }],
		[{ header: 'Authorization' }, { authorization: 's3cret-s3cret' }],
		[{}, { authorization: 'Bearer s3cret-s3cret' }]
	])('is said as %j', async (how, headers) => {
		serve([{ added: minutes(1), object: indicator(1) }]);
		const base = ground(stage, ingest);
		const id = await fetching(stage, base, 'stix', {
			kind: 'taxii',
			url: collection(),
			secret: 's3cret-s3cret',
			...how
		});
		expect(await fetch(base, id)).toMatchObject({ accepted: 1 });
		expect(server.asked[0]!.headers).toMatchObject(headers);
	});
});

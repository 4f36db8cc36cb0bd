import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { busy, conflict } from '$lib/core/error';
import * as log from '$lib/server/ops/log';
import * as metrics from '$lib/server/ops/metrics';
import type { Client } from '$lib/server/store/client';
import { sources } from '$lib/server/store/schema';
import { database } from '../../../tests/database';
import { gap, problem } from './problem';

const event = {
	locals: { id: 'abc', app: { log: log.open('silent'), metrics: metrics.open() } },
	route: { id: '/api/v1/sources' },
	request: { method: 'GET' }
};
const told = async (answer: Response) => ({
	status: answer.status,
	type: answer.headers.get('content-type'),
	retry: answer.headers.get('retry-after'),
	body: (await answer.json()) as Record<string, unknown>
});
const thrown = (work: PromiseLike<unknown>) =>
	work.then(
		() => expect.fail('it went well'),
		(e: unknown) => e
	);

let client: Client;
beforeAll(async () => {
	client = await database();
});
afterAll(() => client.close());

test('a problem of ours is told with its code, its detail and the name of the request', async () => {
	const { status, type, body } = await told(problem(conflict('It has changed.', { version: 3, status: 'x' }), event));
	expect([status, type]).toEqual([409, 'application/problem+json']);
	expect(body).toEqual({
		type: 'about:blank',
		title: 'Conflict',
		status: 409,
		code: 'conflict',
		detail: 'It has changed.',
		error_id: 'abc',
		version: 3
	});
});

test('too much at once says when to come again', async () => {
	const { status, retry, body } = await told(problem(busy('The queue is full.', 0.2), event));
	expect([status, retry, body.code]).toEqual([429, '1', 'busy']);
});

test('what nobody foresaw is told without what it holds', async () => {
	const { status, body } = await told(problem(new Error('password=secret'), event));
	expect([status, body.code, body.error_id]).toEqual([500, 'internal', 'abc']);
	expect(JSON.stringify(body)).not.toContain('secret');
});

test('a read that takes too long asks for a narrower one', async () => {
	const short = client.open(1, 0.1);
	const { status, body } = await told(problem(await thrown(short`select pg_sleep(20)`), event));
	await short.end();
	expect([status, body.code, body.detail]).toEqual([503, 'too_slow', 'This took too long: narrow the time range.']);
});

test('a database that is not there, or ends the connection, asks to come again', async () => {
	const nobody = postgres('postgres://nobody@127.0.0.1:1/none', { max: 1, connect_timeout: 1 });
	const cut = client.open(1, 10);
	const errors = [await thrown(nobody`select 1`), await thrown(cut`select pg_terminate_backend(pg_backend_pid())`)];
	await Promise.all([nobody.end({ timeout: 0 }), cut.end({ timeout: 0 })]);
	for (const e of errors) {
		const { status, retry, body } = await told(problem(e, event));
		expect([status, retry, body.code]).toEqual([503, '1', 'database']);
	}
});

test('a mistake in a query is ours and shows nothing of it, also when it is wrapped', async () => {
	await client.sql`insert into sources (slug, name, format, tlp, cadence) values ('feed', 'Feed', 'intelmq', 1, 60)`;
	const twice = client.db
		.insert(sources)
		.values({ slug: 'feed', name: 'Feed', format: 'intelmq', tlp: 1, cadence: 60 });
	for (const e of [await thrown(client.sql`select nothing from nowhere`), await thrown(twice)]) {
		const { status, body } = await told(problem(e, event));
		expect([status, body.code]).toEqual([500, 'internal']);
		expect(JSON.stringify(body)).not.toMatch(/nowhere|feed/);
	}
	expect(await event.locals.app.metrics.registry.getSingleMetricAsString('watchfloor_database_errors_total')).toContain(
		'code="42P01"'
	);
});

test('an answer that the framework made becomes a problem, and one that is one stays', async () => {
	const { status, type, body } = await told(
		gap(new Response('<h1>no</h1>', { status: 405, headers: { allow: 'GET' } }), event)
	);
	expect([status, type, body.code]).toEqual([405, 'application/problem+json', 'method_not_allowed']);
	const ours = problem(conflict('x'), event);
	expect(gap(ours, event)).toBe(ours);
	const fine = new Response('fine');
	expect(gap(fine, event)).toBe(fine);
});

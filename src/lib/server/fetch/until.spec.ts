import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { whole } from './bytes';
import { Gate } from './gate';
import { until } from './until';
import { Web } from './web';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A web that gives up after a second, and a server that never ends and never falls silent, with garbage collected meanwhile. */
async function dripping<T>(work: (web: Web, url: URL, stop: AbortController) => Promise<T>): Promise<T> {
	const server = createServer((_, res) => {
		const drip = setInterval(() => {
			collect();
			res.write('.');
		}, 100);
		res.on('close', () => clearInterval(drip));
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const stop = new AbortController();
	const limits = { size: 1e6, document: 1e6, connect: 5, idle: 5, time: 1 };
	const web = new Web(new Gate('127.0.0.1'), limits, stop.signal);
	try {
		return await work(web, new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), stop);
	} finally {
		await web.close();
		await new Promise((done) => server.close(done).closeAllConnections());
	}
}

const failure = (work: Promise<unknown>): Promise<Error> =>
	work.then(
		() => expect.fail('it went well'),
		(e: Error) => e
	);

it('a body that drips is given up in time, also when garbage is collected meanwhile', async () => {
	const e = await dripping(async (web, url) => failure(whole((await web.get(url))!.bytes)));
	expect(e.message).toContain('took too long');
}, 20_000);

it('a body that drips is given up when we stop, also when garbage is collected meanwhile', async () => {
	const e = await dripping(async (web, url, stop) => {
		const reading = failure(whole((await web.get(url))!.bytes));
		setTimeout(() => stop.abort(new Error('stopping')), 300);
		return reading;
	});
	expect(e.message).toBe('stopping');
}, 20_000);

it('a name that is looked up for ever is given up in time, and when we stop', async () => {
	const gate = new Gate(undefined, () => new Promise(() => {}));
	const limits = { size: 1e6, document: 1e6, connect: 5, idle: 5, time: 1 };
	const stop = new AbortController();
	const web = new Web(gate, limits, stop.signal);
	const url = new URL('https://slow.example/');
	expect((await failure(web.get(url))).message).toContain('took too long');
	const asking = failure(web.get(url));
	stop.abort(new Error('stopping'));
	expect((await asking).message).toBe('stopping');
	await web.close();
});

it('what has ended before is over from the beginning', () => {
	const { signal } = until(AbortSignal.abort(new Error('stopped')), 60);
	expect(signal.aborted && (signal.reason as Error).message).toBe('stopped');
});

it('what is done with is never called over', async () => {
	const stop = new AbortController();
	const { signal, done } = until(stop.signal, 0.01);
	done();
	stop.abort();
	await new Promise((later) => setTimeout(later, 50));
	expect(signal.aborted).toBe(false);
});

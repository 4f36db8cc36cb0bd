import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzip } from 'node:zlib';
import { DAY, HOUR } from '../lib/core/clock';
import { isProblem } from '../lib/core/error';
import * as cases from './cases';
import { knock, type Door } from './door';
import { history, truth, type Delivery, type Options, type Truth } from './generator';

const pack = promisify(gzip);

/** What is sent first, so that the first picture is full: the window of a wall. */
const RECENT = 26 * HOUR;
/** Lines of one post of history. */
const BATCH = 5000;
/** Milliseconds between two posts of what happens now. */
const BEAT = 250;
/** A day is taken as there already when so large a part of its reports is. */
const THERE = 0.98;

/** How far it has come: `done` and `total` are seconds of history, `sent` is lines. */
export type Progress = {
	phase: 'recent' | 'incidents' | 'history' | 'live';
	sent: number;
	done: number;
	total: number;
};

export type Settings = {
	/** address of the server, such as http://127.0.0.1:3000 */
	base: string;
	/** the token of each source; a source without one is left out */
	sources: { slug: string; token: string }[];
	/** token of a program that may write incidents */
	analyst: string;
	seed: number;
	/** days of history */
	days: number;
	/** multiplies the volume, of history and live; 1 is about 33,000 reports a day */
	rate: number;
	signal: AbortSignal;
	log: (message: string) => void;
	onProgress?: (progress: Progress) => void;
	/** told what really happens: first of all of the history, then what begins */
	onTruth?: (found: Truth[]) => void;
};

type Stream = Door & {
	tokens: Map<string, string>;
	analyst: string;
	seed: number;
	options: Options;
	tell: (phase: Progress['phase'], sent?: number, done?: number) => void;
	/** writes down what touches the history, or what begins between two moments that are no history */
	write: (from: number, to: number) => void;
};

/**
 * Plays an exercise to a server until the signal: the last 26 hours, the incidents, then what happens now, and beside
 * it the older history backwards. Started again on the same data it changes nothing that is there. A restart of the
 * server is waited for.
 * @throws Problem when the server refuses a token or a request
 */
export async function run({
	base,
	sources,
	analyst,
	seed,
	days,
	rate,
	signal: given,
	log,
	onProgress,
	onTruth
}: Settings): Promise<void> {
	// One part's failure stops the others.
	const stop = new AbortController();
	const abort = () => stop.abort(given.reason);
	if (given.aborted) return;
	given.addEventListener('abort', abort, { once: true });
	const { signal } = stop;

	const now = Math.floor(Date.now() / 1000);
	const total = days * DAY;
	const state: Progress = { phase: 'recent', sent: 0, done: 0, total };
	const tell: Stream['tell'] = (phase, sent = 0, done = 0) => {
		Object.assign(state, { phase, sent: state.sent + sent, done: Math.min(total, state.done + done) });
		onProgress?.({ ...state });
	};
	const stream: Stream = {
		base: base.replace(/\/+$/, ''),
		signal,
		log,
		tokens: new Map(sources.map((s) => [s.slug, s.token])),
		analyst,
		seed,
		options: { rate, now },
		tell,
		write: (from, to) => onTruth?.(truth(seed, from, to, now).filter((t) => to <= now || t.from >= from))
	};
	const desk = { ...stream, token: analyst };

	try {
		await knock(stream, '/readyz');
		stream.write(now - total, now);
		await past(stream, now - Math.min(RECENT, total), now, 'recent');
		tell('incidents');
		await cases.open(desk, now);
		tell('live');
		await Promise.all([live(stream, now), older(stream, now - RECENT, now - total, rate), cases.work(desk)]);
	} catch (e) {
		if (!given.aborted) throw e;
	} finally {
		stop.abort();
		given.removeEventListener('abort', abort);
	}
}

/** Sends what happens, as it happens. Paced by the clock: after a break everything missed follows at once. */
async function live(stream: Stream, from: number): Promise<never> {
	const coming = history(stream.seed, from, Infinity, stream.options);
	let next = coming.next();
	let written = from;
	for (;;) {
		const due: Delivery[] = [];
		for (const now = Date.now() / 1000; !next.done && next.value.at <= now; next = coming.next()) due.push(next.value);
		const minute = Math.floor(Date.now() / 60_000) * 60;
		if (minute > written) {
			stream.write(written, minute);
			written = minute;
		}
		await Promise.all([...bySource(due)].map(([slug, lines]) => send(stream, slug, lines)));
		if (due.length) stream.tell('live', due.length);
		await sleep(BEAT - (Date.now() % BEAT), undefined, { signal: stream.signal });
	}
}

/** Sends older history, the latest first. */
async function older(stream: Stream, to: number, from: number, rate: number): Promise<void> {
	const step = Math.max(HOUR, Math.floor(DAY / Math.max(1, rate)));
	for (let end = to; end > from; end -= step) await past(stream, Math.max(from, end - step), end, 'history');
	if (to > from) stream.log('The history is complete.');
}

/** Sends what was delivered in [from, to), unless it is there already. */
async function past(stream: Stream, from: number, to: number, phase: 'recent' | 'history'): Promise<void> {
	const found: Delivery[] = [];
	let good = 0;
	for (const item of history(stream.seed, from, to, stream.options)) {
		found.push(item);
		if (item.mark === 'good') good++;
	}
	if (!(await there(stream, from, to, good))) {
		for (const [slug, items] of bySource(found)) {
			for (let i = 0; i < items.length; i += BATCH) {
				const part = items.slice(i, i + BATCH);
				await send(stream, slug, part, new Date(part.at(-1)!.at * 1000));
				stream.tell(phase, part.length);
			}
		}
	}
	stream.tell(phase, 0, to - from);
}

async function there({ analyst, ...door }: Stream, from: number, to: number, good: number): Promise<boolean> {
	const iso = (s: number) => encodeURIComponent(new Date(s * 1000).toISOString());
	try {
		const { body } = await knock(door, `/api/v1/aggregates?by=province&from=${iso(from)}&to=${iso(to)}`, {
			token: analyst
		});
		const total = typeof body === 'object' && body !== null && 'total' in body ? Number(body.total) : 0;
		return total >= THERE * good;
	} catch (e) {
		if (isProblem(e)) return false;
		throw e;
	}
}

function bySource(items: Delivery[]): Map<string, Delivery[]> {
	const out = new Map<string, Delivery[]>();
	for (const item of items) {
		const list = out.get(item.source);
		if (list) list.push(item);
		else out.set(item.source, [item]);
	}
	return out;
}

/**
 * Posts lines of one source. `received` says when a past delivery arrived, so that a source that has long been silent
 * is not taken for one that has just spoken.
 */
async function send(stream: Stream, slug: string, items: Delivery[], received?: Date): Promise<void> {
	const token = stream.tokens.get(slug);
	if (token === undefined) return;
	const headers: Record<string, string> = { 'content-type': 'application/x-ndjson' };
	if (received) headers['x-exercise-received'] = received.toISOString();
	let body: Uint8Array | string = items.map((i) => `${i.line}\n`).join('');
	if (items.length > 20) {
		headers['content-encoding'] = 'gzip';
		body = await pack(body, { level: 1 });
	}
	await knock(stream, `/api/v1/ingest/${encodeURIComponent(slug)}`, { method: 'POST', token, headers, body });
}

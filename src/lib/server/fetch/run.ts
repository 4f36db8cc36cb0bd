import type { JSONValue } from 'postgres';
import { isProblem, Problem } from '$lib/core/error';
import type { Delivery, Ingest } from '../ingest/ingest';
import type { Log } from '../ops/log';
import type { Sql } from '../store/client';
import * as fetches from '../store/fetch';
import type { Settings, Step, Visit } from './fetcher';
import type { Gate } from './gate';
import { KINDS } from './kinds';
import type { Seal } from './seal';
import type { Hidden } from './setup';
import { Web, type Credentials, type Limits } from './web';

/** What a run stands on; one for a process. */
export type Ground = {
	sql: Sql;
	ingest: Pick<Ingest, 'deliver'>;
	gate: Gate;
	limits: Limits;
	seal: Seal;
	log: Log;
	/** certificates to trust instead of the system's; for tests */
	ca?: string;
};
export type Counts = Pick<Delivery, 'accepted' | 'duplicates' | 'quarantined' | 'ignored'> & { bodies: number };
/** What came of a run: `error` in words for people, null when all is well; `failed` when it was broken off. */
export type Outcome = Counts & { slug: string; failed: boolean; error: string | null; next: number };

/** Seconds after which a run makes room for others; it goes on in its turn. */
const LONGEST = 3600;
/** Seconds of the first wait after a failure, and of the longest. */
const FIRST = 30;
const MOST = 3600;

/**
 * Fetches from one source that was taken, until there is no more: what comes is delivered as if it had been sent, and
 * where to go on is written after each commit.
 * @throws the reason of `signal` when it was stopped; then the source has been given back
 */
export async function run(ground: Ground, taken: fetches.Taken, signal: AbortSignal): Promise<Outcome> {
	const { sql, log } = ground;
	const began = Date.now();
	const total: Counts = { bodies: 0, accepted: 0, duplicates: 0, quarantined: 0, ignored: 0 };
	const notes = { first: '', more: -1 };
	const note = (text: string) => {
		if (++notes.more === 0) notes.first = text;
	};
	let secrets: string[] = [];
	/** Whatever is said is said without what is secret, wherever it may have got into it. */
	const hide = (text: string) => secrets.reduce((said, secret) => said.replaceAll(secret, '[secret]'), text);
	// Not AbortSignal.any: what it makes is kept as long as the signal of the process.
	const lost = new AbortController();
	const stop = () => lost.abort(signal.reason);
	signal.addEventListener('abort', stop, { once: true });
	const renewing = setInterval(
		() =>
			void fetches.renew(sql, taken).then(
				(mine) => mine || lost.abort(new Problem('conflict', 409, 'Another process fetches this source now.')),
				() => {} // the database is away; the next write says so
			),
		(fetches.LEASE * 1000) / 3
	);
	let web: Web | undefined;
	let more = false;
	let failure: unknown;
	try {
		const fetcher = KINDS.get(taken.kind);
		if (!fetcher) throw new Problem('fetch', 500, `What comes by ${taken.kind} is not known any more.`);
		const settings = taken.settings as Settings;
		signal.throwIfAborted();
		const hidden = (taken.sealed ? ground.seal.open(taken.sealed, taken.source) : {}) as Hidden;
		secrets = forms(hidden, settings);
		const url = new URL(settings.url ?? 'file:///');
		url.search = hidden.query ?? '';
		web = new Web(ground.gate, ground.limits, lost.signal, credentials(url, settings, hidden.secret), ground.ca);
		const visit: Visit = {
			settings,
			url,
			web,
			known: hidden.secret !== undefined,
			cursor: taken.cursor,
			stamps: await fetches.stamps(sql, taken.source),
			size: ground.limits.size,
			note
		};
		for await (const step of fetcher.run(visit)) {
			const done = await deliver(ground, taken.source, step, total, visit.note);
			if (done) await fetches.advance(sql, taken, { cursor: step.cursor as JSONValue | undefined, mark: step.mark });
			lost.signal.throwIfAborted();
			more = Date.now() - began > LONGEST * 1000;
			if (more) break;
		}
	} catch (e) {
		failure = e;
	} finally {
		clearInterval(renewing);
		signal.removeEventListener('abort', stop);
		await web?.close();
	}
	if (signal.aborted) {
		await fetches.release(sql, taken).catch(() => {});
		throw signal.reason;
	}
	if (total.quarantined && !total.accepted && !total.duplicates)
		note('Nothing of what came could be read; it is in quarantine.');
	const error = failure ? words(failure) : notes.first ? several(notes) : null;
	const said = error === null ? null : hide(error).slice(0, 500);
	const next = failure ? pause(taken, failure) : more ? 0 : Math.max(1, taken.cadence - (Date.now() - began) / 1000);
	await fetches.settle(sql, taken, { next, failed: failure !== undefined, error: said });
	const facts = { source: taken.slug, kind: taken.kind, ...total, ms: Date.now() - began };
	if (!failure) log.info({ ...facts, ...(said ? { said } : {}) }, 'fetched');
	else if (isProblem(failure)) log.warn({ ...facts, said }, 'could not be fetched');
	else log.error({ ...facts, said, stack: hide(String((failure as Error).stack)) }, 'could not be fetched');
	return { slug: taken.slug, ...total, failed: failure !== undefined, error: said, next };
}

/** Delivers the body of a step. False when this part is to be tried again in the next run. */
async function deliver(
	{ ingest }: Ground,
	source: number,
	{ body, mark }: Step,
	total: Counts,
	note: (text: string) => void
): Promise<boolean> {
	if (!body) return true;
	try {
		const delivery = await ingest.deliver(source, body);
		total.bodies++;
		for (const name of ['accepted', 'duplicates', 'quarantined', 'ignored'] as const) total[name] += delivery[name];
		return true;
	} catch (e) {
		// One part among many that cannot be read as a whole does not hold back the others.
		if (!mark || !isProblem(e) || !['broken_envelope', 'too_large', 'changed'].includes(e.code)) throw e;
		note(e.message.startsWith(mark.item) ? e.message : `${mark.item}: ${e.message}`);
		return e.code === 'broken_envelope'; // the same bytes would fail again
	}
}

function credentials(url: URL, { user, header }: Settings, secret: string | undefined): Credentials | undefined {
	if (secret === undefined) return undefined;
	const headers = user
		? { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` }
		: { [(header ?? 'authorization').toLowerCase()]: header ? secret : `Bearer ${secret}` };
	return { origin: url.origin, headers };
}

/** Seconds to the next try: twice as long after each failure, a little by chance, so that many do not come back together; or as the server wants it. */
export function pause({ failures }: Pick<fetches.Taken, 'failures'>, failure: unknown, chance = Math.random): number {
	const wait = Math.min(MOST, FIRST * 2 ** Math.min(failures, 20)) * (0.75 + chance() / 2);
	const asked = isProblem(failure) ? Number(failure.detail.retryAfter ?? 0) : 0;
	return Math.max(wait, asked);
}

const words = (e: unknown): string =>
	isProblem(e) ? e.message : 'Something went wrong on our side; the log of the server says what.';

const several = ({ first, more }: { first: string; more: number }): string =>
	more ? `${first} And ${more} more like it.` : first;

/** What is secret, in every form that a server can put into an address, the longest first. */
function forms({ secret, query }: Hidden, { user }: Settings): string[] {
	// A short value of a query is a word such as `json`, and no key.
	const keys = [...new URLSearchParams(query).values()].filter((value) => value.length >= 8);
	const plain = secret ? [secret, ...keys] : keys;
	const basic = secret && user ? [Buffer.from(`${user}:${secret}`).toString('base64')] : [];
	return [...plain, ...basic]
		.flatMap((s) => [s, encodeURIComponent(s), encodeURI(s)])
		.sort((a, b) => b.length - a.length);
}

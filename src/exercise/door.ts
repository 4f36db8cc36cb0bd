import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../lib/core/error';

/** The server's front door, as any sender of reports meets it: HTTP, a token, and patience. */
export type Door = { base: string; signal: AbortSignal; log: (message: string) => void };

export type Request = { method?: string; token?: string; headers?: Record<string, string>; body?: Uint8Array | string };
export type Answer = { status: number; body: unknown; etag: string | null };

/** Milliseconds that one request may take. */
const TIMEOUT = 120_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;

/**
 * Sends one request until it is answered: what is too much at once waits as `Retry-After` says, a lost connection and a
 * fault of the server are tried again with growing pauses, without end: sending again changes nothing.
 * @throws Problem with the server's code for any other refusal; the signal's reason when it is aborted
 */
export async function knock(door: Door, path: string, request: Request = {}): Promise<Answer> {
	let said = false;
	for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
		let wait = pause * (0.5 + Math.random());
		let why: string;
		try {
			const answer = await once(door, path, request);
			if (answer.status < 400) {
				if (said) door.log('The server answers again.');
				return answer;
			}
			if (answer.status === 429) wait = answer.retryAfter;
			else if (answer.status < 500) throw refusal(answer, path);
			why = answer.status === 429 ? '' : `answered ${answer.status}`;
		} catch (e) {
			door.signal.throwIfAborted();
			if (e instanceof Problem) throw e;
			why = `no answer: ${reason(e)}`;
		}
		if (why && !said) {
			said = true;
			door.log(`The server is not ready (${why}); trying again.`);
		}
		await sleep(wait, undefined, { signal: door.signal });
	}
}

async function once({ base, signal }: Door, path: string, { method = 'GET', token, headers, body }: Request) {
	// Not AbortSignal.any: its signals live as long as the long-lived one they follow.
	const stop = new AbortController();
	const abort = () => stop.abort(signal.reason);
	signal.throwIfAborted();
	signal.addEventListener('abort', abort, { once: true });
	const timer = setTimeout(() => stop.abort(new Error('no answer in time')), TIMEOUT);
	try {
		const response = await fetch(base + path, {
			method,
			body: body as BodyInit,
			signal: stop.signal,
			headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers }
		});
		const text = await response.text();
		const after = Number(response.headers.get('retry-after'));
		return {
			status: response.status,
			body: parse(text),
			etag: response.headers.get('etag'),
			retryAfter: Math.min(30_000, Math.max(200, after > 0 ? after * 1000 : 1000))
		};
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', abort);
	}
}

function refusal({ status, body }: Answer, path: string): Problem {
	const said = (typeof body === 'object' && body !== null ? body : {}) as {
		code?: unknown;
		detail?: unknown;
		title?: unknown;
	};
	const why = [said.detail, said.title].find((t) => typeof t === 'string') ?? 'no reason given';
	return new Problem(
		typeof said.code === 'string' ? said.code : 'refused',
		status,
		`${path} was refused with ${status}: ${why}`
	);
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function reason(e: unknown): string {
	const cause = e instanceof Error && e.cause instanceof Error ? e.cause : e;
	return cause instanceof Error
		? 'code' in cause && typeof cause.code === 'string'
			? cause.code
			: cause.message
		: String(cause);
}

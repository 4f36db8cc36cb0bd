import { Agent, request } from 'undici';
import { invalid, isProblem, Problem } from '$lib/core/error';
import { limited, unzip, whole, type Bytes } from './bytes';
import type { Address, Gate } from './gate';
import { cut, until, type Until } from './until';
import { explain, refusal, show } from './words';

/** Bytes, and seconds. */
export type Limits = { size: number; document: number; connect: number; idle: number; time: number };
/** What is sent to one origin and to no other. */
export type Credentials = { origin: string; headers: Readonly<Record<string, string>> };
/** By what the server knows whether we have its answer already. */
export type Validators = { etag?: string; modified?: string };
export type Answer = { url: URL; header(name: string): string | undefined; bytes: Bytes; validators: Validators };
type Ask = { accept?: string; since?: Validators };
type Known = { addresses: Address[]; listed: boolean; until: number };

const REDIRECTS = 5;
/** Milliseconds that an address that was looked at stays good. */
const FRESH = 60_000;
/** Seconds that a server may ask to be left alone. */
const LONGEST = 86_400;

/**
 * The web as one run of one source may see it: through the gate, within limits. A connection goes to the very address
 * that was looked at, redirects are followed by hand, and each of them is looked at again.
 */
export class Web {
	readonly #agent: Agent;
	readonly #known = new Map<string, Known>();
	/** whether the source itself lies inside; only then may it lead to others that do */
	#inside: boolean | undefined;

	/** @param ca certificates to trust instead of the system's; for tests */
	constructor(
		readonly gate: Gate,
		readonly limits: Limits,
		readonly signal: AbortSignal,
		readonly credentials?: Credentials,
		ca?: string
	) {
		this.#agent = new Agent({
			connections: 2,
			connect: {
				...(ca ? { ca } : {}),
				timeout: limits.connect * 1000,
				lookup: (host, options, done) => {
					const known = this.#known.get(host)?.addresses;
					if (!known?.length) done(new Error('an address that nobody has looked at'), '', 0);
					else if (options.all) done(null, known);
					else done(null, known[0]!.address, known[0]!.family);
				}
			}
		});
	}

	/**
	 * Asks for a URL. Undefined when the server says that nothing has changed.
	 * @throws Problem in words for people; `answer` with `status` and `retryAfter` when the server refuses
	 */
	async get(start: URL, ask: Ask = {}): Promise<Answer | undefined> {
		const end = until(this.signal, this.limits.time);
		let answer: Answer | undefined;
		try {
			return (answer = await this.#ask(start, ask, end));
		} finally {
			if (!answer) end.done();
		}
	}

	async #ask(start: URL, ask: Ask, end: Until): Promise<Answer | undefined> {
		let url = start;
		for (let hops = 0; ; hops++) {
			try {
				await cut(this.#admit(url), end.signal);
				const answer = await request(url, {
					dispatcher: this.#agent,
					method: 'GET',
					headers: this.#headers(url, ask),
					signal: end.signal,
					headersTimeout: this.limits.idle * 1000,
					bodyTimeout: this.limits.idle * 1000
				});
				const header = (name: string) => {
					const value = answer.headers[name];
					return Array.isArray(value) ? value[0] : value;
				};
				const status = answer.statusCode;
				if (status === 200)
					return {
						url,
						header,
						bytes: this.#body(answer.body as Bytes, header('content-encoding'), url, end),
						validators: { etag: header('etag'), modified: header('last-modified') }
					};
				await answer.body.dump({ limit: 65_536 }).catch(() => {});
				if (status === 304 && (ask.since?.etag || ask.since?.modified)) return undefined;
				const location = header('location');
				if (![301, 302, 303, 307, 308].includes(status) || !location)
					throw refusal(url, status, retryAfter(header('retry-after')));
				if (hops === REDIRECTS)
					throw new Problem('fetch', 502, `${show(start)} leads on more than ${REDIRECTS} times.`);
				if (!URL.canParse(location, url)) throw new Problem('fetch', 502, `${show(url)} leads to what is no address.`);
				url = new URL(location, url);
			} catch (e) {
				if (this.signal.aborted && !isProblem(e)) throw this.signal.reason;
				throw explain(e, url);
			}
		}
	}

	/** Asks for JSON that is read as a whole. */
	async json(url: URL, ask: Ask = {}): Promise<(Answer & { value: unknown; raw: Buffer }) | undefined> {
		const answer = await this.get(url, { accept: 'application/json', ...ask });
		if (!answer) return undefined;
		const raw = await whole(limited(answer.bytes, this.limits.document, show(answer.url), 'WATCHFLOOR_MAX_DOCUMENT'));
		try {
			return { ...answer, raw, value: JSON.parse(raw.toString('utf8').replace(/^\uFEFF/, '')) };
		} catch {
			throw new Problem('fetch', 502, `What ${show(answer.url)} answers is no JSON.`);
		}
	}

	async close(): Promise<void> {
		await this.#agent.destroy();
	}

	#headers(url: URL, { accept = '*/*', since }: Ask): Record<string, string> {
		return {
			accept,
			'accept-encoding': 'gzip',
			'user-agent': 'Watchfloor',
			...(since?.etag ? { 'if-none-match': since.etag } : {}),
			...(since?.modified ? { 'if-modified-since': since.modified } : {}),
			...(url.origin === this.credentials?.origin ? this.credentials.headers : {})
		};
	}

	async #admit(url: URL): Promise<void> {
		if (url.protocol !== 'https:' && url.protocol !== 'http:')
			throw new Problem('fetch', 502, `Only http and https are fetched, not ${url.protocol.slice(0, 20)}`);
		if (url.username || url.password) throw invalid('An address with a name or a password in it is not followed.');
		const host = url.hostname;
		let known = this.#known.get(host);
		if (!known || known.until < Date.now()) {
			const { verdict, addresses } = await this.gate.admit(host);
			known = { addresses, listed: verdict === 'listed', until: Date.now() + FRESH };
			this.#known.set(host, known);
		}
		this.#inside ??= known.listed;
		if (known.listed && !this.#inside)
			throw new Problem('refused_address', 502, `The source leads from outside to ${url.host}, which lies inside.`);
		if (url.protocol === 'http:' && !known.listed && !this.gate.named(host))
			throw new Problem(
				'refused_address',
				502,
				`${url.host} is without TLS: what comes may be anybody's. If it is meant, list it in WATCHFLOOR_FETCH_ALLOW.`
			);
	}

	async *#body(raw: Bytes, coding: string | undefined, url: URL, end: Until): AsyncGenerator<Uint8Array> {
		const { size } = this.limits;
		const limit = (body: Bytes) => limited(body, size, show(url), 'WATCHFLOOR_FETCH_SIZE');
		const name = (coding ?? 'identity').trim().toLowerCase();
		try {
			if (name === 'gzip' || name === 'x-gzip') yield* limit(unzip(limit(raw)));
			else if (name === 'identity' || name === '') yield* limit(raw);
			else throw new Problem('fetch', 502, `${show(url)} comes in a coding that was not asked for.`);
		} catch (e) {
			if (this.signal.aborted && !isProblem(e)) throw this.signal.reason;
			throw explain(e, url);
		} finally {
			end.done();
		}
	}
}

/** Seconds of a `Retry-After`, which is a number or a date. */
function retryAfter(text: string | undefined): number | undefined {
	if (!text) return undefined;
	const seconds = /^\d+$/.test(text.trim()) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
	return seconds > 0 ? Math.min(Math.ceil(seconds), LONGEST) : undefined;
}

import { isIP } from 'node:net';
import { z } from 'zod';
import ms from 'ms';
import { Problem } from '$lib/core/error';

const MiB = 1024 * 1024;
/** Seconds of the longest month. */
const MONTH = 31 * 86_400;

/** A length of time as `90s`, `14d`, `5y`; parsed to whole seconds. */
const duration = z.string().transform((text, ctx) => {
	const value = /^\d+(\.\d+)?\s*[a-z]+$/i.test(text.trim()) ? ms(text.trim() as ms.StringValue) : undefined;
	if (value === undefined || !(value >= 1000)) {
		ctx.addIssue({ code: 'custom', message: 'is a length of time of a second or more, such as 90s, 72h, 14d or 5y' });
		return z.NEVER;
	}
	return Math.round(value / 1000);
});
const whole = (min: number, max: number) =>
	z.string().transform((text, ctx) => {
		const n = Number(text);
		if (!/^\d+$/.test(text.trim()) || n < min || n > max) {
			ctx.addIssue({ code: 'custom', message: `is a whole number from ${min} to ${max}` });
			return z.NEVER;
		}
		return n;
	});
const url = (protocols: string[], what: string) =>
	z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), `is ${what}`);

/** Whether a text is a host, an address, or a network in CIDR notation. */
function reachable(text: string): boolean {
	const [address, bits, ...more] = text.split('/');
	const family = isIP(address!);
	if (bits !== undefined)
		return family > 0 && !more.length && /^\d{1,3}$/.test(bits) && +bits <= (family === 4 ? 32 : 128);
	return family > 0 || /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(text);
}

type Setting = { schema: z.ZodType; fallback: string | undefined; about: string; secret?: boolean };
const setting = <T extends z.ZodType>(schema: T, fallback: string | undefined, about: string, secret = false) => ({
	schema,
	fallback,
	about,
	secret
});

/**
 * Every setting, in one table: environment variable, what it must be, its default, what it is for. `docs/settings.md`
 * is written from this table and a test compares them.
 */
export const SETTINGS = {
	PORT: setting(whole(0, 65535), '3000', 'Port to listen on; 0 takes a free one.'),
	HOST: setting(
		z.string().min(1),
		'127.0.0.1',
		'Address to listen on. Anything else than loopback belongs behind TLS.'
	),
	ORIGIN: setting(
		url(['http:', 'https:'], 'the address that browsers use, such as https://watchfloor.example'),
		undefined,
		'Public address. Without it, the address that the browser asked for counts.'
	),
	DATABASE_URL: setting(
		url(['postgres:', 'postgresql:'], 'a PostgreSQL address, such as postgres://user:password@host/database'),
		undefined,
		'PostgreSQL 15 or newer. Without it, an embedded PostgreSQL runs under the data directory.',
		true
	),
	WATCHFLOOR_DATA: setting(z.string().min(1), '.data', 'Data directory: embedded database, generated secrets.'),
	WATCHFLOOR_SECRET: setting(
		z.string().min(32, 'has 32 characters or more'),
		undefined,
		'Signs session cookies and seals the secrets of fetched sources. Without it, one is generated in the data directory. The same for all processes of one database.',
		true
	),
	WATCHFLOOR_KEEP_OBSERVATIONS: setting(
		duration,
		'400d',
		'How long observations are kept; older reports go to quarantine.'
	),
	WATCHFLOOR_KEEP_MINUTES: setting(
		duration.refine((s) => s >= 3 * 3600, 'is 3h or more: screens show the minutes of two hours'),
		'14d',
		'How long counts per minute are kept.'
	),
	WATCHFLOOR_KEEP_HOURS: setting(duration, '5y', 'How long counts per hour are kept; never shorter than observations.'),
	WATCHFLOOR_KEEP_LOG: setting(
		duration,
		'72h',
		'How long the log is kept: how long after a break a screen can resume.'
	),
	WATCHFLOOR_KEEP_USUAL: setting(
		duration.refine((s) => s >= 14 * 86_400, 'is 14d or more: nothing is judged before two weeks are known'),
		'70d',
		'How much of the past it is learned from what is usual: counts per hour and source are kept so long.'
	),
	WATCHFLOOR_ANALYSIS: setting(
		z.enum(['on', 'off']),
		'on',
		'off: this process does not judge what comes in; of those that do, one at a time does it for all.'
	),
	WATCHFLOOR_SHELVE: setting(duration, '24h', 'How long an alarm can be put aside at the most; then it rings again.'),
	WATCHFLOOR_MAX_BODY: setting(
		whole(1024, 4096 * MiB),
		String(64 * MiB),
		'Bytes of one request body, as sent; more is answered 413.'
	),
	WATCHFLOOR_MAX_DECODED: setting(
		whole(1024, 65536 * MiB),
		String(1024 * MiB),
		'Bytes of one request body after decompression; more is answered 413.'
	),
	WATCHFLOOR_MAX_RECORD: setting(
		whole(256, 64 * MiB),
		String(MiB),
		'Bytes of one record; a longer one goes to quarantine.'
	),
	WATCHFLOOR_MAX_DOCUMENT: setting(
		whole(256, 1024 * MiB),
		String(64 * MiB),
		'Bytes of one document that has to be read as a whole, such as an event of MISP or an advisory; a longer one goes to quarantine.'
	),
	WATCHFLOOR_MAX_QUEUE: setting(
		whole(MiB, 4096 * MiB),
		String(64 * MiB),
		'Bytes of records that wait for their commit, over all requests; a request that finds it full is answered 429.'
	),
	WATCHFLOOR_MAX_DELIVERIES: setting(
		whole(1, 10_000),
		'128',
		'Deliveries under way at once; one more is answered 429.'
	),
	WATCHFLOOR_MAX_CELLS: setting(
		whole(100, 10_000_000),
		'100000',
		'Cells of one answer of aggregates; more is answered 400 with the advice to narrow it.'
	),
	WATCHFLOOR_MAX_IMPORT: setting(
		whole(1024, 1024 * MiB),
		String(32 * MiB),
		'Bytes of one table of constituents; more is answered 413.'
	),
	WATCHFLOOR_MAX_IMPORT_ROWS: setting(
		whole(1, 10_000_000),
		'200000',
		'Rows of one table of constituents; a longer one is refused whole.'
	),
	WATCHFLOOR_MAX_RETURN: setting(
		whole(10, 5000),
		'1000',
		'Rows of one page of an answer; a larger limit is answered 400.'
	),
	WATCHFLOOR_MAX_EXPORT: setting(
		whole(1, 100_000_000),
		'1000000',
		'Observations of one export; a longer one is cut, the newest first, and says so.'
	),
	WATCHFLOOR_MAX_VIEWS: setting(whole(1, 100_000), '200', 'Saved views of one person; one more is answered 409.'),
	WATCHFLOOR_GEO_CITY: setting(
		z.string().min(1),
		undefined,
		'Database of cities in the MaxMind DB format (DB-IP or MaxMind), by which a report without another place gets its province; two files, of IPv4 and IPv6, with a comma between them.'
	),
	WATCHFLOOR_GEO_ASN: setting(
		z.string().min(1),
		undefined,
		'Database of autonomous systems in the MaxMind DB format, for addresses whose AS number is not stated.'
	),
	WATCHFLOOR_GEO_SHARE: setting(
		z
			.string()
			.refine((s) => Number(s) > 0 && Number(s) <= 1, 'is a share above 0, up to 1')
			.transform(Number),
		'0.05',
		"A place that holds more than this share of the country's IPv4 addresses is a carrier's own: who is there is unlocated."
	),
	WATCHFLOOR_LOOKBACK: setting(
		duration,
		'30d',
		'How far back observations are searched for an indicator that has come since.'
	),
	WATCHFLOOR_REMEDIED: setting(
		duration.refine((s) => s >= 86_400, 'is 1d or more: it is counted in whole days'),
		'7d',
		'How long abuse of a network that was told must not be seen, while all its sources deliver, to count as remedied; whole days.'
	),
	WATCHFLOOR_FETCH_ALLOW: setting(
		z
			.string()
			.refine(
				(text) => text.split(',').every((entry) => reachable(entry.trim())),
				'is a list of hosts, addresses and networks such as misp.example.pk,10.1.0.0/16, joined by commas'
			),
		undefined,
		'Hosts, addresses and networks, joined by commas, that sources may be fetched from although they lie in an inner network or have no TLS.'
	),
	WATCHFLOOR_FETCH_SIZE: setting(
		whole(1024, 65536 * MiB),
		String(256 * MiB),
		'Bytes of one fetched answer or file, after decompression; a larger one is an error of its source.'
	),
	WATCHFLOOR_FETCH_CONNECT: setting(duration, '10s', 'How long a fetch waits for a connection.'),
	WATCHFLOOR_FETCH_IDLE: setting(duration, '30s', 'How long a fetch waits for the next bytes of an answer.'),
	WATCHFLOOR_FETCH_TIME: setting(duration, '15m', 'How long one fetched answer may take from beginning to end.'),
	WATCHFLOOR_FETCH_AT_ONCE: setting(whole(1, 100), '4', 'Sources that one process fetches from at once.'),
	WATCHFLOOR_BATCH_ROWS: setting(whole(1, 100_000), '8000', 'Reports of one transaction at the most.'),
	WATCHFLOOR_POOL: setting(whole(2, 100), '8', 'Connections to PostgreSQL for reads.'),
	WATCHFLOOR_QUERY_TIMEOUT: setting(
		duration,
		'15s',
		'How long one read may take; a longer one is answered 503 with the advice to narrow it.'
	),
	WATCHFLOOR_SEARCH_TIMEOUT: setting(
		duration,
		'5s',
		'How long one search among single observations, for a text or a source, may take; a longer one is answered 503 with what makes it fast.'
	),
	WATCHFLOOR_MAX_AUDIENCES: setting(
		whole(1, 10_000),
		'256',
		'Different combinations of clearance, scope and subscription at once; one more is refused.'
	),
	WATCHFLOOR_MAX_CLIENTS: setting(whole(1, 1_000_000), '5000', 'Live connections at once; one more is refused.'),
	WATCHFLOOR_MAX_LAG: setting(
		whole(1024, 1024 * MiB),
		String(4 * MiB),
		'Bytes that may wait for one live client; beyond it, the client is skipped until it drains.'
	),
	WATCHFLOOR_REPLAY: setting(
		whole(0, 10_000_000),
		'500000',
		'Cells of the log that are held in memory for clients that resume; an older resume gets a snapshot.'
	),
	WATCHFLOOR_BOUNDARIES: setting(
		z.string().min(1),
		undefined,
		'TopoJSON file with objects `provinces` and `districts`, in place of the set that is built in.'
	),
	WATCHFLOOR_BOUNDARIES_NAME: setting(
		z.string().min(1).max(120),
		undefined,
		'What screens call the boundary set; needed with WATCHFLOOR_BOUNDARIES.'
	),
	WATCHFLOOR_TILES: setting(
		z.string().min(1),
		undefined,
		'PMTiles file with images that desk maps draw under the provinces; docs/map.md says more.'
	),
	WATCHFLOOR_INCIDENT_PREFIX: setting(
		z.string().regex(/^[A-Z]{2,8}$/, 'is two to eight capital letters'),
		'NCT',
		'First part of incident numbers.'
	),
	WATCHFLOOR_LOG_LEVEL: setting(
		z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
		'info',
		'How much is logged.'
	),
	WATCHFLOOR_EXERCISE: setting(
		z.enum(['0', '1']),
		'0',
		'1: this is an exercise. A new database is marked as one for ever; a real one is refused.'
	)
} as const satisfies Record<string, Setting>;

type Raw = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]['schema']> };
type Optional =
	| 'ORIGIN'
	| 'DATABASE_URL'
	| 'WATCHFLOOR_SECRET'
	| 'WATCHFLOOR_GEO_CITY'
	| 'WATCHFLOOR_GEO_ASN'
	| 'WATCHFLOOR_FETCH_ALLOW'
	| 'WATCHFLOOR_BOUNDARIES'
	| 'WATCHFLOOR_BOUNDARIES_NAME'
	| 'WATCHFLOOR_TILES';
/** The validated configuration: durations in seconds, sizes in bytes. */
export type Config = { [K in keyof Raw]: K extends Optional ? Raw[K] | undefined : Raw[K] };

/**
 * Reads the configuration from an environment. An empty variable counts as absent.
 * @throws Problem `configuration` with one line for each wrong value: its name and what is right, never its value.
 */
export function read(env: Record<string, string | undefined>): Config {
	const out: Record<string, unknown> = {};
	const wrong: string[] = [];
	for (const [name, { schema, fallback }] of Object.entries(SETTINGS)) {
		const text = env[name] || fallback;
		if (text === undefined) continue;
		const parsed = (schema as z.ZodType).safeParse(text);
		if (parsed.success) out[name] = parsed.data;
		else wrong.push(`${name} ${parsed.error.issues[0]?.message ?? 'is wrong'}`);
	}
	for (const name of Object.keys(env))
		if (name.startsWith('WATCHFLOOR_') && !(name in SETTINGS) && !OURS.includes(name))
			wrong.push(`${name} is not a setting; see docs/settings.md`);
	if (out.WATCHFLOOR_BOUNDARIES && !out.WATCHFLOOR_BOUNDARIES_NAME)
		wrong.push(
			'WATCHFLOOR_BOUNDARIES_NAME is needed with WATCHFLOOR_BOUNDARIES, so that screens can say which set they show'
		);
	if (wrong.length) throw new Problem('configuration', 500, wrong.join('\n'));
	const config = out as Config;
	// Observations go by the month: the oldest may be kept a month longer than is said, and its hours with it.
	return {
		...config,
		WATCHFLOOR_KEEP_HOURS: Math.max(config.WATCHFLOOR_KEEP_HOURS, config.WATCHFLOOR_KEEP_OBSERVATIONS + MONTH)
	};
}

/** Variables that share the prefix: of the test runner, and the secret that `source add` and `source set` take. */
const OURS = ['WATCHFLOOR_BROWSER', 'WATCHFLOOR_TEST_DATABASE', 'WATCHFLOOR_FETCH_SECRET'];

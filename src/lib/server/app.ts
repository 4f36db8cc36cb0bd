import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isProblem } from '$lib/core/error';
import * as access from './access';
import { Alarms } from './analysis/alarms';
import { campaigns } from './analysis/campaigns';
import { Engine, type Work } from './analysis/engine';
import * as outbound from './analysis/outbound';
import { posture } from './analysis/posture';
import { Thread } from './analysis/thread';
import * as secret from './access/secret';
import * as fetching from './fetch';
import * as geo from './ingest/geo';
import { Ingest } from './ingest/ingest';
import { Lookback } from './ingest/lookback';
import { Live } from './live/live';
import * as boundary from './ops/boundary';
import * as tiles from './ops/tiles';
import * as config from './ops/config';
import * as log from './ops/log';
import * as metrics from './ops/metrics';
import { connect, type Client } from './store/client';
import * as embedded from './store/embedded';
import { Facets } from './store/facet';
import * as migrate from './store/migrate';
import * as reference from './store/reference';
import { Retention } from './store/retention';

export type App = {
	config: config.Config;
	log: log.Log;
	metrics: metrics.Metrics;
	client: Client;
	reference: reference.Reference;
	mode: migrate.Mode;
	access: access.Access;
	live: Live;
	ingest: Ingest;
	boundary(): boundary.Boundary;
	/** what desk maps draw under the provinces; null: nothing */
	tiles: tiles.Tiles | null;
	/** whether it can serve: the database answers and the picture moves */
	ready(): Promise<boolean>;
	/** Finishes commits, ends sockets, connections and the embedded database, in this order. */
	close(): Promise<void>;
};
/** What the command line needs: the database, without listening or following anything. */
export type Base = Pick<App, 'config' | 'log' | 'client' | 'mode'> & { close(): Promise<void> };

/**
 * Opens the database of a configuration, embedded or not, at the present schema.
 * @param mode what it must be; undefined takes it as it is, and a new one is real
 */
export async function open(env: NodeJS.ProcessEnv, mode?: migrate.Mode): Promise<Base> {
	const settings = config.read(env);
	const logger = log.open(settings.WATCHFLOOR_LOG_LEVEL);
	const own = settings.DATABASE_URL
		? undefined
		: await embedded.open(settings.WATCHFLOOR_DATA, (line) => logger.info({ part: 'postgres' }, line));
	const client = connect(
		settings.DATABASE_URL ?? own!.url,
		settings.WATCHFLOOR_POOL,
		settings.WATCHFLOOR_QUERY_TIMEOUT
	);
	const close = async () => {
		await client.close();
		await own?.close();
	};
	try {
		return { config: settings, log: logger, client, mode: await migrate.run(client, mode), close };
	} catch (e) {
		await close();
		throw e;
	}
}

/** The composition root: everything of one serving process, made once and handed its parts. */
export async function compose(env: NodeJS.ProcessEnv): Promise<App> {
	const base = await open(env, env.WATCHFLOOR_EXERCISE === '1' ? 'exercise' : 'real');
	try {
		const { client, config: settings, log: logger } = base;
		const gauges = metrics.open();
		const words = await reference.load(client.db);
		const bounds = boundary.load(
			settings,
			words.provinces.map((p) => p.code)
		);
		const under = await tiles.open(settings);
		const facets = new Facets(client.sql);
		const door = await access.open({ client, config: settings, log: logger });
		const ingest = new Ingest(
			client,
			words,
			facets,
			settings,
			logger,
			gauges,
			base.mode,
			await located(settings, words)
		);
		const live = new Live(client.sql, facets, door, words, settings, logger, gauges);
		await live.start();
		const lookback = new Lookback(client, { back: settings.WATCHFLOOR_LOOKBACK }, logger);
		await lookback.start();
		const retention = new Retention(client.sql, settings, logger);
		retention.start();
		const engine = beside(
			{
				client,
				facets,
				reference: words,
				settings: { keep: settings.WATCHFLOOR_KEEP_USUAL, exercise: base.mode === 'exercise' },
				log: logger,
				metrics: gauges
			},
			settings
		);
		if (settings.WATCHFLOOR_ANALYSIS === 'on') engine.start();
		const rounds = new fetching.Rounds(ground(base, ingest), settings.WATCHFLOOR_FETCH_AT_ONCE);
		// What comes from outside is real, and an exercise must not have any of it.
		if (base.mode === 'real') rounds.start();
		return {
			...base,
			metrics: gauges,
			reference: words,
			access: door,
			live,
			ingest,
			boundary: () => bounds,
			tiles: under,
			ready: () =>
				client.sql`select 1`.then(
					() => live.age < 5,
					() => false
				),
			close: async () => {
				retention.stop();
				await rounds.close();
				await lookback.close();
				await engine.close();
				await ingest.close();
				await live.close();
				await door.close();
				await under?.close();
				await base.close();
			}
		};
	} catch (e) {
		await base.close();
		throw e;
	}
}

/** What judges, with the steps that stand on each judgement, in their order. */
export const judging = (work: Work): Engine => new Engine(work, [campaigns(), new Alarms(), outbound.step(), posture]);

/** It in a thread of its own where the product was built; in this one, where it runs from its sources. */
function beside(work: Work, { WATCHFLOOR_QUERY_TIMEOUT: timeout, WATCHFLOOR_LOG_LEVEL: level }: config.Config) {
	const file = join(dirname(process.argv[1] ?? ''), 'engine.js');
	if (!existsSync(file)) return judging(work);
	const { client, settings, metrics, log } = work;
	return new Thread(pathToFileURL(file), { url: client.url, timeout, level, settings }, metrics, log);
}

/** The key that signs sessions, and that secrets of sources are sealed with. */
export const key = (settings: config.Config): string =>
	secret.load(settings.WATCHFLOOR_DATA, settings.WATCHFLOOR_SECRET);

/** What fetching stands on. */
export const ground = ({ client, config: settings, log: logger }: Base, ingest: Ingest) =>
	fetching.ground(client, ingest, settings, key(settings), logger);

/** The geographic databases of a configuration, if it names any. */
export const located = (settings: config.Config, words: reference.Reference): Promise<geo.Geo> =>
	settings.WATCHFLOOR_GEO_CITY || settings.WATCHFLOOR_GEO_ASN
		? geo.open(
				{
					city: settings.WATCHFLOOR_GEO_CITY,
					asn: settings.WATCHFLOOR_GEO_ASN,
					share: settings.WATCHFLOOR_GEO_SHARE,
					data: settings.WATCHFLOOR_DATA
				},
				words
			)
		: Promise.resolve(geo.NOWHERE);

/** One line for a person on why the start failed; the whole error only when it is none of ours. */
export const reason = (e: unknown): string =>
	isProblem(e) ? e.message : e instanceof Error ? (e.stack ?? e.message) : String(e);

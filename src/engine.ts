import { parentPort, workerData } from 'node:worker_threads';
import { told, type Given } from '$lib/server/analysis/thread';
import { judging } from '$lib/server/app';
import * as log from '$lib/server/ops/log';
import { connect } from '$lib/server/store/client';
import { Facets } from '$lib/server/store/facet';
import * as reference from '$lib/server/store/reference';

/** The thread that judges, as `analysis/thread.ts` starts it, until it is told to end. */

const port = parentPort!;
const { url, timeout, level, settings } = workerData as Given;
const logger = log.open(level);
process.on('unhandledRejection', (e) => logger.error({ err: e }, 'a promise failed and nobody was waiting'));

const client = connect(url, 4, timeout);
const ended = new Promise((done) => port.once('message', done));
const engine = judging({
	client,
	facets: new Facets(client.sql),
	reference: await reference.load(client.db),
	settings,
	log: logger,
	metrics: told((measured) => port.postMessage(measured))
});
engine.start();
await ended;
await engine.close();
await client.close();
port.close();

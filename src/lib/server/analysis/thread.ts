import { Worker } from 'node:worker_threads';
import type { Log } from '../ops/log';
import type { Gauges, Settings } from './engine';

/** What the thread is given: it opens connections of its own. */
export type Given = { url: string; /** seconds */ timeout: number; level: string; settings: Settings };
/** A measurement: of which metric, by which verb, with what. */
export type Measured = [name: keyof Gauges, verb: string, args: unknown[]];

/** Milliseconds before a thread that has ended is started again, and in which it must have ended when it is told to. */
const AGAIN = 10_000;
const PATIENCE = 20_000;

/**
 * The engine in a thread of its own: to judge all series, and to learn what is usual, may take seconds, in which screens
 * are to have their frames. It shares nothing with the server but the database; it measures for the server's metrics.
 */
export class Thread {
	#worker: Worker | undefined;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	/** @param file what the thread runs */
	constructor(
		readonly file: URL,
		readonly given: Given,
		readonly metrics: Gauges,
		readonly log: Log,
		readonly again = AGAIN
	) {}

	start(): void {
		const worker = new Worker(this.file, { workerData: this.given });
		this.#worker = worker;
		worker.on('message', ([name, verb, args]: Measured) => {
			const metric = this.metrics[name] as unknown as Record<string, (...args: unknown[]) => void>;
			metric[verb]!(...args);
		});
		worker.on('error', (e) => this.log.error({ err: e }, 'the thread that judges has failed'));
		worker.on('exit', () => {
			if (this.#closed) return;
			this.log.warn('the thread that judges has ended; it is started again');
			this.#timer = setTimeout(() => this.start(), this.again);
		});
	}

	/** Ends it when it has finished what it is at. */
	async close(): Promise<void> {
		this.#closed = true;
		clearTimeout(this.#timer);
		const worker = this.#worker;
		if (!worker || worker.threadId < 0) return;
		const ended = new Promise((done) => worker.once('exit', done));
		worker.postMessage('close');
		const late = setTimeout(() => void worker.terminate(), PATIENCE);
		await ended;
		clearTimeout(late);
	}
}

/** Metrics that are measured elsewhere: each call is handed on. */
export const told = (say: (measured: Measured) => void): Gauges =>
	new Proxy({} as Gauges, {
		get: (_, name: keyof Gauges) =>
			new Proxy(
				{},
				{
					get:
						(_, verb: string) =>
						(...args: unknown[]) =>
							say([name, verb, args])
				}
			)
	});

import {
	MessageChannel,
	receiveMessageOnPort,
	Worker,
	type MessagePort,
	type ResourceLimits
} from 'node:worker_threads';

/** What is wrong with a document: the test that it fails (`csaf_2_0` is the schema), where, and how many other findings there are. */
export type Finding = { test: string; path: string; message: string; more: number };
/** `good`; what is wrong; or that the tests were stopped, because they took too long or too much memory. */
export type Verdict = 'good' | 'exhausted' | Finding;

/**
 * What runs in the thread: the schema and then, for a document that has its shape, the mandatory tests of CSAF 2.0. The
 * strict schema is not asked: properties that CSAF does not know fail an optional test (6.2.20) only.
 */
const SCRIPT = `
	const { workerData } = require('node:worker_threads');
	const load = require('node:module').createRequire(workerData.from);
	const lib = '@secvisogram/csaf-validator-lib/';
	const { port, signal } = workerData;
	const answer = (message) => {
		port.postMessage(message);
		Atomics.store(signal, 0, 1);
		Atomics.notify(signal, 0);
	};
	const { csaf_2_0 } = load(lib + 'schemaTests.js');
	const { csaf_2_0_strict, ...mandatory } = load(lib + 'basic.js');
	const findings = (name, test, doc) => {
		try {
			const { isValid, errors = [] } = test(doc);
			if (isValid) return [];
			return errors.length ? errors.map((e) => ({ test: name, path: e.instancePath ?? '', message: e.message })) : [{ test: name, path: '', message: 'the test fails' }];
		} catch (e) {
			return [{ test: name, path: '', message: 'the test cannot be run: ' + (e?.message ?? e) }];
		}
	};
	port.on('message', (text) => {
		const doc = JSON.parse(text);
		const found = findings('csaf_2_0', csaf_2_0, doc);
		if (!found.length) for (const [name, test] of Object.entries(mandatory)) found.push(...findings(name, test, doc));
		answer(found.length ? { ...found[0], more: found.length - 1 } : 'good');
	});
	answer('ready');
`;

/** A compiled schema and a parsed document need this much; more is somebody's trick. */
const MEMORY = { maxOldGenerationSizeMb: 1024 };
/** Milliseconds that the tests may take to be loaded. */
const LOADING = 20_000;

/**
 * A thread that runs the tests of a maintained validator. Some of them take time that grows with the square of the
 * document, one of them (6.1.3) with two to the power of it; beside the main thread they hold up nobody, and they can
 * be stopped. It answers one text at a time.
 */
export class Thread {
	readonly #worker: Worker;
	readonly #port: MessagePort;
	readonly #signal = new Int32Array(new SharedArrayBuffer(4));
	#loaded = false;
	/** whether it has ended, by itself or stopped */
	over = false;

	constructor(resourceLimits: ResourceLimits = MEMORY) {
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		this.#worker = new Worker(SCRIPT, {
			eval: true,
			execArgv: [],
			resourceLimits,
			workerData: { from: import.meta.url, port: port2, signal: this.#signal },
			transferList: [port2]
		});
		this.#worker.on('exit', () => (this.over = true));
		// Who waits for the answer hears of it; otherwise the next one makes a new thread.
		this.#worker.on('error', () => (this.over = true));
		this.#worker.unref();
		this.#port.unref();
	}

	/** @throws Error when the tests cannot be loaded */
	async ask(text: string, patience: number): Promise<Verdict> {
		if (!this.#loaded) {
			const ready = await this.#next(undefined, LOADING);
			if (ready === 'exhausted') throw new Error('the tests of CSAF documents cannot be loaded in time');
			this.#loaded = true;
		}
		return this.#next(text, patience);
	}

	/** The same, while everything waits. */
	askNow(text: string, patience: number): Verdict {
		if (!this.#loaded && !this.#wait(LOADING)) throw new Error('the tests of CSAF documents cannot be loaded in time');
		this.#loaded = true;
		Atomics.store(this.#signal, 0, 0);
		this.#port.postMessage(text);
		const answer = this.#wait(patience);
		if (!answer) this.stop();
		return answer ?? 'exhausted';
	}

	stop(): void {
		this.over = true;
		void this.#worker.terminate();
		this.#port.close();
	}

	#wait(patience: number): Verdict | undefined {
		Atomics.wait(this.#signal, 0, 0, patience);
		return (receiveMessageOnPort(this.#port) as { message: Verdict } | undefined)?.message;
	}

	/** The next answer. */
	#next(text: string | undefined, patience: number): Promise<Verdict> {
		return new Promise<Verdict>((resolve, reject) => {
			const end = () => {
				clearTimeout(timer);
				this.#port.off('message', heard).unref();
				this.#worker.off('error', failed).off('exit', exhausted);
			};
			const heard = (answer: Verdict) => {
				end();
				resolve(answer);
			};
			const exhausted = () => {
				end();
				this.stop();
				resolve('exhausted');
			};
			const failed = (e: Error & { code?: string }) => {
				if (e.code === 'ERR_WORKER_OUT_OF_MEMORY') return exhausted();
				end();
				reject(e);
			};
			const timer = setTimeout(exhausted, patience);
			this.#port.on('message', heard).ref();
			this.#worker.on('error', failed).on('exit', exhausted);
			if (text !== undefined) this.#port.postMessage(text);
		});
	}
}

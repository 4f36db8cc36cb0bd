import { fork, type ChildProcess } from 'node:child_process';

/**
 * A part of the bench in a process of its own, so that what makes the load is not what is measured. The child is this
 * same program with `worker NAME`; each request gets one answer.
 */
export type Worker<V extends Verbs> = {
	pid: number;
	ask<K extends keyof V & string>(verb: K, ...args: Parameters<V[K]>): Promise<Awaited<ReturnType<V[K]>>>;
	close(): Promise<void>;
};
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- verbs have arguments of their own
export type Verbs = Record<string, (...args: any[]) => unknown>;

type Request = { id: number; verb: string; args: unknown[] };
type Answer = { id: number; value?: unknown; error?: string };

export function open<V extends Verbs>(name: string, flags: string[] = []): Worker<V> {
	const child: ChildProcess = fork(process.argv[1]!, ['worker', name], {
		serialization: 'advanced',
		execArgv: flags,
		stdio: ['ignore', 'ignore', 'inherit', 'ipc']
	});
	const waiting = new Map<number, { done: (value: never) => void; failed: (e: Error) => void }>();
	let last = 0;
	let gone: Error | undefined;
	child.on('message', ({ id, value, error }: Answer) => {
		const asked = waiting.get(id);
		waiting.delete(id);
		if (error === undefined) asked?.done(value as never);
		else asked?.failed(new Error(`${name}: ${error}`));
	});
	const exit = new Promise<void>((done) =>
		child.once('exit', (code, signal) => {
			gone = new Error(`The ${name} process ended (${signal ?? code}).`);
			for (const { failed } of waiting.values()) failed(gone);
			done();
		})
	);
	return {
		pid: child.pid!,
		ask: (verb, ...args) =>
			new Promise((done, failed) => {
				if (gone) return failed(gone);
				waiting.set(++last, { done, failed });
				child.send({ id: last, verb, args } satisfies Request);
			}),
		close: async () => {
			if (!gone) child.kill();
			await exit;
		}
	};
}

/** The child's side. */
export function serve(verbs: Verbs): void {
	process.on('disconnect', () => process.exit(0));
	process.on('message', ({ id, verb, args }: Request) => {
		void (async () => {
			const answer: Answer = { id };
			try {
				answer.value = await verbs[verb]!(...args);
			} catch (e) {
				answer.error = e instanceof Error ? (e.stack ?? e.message) : String(e);
			}
			process.send!(answer);
		})();
	});
}

/** A moment by which something is over; `done` says that nobody waits for it any more. */
export type Until = { signal: AbortSignal; done(): void };

/** What `work` comes to, unless `signal` ends first: for work that cannot be told to stop, such as the look-up of a name. */
export function cut<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const stop = () => reject(signal.reason as Error);
		if (signal.aborted) stop();
		else signal.addEventListener('abort', stop, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
	});
}

/**
 * Ends with `signal`, or after a time with a `TimeoutError`. Not `AbortSignal.any` and `AbortSignal.timeout`: once
 * garbage has been collected, their timer may be gone with it, and what drips goes on for ever.
 */
export function until(signal: AbortSignal, seconds: number): Until {
	const end = new AbortController();
	const stop = () => end.abort(signal.reason);
	const timer = setTimeout(() => end.abort(new DOMException('too long', 'TimeoutError')), seconds * 1000);
	if (signal.aborted) stop();
	else signal.addEventListener('abort', stop, { once: true });
	return {
		signal: end.signal,
		done: () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', stop);
		}
	};
}
